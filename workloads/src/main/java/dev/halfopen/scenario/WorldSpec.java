package dev.halfopen.scenario;

import java.util.List;
import java.util.Optional;

/**
 * A scenario after all checks, as values: what a world is built from.
 *
 * @param name of the workload, or of the file without ".yaml"
 * @param hosts each machine or farm, groups expanded
 * @param loads of every kind
 * @param breakdownNs when connection states are noted; empty: when the first host goes away
 */
public record WorldSpec(
    String name,
    String question,
    long durationNs,
    long seed,
    List<HostSpec> hosts,
    List<NameSpec> names,
    List<LinkSpec> links,
    List<LoadSpec> loads,
    List<FaultSpec> faults,
    Optional<Long> breakdownNs,
    Goals goals) {
  public WorldSpec {
    hosts = List.copyOf(hosts);
    names = List.copyOf(names);
    links = List.copyOf(links);
    loads = List.copyOf(loads);
    faults = List.copyOf(faults);
  }

  /** The host of this name. */
  public Optional<HostSpec> host(String hostName) {
    return hosts.stream().filter(h -> h.name().equals(hostName)).findFirst();
  }

  /** The hosts that a name stands for: a group's members, or the host itself. */
  public List<HostSpec> group(String groupName) {
    return hosts.stream()
        .filter(h -> h.group().equals(groupName) || h.name().equals(groupName))
        .toList();
  }

  /** Whether two names, each of a host or a group, have a host in common. */
  public boolean overlap(String one, String other) {
    return group(one).stream().anyMatch(h -> h.name().equals(other) || h.group().equals(other));
  }

  /** What a resolver knows of a name; empty where it is none of a resolver's. */
  public Optional<NameSpec> named(String dnsName) {
    return names.stream().filter(n -> n.name().equals(dnsName)).findFirst();
  }

  /** The host or group that somebody reaches who asks for it by its own or by a resolver's name. */
  public String target(String to) {
    return named(to).map(NameSpec::host).orElse(to);
  }

  /**
   * Whether the scenario leaves anything to chance: arrivals, sizes, times, choices, the network.
   * What a kernel or a program draws by itself (ports, phases of clocks, ends of pooled
   * connections) differs between two seeds, too, and is not meant.
   */
  public boolean isRandom() {
    return loads.stream().anyMatch(LoadSpec::isRandom)
        || links.stream().anyMatch(LinkSpec::isRandom)
        || faults.stream().anyMatch(FaultSpec::isRandom)
        || hosts.stream().flatMap(h -> h.apps().stream()).anyMatch(app -> app.spec().isRandom());
  }

  /** The loads of one kind. */
  public <S extends LoadSpec> List<S> loads(Class<S> type) {
    return loads.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The streams of requests. */
  public List<RequestLoad> requestLoads() {
    return loads(RequestLoad.class);
  }

  /** The link between two groups. */
  public Optional<LinkSpec> link(String groupA, String groupB) {
    return links.stream().filter(l -> l.joins(groupA, groupB)).findFirst();
  }

  /** The round-trip time between two groups; 0 if they are not linked. */
  public long rttNs(String groupA, String groupB) {
    return link(groupA, groupB).map(LinkSpec::rttNs).orElse(0L);
  }
}
