package dev.halfopen.report;

import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.Sysctl;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How near a resource came to its limit.
 *
 * @param limitFrom the sysctl or key that sets the limit
 */
public record ResourceUse(
    String resource,
    String host,
    String detail,
    long peak,
    long limit,
    long atNs,
    String limitFrom) {
  public double share() {
    return limit == 0 ? 0 : (double) peak / limit;
  }

  /** All resources of a run, the tightest first. */
  static List<ResourceUse> of(RunResult result) {
    List<ResourceUse> all = new ArrayList<>(result.appResources());
    for (PortUse port : result.ports()) {
      all.add(
          new ResourceUse(
              "ephemeral ports",
              port.host(),
              "-> " + port.destination(),
              port.peak(),
              port.limit(),
              port.peakAtNs(),
              "net.ipv4.ip_local_port_range"));
    }
    result.facilities().limits().forEach(limit -> all.add(limit.use()));
    for (HostResult host : result.hosts()) {
      if (!host.spec().isFarm()) {
        all.add(
            new ResourceUse(
                "TIME_WAIT sockets",
                host.name(),
                "",
                host.peak(SocketGauges.TIME_WAIT),
                host.spec().sysctls().get(Sysctl.TCP_MAX_TW_BUCKETS),
                host.peakAt(SocketGauges.TIME_WAIT),
                Sysctl.TCP_MAX_TW_BUCKETS.key()));
        all.add(
            new ResourceUse(
                "orphaned sockets",
                host.name(),
                "",
                host.peak(SocketGauges.ORPHANED),
                host.spec().sysctls().get(Sysctl.TCP_MAX_ORPHANS),
                host.peakAt(SocketGauges.ORPHANED),
                Sysctl.TCP_MAX_ORPHANS.key()));
      }
    }
    all.sort(Comparator.comparingDouble(ResourceUse::share).reversed());
    return all;
  }
}
