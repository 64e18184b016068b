package dev.halfopen.report;

import java.util.Optional;

/**
 * Successes per second once every port has been in TIME_WAIT: those between the first return of
 * ports after the first failure and one cycle later. The mean over the whole run is not that rate:
 * it counts the initial stock of ports, which is used once at the full rate.
 */
final class SustainedRate {
  /** No success for so long means that the ports were used up. */
  private static final long QUIET_NS = 200_000_000L;

  private SustainedRate() {}

  /** The rate, or empty where the run ended before. */
  static Optional<Double> measure(LoadResult load, TimeWaitLife life) {
    SuccessCurve curve = load.curve();
    int cycle = (int) (life.cycleNs() / curve.intervalNs());
    int first = firstReturn(load);
    if (first < 0 || first + cycle > curve.length()) {
      return Optional.empty();
    }
    // Start a little early: the same burst one cycle later must stay outside whatever its arrivals.
    int early = Math.max(0, first - (int) (QUIET_NS / 2 / curve.intervalNs()));
    return Optional.of(curve.sum(early, cycle) / life.cycleSeconds());
  }

  /** When ports first came back, ns; -1 if they never did. */
  static long firstReturnNs(LoadResult load) {
    int first = firstReturn(load);
    return first < 0 ? -1 : first * load.curve().intervalNs();
  }

  private static int firstReturn(LoadResult load) {
    if (load.firstFailureNs() < 0) {
      return -1;
    }
    int quiet = (int) (QUIET_NS / load.curve().intervalNs());
    return load.curve().firstReturn(load.firstFailureNs(), quiet);
  }
}
