package dev.halfopen.metrics;

import java.util.Arrays;

/**
 * A fixed set of levels, kept when they change and never by a scan, with their peaks and the first
 * instant of each peak.
 */
public final class Gauges {
  private static final int VALUE = 0;
  private static final int PEAK = 1;
  private static final int PEAK_AT_NS = 2;

  /** Together, so that a change touches one cache line. */
  private static final int STRIDE_BITS = 2;

  private final String[] names;
  private final long[] cells;

  public Gauges(String... names) {
    this.names = names.clone();
    this.cells = new long[names.length << STRIDE_BITS];
  }

  /** Moves a level by {@code delta}, which may be negative. */
  public void add(int gauge, long delta, long nowNs) {
    set(gauge, cells[(gauge << STRIDE_BITS) + VALUE] + delta, nowNs);
  }

  public void set(int gauge, long value, long nowNs) {
    int c = gauge << STRIDE_BITS;
    cells[c + VALUE] = value;
    if (value > cells[c + PEAK]) {
      cells[c + PEAK] = value;
      cells[c + PEAK_AT_NS] = nowNs;
    }
  }

  public long value(int gauge) {
    return cells[(gauge << STRIDE_BITS) + VALUE];
  }

  /** The highest level so far, at least the 0 that all start with. */
  public long peak(int gauge) {
    return cells[(gauge << STRIDE_BITS) + PEAK];
  }

  /** When the peak was first reached. */
  public long peakAtNs(int gauge) {
    return cells[(gauge << STRIDE_BITS) + PEAK_AT_NS];
  }

  public String name(int gauge) {
    return names[gauge];
  }

  public int size() {
    return names.length;
  }

  /** All are 0 again, and their peaks. */
  public void clear() {
    Arrays.fill(cells, 0);
  }
}
