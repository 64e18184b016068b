package dev.halfopen.oracle;

import org.jspecify.annotations.Nullable;

/** What the simulator gave for one quantity, and by which rule it is compared. */
final class Reading {
  private enum Rule {
    EXACT,
    TIME,
    SHARE,
    NOT_EXPRESSED
  }

  /** Beside the granule of its coarsest timer a time may be off by this. */
  private static final double TIME_SLACK_S = 0.010;

  /** What polling saw may have happened up to this much earlier. */
  private static final double POLLED_S = 0.4;

  /** Rates that include the pace of the measuring machine. */
  private static final double RATE_SHARE = 0.02;

  private final Rule rule;
  private final double granuleS;
  private final boolean polled;
  private final @Nullable String reason;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  private Reading(Rule rule, double granuleS, boolean polled, @Nullable String reason) {
    this.rule = rule;
    this.granuleS = granuleS;
    this.polled = polled;
    this.reason = reason;
  }

  static Reading count() {
    return new Reading(Rule.EXACT, 0, false, null);
  }

  /** A time whose coarsest timer has this nominal length. */
  static Reading time(double longestTimerS, boolean polled) {
    return new Reading(Rule.TIME, Conditions.granuleS(longestTimerS), polled, null);
  }

  static Reading rate() {
    return new Reading(Rule.SHARE, 0, false, null);
  }

  static Reading notExpressed(String reason) {
    return new Reading(Rule.NOT_EXPRESSED, 0, false, reason);
  }

  Reading add(double value) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    return this;
  }

  void include(Reading other) {
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
  }

  boolean isExpressed() {
    return rule != Rule.NOT_EXPRESSED;
  }

  @Nullable String reason() {
    return reason;
  }

  double min() {
    return min;
  }

  double max() {
    return max;
  }

  double lowest(double measuredMin) {
    return switch (rule) {
      case TIME -> measuredMin - granuleS - TIME_SLACK_S - (polled ? POLLED_S : 0);
      case SHARE -> measuredMin * (1 - RATE_SHARE);
      default -> measuredMin;
    };
  }

  double highest(double measuredMax) {
    return switch (rule) {
      case TIME -> measuredMax + granuleS + TIME_SLACK_S;
      case SHARE -> measuredMax * (1 + RATE_SHARE);
      default -> measuredMax;
    };
  }
}
