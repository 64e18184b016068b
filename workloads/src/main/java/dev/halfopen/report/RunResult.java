package dev.halfopen.report;

import dev.halfopen.scenario.Scenario;
import java.util.List;
import java.util.Optional;

/**
 * All that a run has measured, as values: what reports are made of.
 *
 * @param endReason what the limit was, "" otherwise
 * @param endNs virtual time reached
 * @param digest of the run
 * @param closes who closed upstream connections first
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
    Closes closes,
    TimeTable timeTable,
    Machine machine) {
  public RunResult {
    hosts = List.copyOf(hosts);
    loads = List.copyOf(loads);
    ports = List.copyOf(ports);
    latencies = List.copyOf(latencies);
  }

  public boolean isPartial() {
    return ending != Ending.COMPLETE;
  }

  public Optional<HostResult> host(String name) {
    return hosts.stream().filter(h -> h.name().equals(name)).findFirst();
  }

  /** All loads taken together. */
  public LoadResult total() {
    return LoadResult.total(loads);
  }

  /** What was simulated. */
  public record Work(long events, long packets, long connections, long syns) {}

  /** Upstream connections by who sent the first FIN. */
  public record Closes(long byProxy, long byUpstream, long upstreamConnections) {}

  /**
   * What differs between two runs of one scenario and seed.
   *
   * @param cpuNs of the simulation thread, after the world was built
   * @param bytesPerEstablished as the tables were laid out in this run; 0 where there were none
   */
  public record Machine(
      String version,
      String java,
      int threads,
      long wallNs,
      long cpuNs,
      double bytesPerEstablished,
      double bytesPerTimeWait,
      double bytesPerSynRecv) {}
}
