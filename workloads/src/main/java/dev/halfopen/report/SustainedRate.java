package dev.halfopen.report;

import java.util.Optional;

/**
 * Successes per second once every port has been in TIME_WAIT: those between the first return of
 * ports after the first failure and one cycle later. The mean over the whole run is not that rate:
 * it counts the initial stock of ports, which is used once at the full rate.
 */
final class SustainedRate {
  /** The window opens a little early, so that the same burst one cycle later stays outside. */
  private static final long EARLY_NS = 100_000_000L;

  private SustainedRate() {}

  /** The rate, or empty where the run ended before. */
  static Optional<Double> measure(LoadResult load, TimeWaitLife life) {
    SuccessCurve curve = load.curve();
    int cycle = (int) (life.cycleNs() / curve.intervalNs());
    int from = (int) (Math.max(0, load.firstReturnNs() - EARLY_NS) / curve.intervalNs());
    if (load.firstReturnNs() < 0 || from + cycle > curve.length()) {
      return Optional.empty();
    }
    return Optional.of(curve.sum(from, cycle) / life.cycleSeconds());
  }
}
