package dev.halfopen.gate;

import java.util.List;

/** Judges pairs of measurements of one load. */
enum Verdict {
  /** The median loss is at most a tenth, or the interval holds 0 after as many pairs as allowed. */
  PASS,
  /** Slower by more than a tenth, and the interval excludes 0. */
  FAIL,
  /** More pairs are needed. */
  UNDECIDED;

  static final int PAIRS_MIN = 7;
  static final int PAIRS_MAX = 20;

  /** A median speed below this share of the base's is a loss. */
  private static final double SPEED_MIN = 0.9;

  static Verdict of(List<Double> logRatios) {
    if (logRatios.size() < PAIRS_MIN) {
      return UNDECIDED;
    }
    Interval interval = Interval.of(logRatios.stream().mapToDouble(Double::doubleValue).toArray());
    boolean loses = interval.speedRatio() < SPEED_MIN;
    if (loses && interval.excludesZero()) {
      return FAIL;
    }
    boolean mayLose = Math.exp(-interval.high()) < SPEED_MIN;
    if ((loses || mayLose) && logRatios.size() < PAIRS_MAX) {
      return UNDECIDED;
    }
    return PASS;
  }
}
