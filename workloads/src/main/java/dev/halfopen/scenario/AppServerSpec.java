package dev.halfopen.scenario;

import java.util.List;

/**
 * A server whose requests compute and query databases.
 *
 * @param idleTimeoutNs closes a client's connection that idles this long; 0: never
 * @param requestsPerConnection closes after these; 0: no limit
 * @param tcpKeepalive SO_KEEPALIVE on what it accepts
 */
public record AppServerSpec(
    int port,
    int backlog,
    LimitsSpec limits,
    long idleTimeoutNs,
    int requestsPerConnection,
    boolean tcpKeepalive,
    List<Step> steps)
    implements AppSpec {
  public AppServerSpec {
    steps = List.copyOf(steps);
  }

  /**
   * One thing that a request does.
   *
   * @param pool the application's name of the pool that is queried, "" for computing
   * @param times queries on one connection
   */
  public record Step(TimeSpec cpu, String pool, int times, boolean write) {}

  @Override
  public boolean isRandom() {
    return steps.stream().anyMatch(step -> step.cpu().isRandom());
  }

  /** Pools in the order in which they are named first. */
  public List<String> pools() {
    return steps.stream().map(Step::pool).filter(p -> !p.isEmpty()).distinct().toList();
  }
}
