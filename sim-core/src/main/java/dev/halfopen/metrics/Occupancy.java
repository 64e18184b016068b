package dev.halfopen.metrics;

/** For how long a number, such as the requests in service, had each of its values. */
public final class Occupancy {
  /** Longer stays above are kept together. */
  private static final int LEVELS = 4096;

  private final long[] ns = new long[LEVELS];
  private int level;
  private long sinceNs;

  /** The number changes by one or by minus one. */
  public void change(long nowNs, int by) {
    advance(nowNs);
    level += by;
  }

  private void advance(long nowNs) {
    ns[Math.min(level, LEVELS - 1)] += nowNs - sinceNs;
    sinceNs = nowNs;
  }

  /** The number falls to 0. */
  public void clear(long nowNs) {
    advance(nowNs);
    level = 0;
  }

  /** Begins anew, at the end of a warm-up. */
  public void reset(long nowNs) {
    java.util.Arrays.fill(ns, 0);
    sinceNs = nowNs;
  }

  /** Counts the time up to now. */
  public void finish(long nowNs) {
    advance(nowNs);
  }

  /** The mean over the time so far. */
  public double mean() {
    double sum = 0;
    double all = 0;
    for (int i = 0; i < LEVELS; i++) {
      sum += (double) i * ns[i];
      all += ns[i];
    }
    return all == 0 ? 0 : sum / all;
  }

  /** The share of the time that the number was above a level below 4095. */
  public double shareAbove(int threshold) {
    double above = 0;
    double all = 0;
    for (int i = 0; i < LEVELS; i++) {
      above += i > threshold ? ns[i] : 0;
      all += ns[i];
    }
    return all == 0 ? 0 : above / all;
  }
}
