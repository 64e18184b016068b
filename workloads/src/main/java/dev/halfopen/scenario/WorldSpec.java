package dev.halfopen.scenario;

import java.util.List;
import java.util.Optional;

/**
 * A scenario after all checks, as values: what a world is built from.
 *
 * @param name of the workload, or of the file without ".yaml"
 * @param hosts each machine or farm, groups expanded
 */
public record WorldSpec(
    String name,
    String question,
    long durationNs,
    long seed,
    List<HostSpec> hosts,
    List<LinkSpec> links,
    List<LoadSpec> loads,
    List<FloodSpec> floods) {
  public WorldSpec {
    floods = List.copyOf(floods);
    hosts = List.copyOf(hosts);
    links = List.copyOf(links);
    loads = List.copyOf(loads);
  }

  /** The host of this name. */
  public Optional<HostSpec> host(String hostName) {
    return hosts.stream().filter(h -> h.name().equals(hostName)).findFirst();
  }

  /** The hosts that a name stands for: a group's members, or the host itself. */
  public List<HostSpec> group(String groupName) {
    return hosts.stream().filter(h -> h.group().equals(groupName)).toList();
  }

  /** The round-trip time between two groups; 0 if they are not linked. */
  public long rttNs(String groupA, String groupB) {
    return link(groupA, groupB).map(LinkSpec::rttNs).orElse(0L);
  }

  /** The link between two groups. */
  public Optional<LinkSpec> link(String groupA, String groupB) {
    for (LinkSpec link : links) {
      boolean same = link.a().equals(groupA) && link.b().equals(groupB);
      boolean reversed = link.a().equals(groupB) && link.b().equals(groupA);
      if (same || reversed) {
        return Optional.of(link);
      }
    }
    return Optional.empty();
  }
}
