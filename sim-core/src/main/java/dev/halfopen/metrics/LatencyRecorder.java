package dev.halfopen.metrics;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Durations of one kind: a histogram of the whole run and one of the current interval of virtual
 * time, which becomes a line of the .hlog file when the interval ends. One writer. Recording
 * allocates nothing; the end of an interval that has values does.
 */
public final class LatencyRecorder {
  /** Resolution 1 us up to one hour, three significant digits; beyond it values are clamped. */
  public static final long LEAST_NS = 1_000;

  public static final long MOST_NS = 3_600_000_000_000L;
  private static final int DIGITS = 3;
  private static final double SECOND_NS = 1e9;

  /** The log's Interval_Max is in ms, as HdrHistogram's tools expect. */
  private static final double LOG_UNIT_NS = 1e6;

  private final String name;
  private final long intervalNs;

  /**
   * Each value is recorded in both: adding up whole histograms when an interval ends would cost as
   * much as ten thousand values, of which a thin load has one or two in an interval.
   */
  private final Histogram total = new Histogram(LEAST_NS, MOST_NS, DIGITS);

  private final Histogram interval = new Histogram(LEAST_NS, MOST_NS, DIGITS);
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final HistogramLogWriter writer;

  private long intervalEndNs;
  private long overflows;

  /** Intervals of ten seconds. */
  public LatencyRecorder(String name) {
    this(name, 10_000_000_000L);
  }

  /**
   * @param name the tag of the .hlog lines: no comma, blank or line end in it
   * @param intervalNs length of an interval; Long.MAX_VALUE for one of the whole run
   */
  public LatencyRecorder(String name, long intervalNs) {
    this.name = name;
    this.intervalNs = intervalNs;
    this.intervalEndNs = intervalNs;
    this.writer = new HistogramLogWriter(new PrintStream(lines, true, StandardCharsets.UTF_8));
    interval.setTag(name);
  }

  /** One duration that ended at {@code nowNs}; instants must not go back. */
  public void record(long nowNs, long valueNs) {
    if (nowNs >= intervalEndNs) {
      endIntervals(nowNs);
    }
    long value = valueNs <= MOST_NS ? valueNs : clamp();
    interval.recordValue(value);
    total.recordValue(value);
  }

  private long clamp() {
    overflows++;
    return MOST_NS;
  }

  private void endIntervals(long nowNs) {
    endInterval(intervalEndNs);
    intervalEndNs = (nowNs / intervalNs + 1) * intervalNs;
  }

  private void endInterval(long endNs) {
    if (interval.getTotalCount() > 0) {
      double start = (intervalEndNs - intervalNs) / SECOND_NS;
      writer.outputIntervalHistogram(start, endNs / SECOND_NS, interval, LOG_UNIT_NS);
      interval.reset();
      interval.setTag(name);
    }
  }

  /** Ends the interval at hand, at the end of a run; a second call changes nothing. */
  public void finish(long nowNs) {
    endInterval(Math.min(nowNs, intervalEndNs));
  }

  public String name() {
    return name;
  }

  /** All values so far, ns: a copy. */
  public Histogram total() {
    return total.copy();
  }

  /** Values beyond an hour, which were counted as one hour. */
  public long overflows() {
    return overflows;
  }

  /** Lines of the .hlog format for the intervals that have ended, tagged with the name. */
  public String hlogLines() {
    return lines.toString(StandardCharsets.UTF_8);
  }
}
