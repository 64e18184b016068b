package dev.halfopen.report;

import dev.halfopen.scenario.Scenario;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a run has measured, as values: what reports are made of.
 *
 * @param endReason what the limit was, "" otherwise
 * @param endNs virtual time reached
 * @param digest of the run
 * @param apps figures of each application by "host/application"
 * @param appResources limited resources of the applications
 */
public record RunResult(
    Scenario scenario,
    Ending ending,
    String endReason,
    long endNs,
    long digest,
    Work work,
    List<HostResult> hosts,
    List<LoadResult> loads,
    List<PortUse> ports,
    List<LatencyResult> latencies,
    List<ProxyFigures> proxies,
    Map<String, Map<String, Long>> apps,
    List<ResourceUse> appResources,
    Facilities facilities,
    TimeTable timeTable,
    Machine machine) {
  public RunResult {
    hosts = List.copyOf(hosts);
    loads = List.copyOf(loads);
    ports = List.copyOf(ports);
    latencies = List.copyOf(latencies);
    proxies = List.copyOf(proxies);
    appResources = List.copyOf(appResources);
  }

  public boolean isPartial() {
    return ending != Ending.COMPLETE;
  }

  public Optional<HostResult> host(String name) {
    return hosts.stream().filter(h -> h.name().equals(name)).findFirst();
  }

  /**
   * The host on which a counter of {@link dev.halfopen.tcp.Mib} went highest; none if all are 0.
   */
  Optional<HostResult> hostWithMost(int mibIndex) {
    HostResult most = null;
    for (HostResult host : hosts) {
      long here = host.counter(mibIndex);
      if (here > 0 && (most == null || here > most.counter(mibIndex))) {
        most = host;
      }
    }
    return Optional.ofNullable(most);
  }

  /** The times of all loads together: "request", "connect" or "timeToFailure". */
  Optional<LatencyResult> latency(String metric) {
    return latencies.stream().filter(l -> l.name().equals(metric)).findFirst();
  }

  /** All loads taken together. */
  public LoadResult total() {
    return LoadResult.total(loads);
  }

  /** What was simulated. */
  public record Work(long events, long packets, long connections, long syns) {}

  /**
   * What a reverse proxy did towards its upstreams.
   *
   * @param opened upstream connections begun
   * @param reused requests on a kept connection
   * @param retries further tries of requests of which a try had failed
   * @param noLiveUpstreams requests for which every upstream was taken out
   * @param closedByProxy upstream connections on which the proxy sent the first FIN
   * @param closedByUpstream those on which the upstream did
   * @param closedByError those that ended otherwise
   */
  public record ProxyFigures(
      String host,
      long opened,
      long reused,
      long retries,
      long noLiveUpstreams,
      long closedByProxy,
      long closedByUpstream,
      long closedByError) {}

  /**
   * What differs between two runs of one scenario and seed.
   *
   * @param cpuNs of the threads that simulate, after the world was built
   */
  public record Machine(
      String version, String java, ThreadUse threads, long wallNs, long cpuNs, MemoryBill memory) {}
}
