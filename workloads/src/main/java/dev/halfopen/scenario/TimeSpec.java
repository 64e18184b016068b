package dev.halfopen.scenario;

import dev.halfopen.app.Distribution;
import java.util.Optional;

/**
 * A time that may be random.
 *
 * @param ns the constant, the mean of the exponential, the median elsewhere
 * @param p99Ns of the log-normal and of a file; 0 elsewhere
 * @param samples what {@code file} named
 */
public record TimeSpec(Shape shape, long ns, long p99Ns, Optional<SampleFile> samples) {
  static final TimeSpec ZERO = new TimeSpec(Shape.CONSTANT, 0, 0);
  private static final String RANGE = "0ns..1h";

  /** How it is spread. */
  public enum Shape {
    CONSTANT,
    EXPONENTIAL,
    LOG_NORMAL,
    FILE
  }

  TimeSpec(Shape shape, long ns, long p99Ns) {
    this(shape, ns, p99Ns, Optional.empty());
  }

  /** What lies above nearly all of it: its 99th percentile, or the value itself. */
  public long mostNs() {
    return Math.max(ns, p99Ns);
  }

  boolean isRandom() {
    return !distribution().isConstant();
  }

  /** As the core takes it. */
  public Distribution distribution() {
    return switch (shape) {
      case CONSTANT -> Distribution.constant(ns);
      case EXPONENTIAL -> Distribution.exponential((double) ns);
      case LOG_NORMAL -> Distribution.logNormal((double) ns, (double) p99Ns);
      case FILE -> samples.orElseThrow().distribution();
    };
  }

  /**
   * Reads {@code {constant}}, {@code {exponential}}, {@code {median, p99}} or {@code {file}}; 0
   * without the key.
   */
  static TimeSpec read(MapReader app, String key) {
    MapReader time = app.mapOrEmpty(key);
    if (!app.has(key)) {
      return ZERO;
    }
    TimeSpec result = shaped(time);
    time.finish();
    return result;
  }

  private static TimeSpec shaped(MapReader time) {
    if (time.has(SampleFile.KEY)) {
      return SampleFile.read(time, ValueKind.DURATION, RANGE)
          .map(s -> new TimeSpec(Shape.FILE, s.quantile(500), s.quantile(990), Optional.of(s)))
          .orElse(ZERO);
    }
    if (time.has("median") || time.has("p99")) {
      long medianNs = time.require("median") ? time.durationNs("median", "1ms", "1us..1h") : 0;
      long p99Ns = time.require("p99") ? time.durationNs("p99", "1ms", "1us..1h") : 0;
      if (p99Ns < medianNs) {
        time.problem("p99", "is less than the median");
      }
      return new TimeSpec(Shape.LOG_NORMAL, medianNs, p99Ns);
    }
    return time.has("exponential")
        ? new TimeSpec(Shape.EXPONENTIAL, time.durationNs("exponential", "1ms", RANGE), 0)
        : new TimeSpec(Shape.CONSTANT, time.durationNs("constant", "0ms", RANGE), 0);
  }
}
