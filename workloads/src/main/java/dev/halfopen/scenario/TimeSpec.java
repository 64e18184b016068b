package dev.halfopen.scenario;

import dev.halfopen.app.Distribution;

/**
 * A time that may be random.
 *
 * @param ns the constant, the mean of the exponential, the median of the log-normal
 * @param p99Ns of the log-normal; 0 elsewhere
 */
public record TimeSpec(Shape shape, long ns, long p99Ns) {
  static final TimeSpec ZERO = new TimeSpec(Shape.CONSTANT, 0, 0);
  private static final String RANGE = "0ns..1h";

  /** How it is spread. */
  public enum Shape {
    CONSTANT,
    EXPONENTIAL,
    LOG_NORMAL
  }

  /** What lies above nearly all of it: its 99th percentile, or the value itself. */
  public long mostNs() {
    return Math.max(ns, p99Ns);
  }

  /** As the core takes it. */
  public Distribution distribution() {
    return switch (shape) {
      case CONSTANT -> Distribution.constant(ns);
      case EXPONENTIAL -> Distribution.exponential((double) ns);
      case LOG_NORMAL -> Distribution.logNormal((double) ns, (double) p99Ns);
    };
  }

  /**
   * Reads {@code {constant}}, {@code {exponential}} or {@code {median, p99}}; 0 without the key.
   */
  static TimeSpec read(MapReader app, String key) {
    MapReader time = app.mapOrEmpty(key);
    if (!app.has(key)) {
      return ZERO;
    }
    time.notModelled("file");
    TimeSpec result;
    if (time.has("median") || time.has("p99")) {
      long medianNs = time.require("median") ? time.durationNs("median", "1ms", "1us..1h") : 0;
      long p99Ns = time.require("p99") ? time.durationNs("p99", "1ms", "1us..1h") : 0;
      if (p99Ns < medianNs) {
        time.problem("p99", "is less than the median");
      }
      result = new TimeSpec(Shape.LOG_NORMAL, medianNs, p99Ns);
    } else if (time.has("exponential")) {
      result = new TimeSpec(Shape.EXPONENTIAL, time.durationNs("exponential", "1ms", RANGE), 0);
    } else {
      result = new TimeSpec(Shape.CONSTANT, time.durationNs("constant", "0ms", RANGE), 0);
    }
    time.finish();
    return result;
  }
}
