package dev.halfopen.report;

import dev.halfopen.scenario.HostSpec;
import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.Sysctl;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How near a resource came to its limit.
 *
 * @param limitFrom the sysctl or key that sets the limit
 * @param series the column of timeseries.csv that shows it, of the host or of its whole group
 */
public record ResourceUse(
    String resource,
    String host,
    String detail,
    long peak,
    long limit,
    long atNs,
    String limitFrom,
    String series) {
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
              "net.ipv4.ip_local_port_range",
              portsColumn(port, result)));
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
                Sysctl.TCP_MAX_TW_BUCKETS.key(),
                Recorder.column(host.spec().group(), SocketGauges.TIME_WAIT)));
        all.add(
            new ResourceUse(
                "orphaned sockets",
                host.name(),
                "",
                host.peak(SocketGauges.ORPHANED),
                host.spec().sysctls().get(Sysctl.TCP_MAX_ORPHANS),
                host.peakAt(SocketGauges.ORPHANED),
                Sysctl.TCP_MAX_ORPHANS.key(),
                Recorder.column(host.spec().group(), SocketGauges.ORPHANED)));
      }
    }
    all.sort(Comparator.comparingDouble(ResourceUse::share).reversed());
    return all;
  }

  private static String portsColumn(PortUse port, RunResult result) {
    String group =
        result.scenario().world().host(port.peer()).map(HostSpec::group).orElse(port.peer());
    return ReverseProxyReport.column(port.host(), group, port.peerPort());
  }
}
