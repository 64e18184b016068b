package dev.halfopen.app;

/** How much of a resource of an application is taken, the most that ever was, and when. */
public final class Gauge {
  private final int limit;
  private int value;
  private int peak;
  private long peakAtNs;
  private long refusals;
  private long firstRefusalNs = LoadStats.NEVER;
  private long lastRefusalNs = LoadStats.NEVER;

  /**
   * Nothing taken yet.
   *
   * @param limit 0: none
   */
  Gauge(int limit) {
    this.limit = limit;
  }

  boolean isFull() {
    return limit > 0 && value >= limit;
  }

  void up(long nowNs) {
    if (++value > peak) {
      peak = value;
      peakAtNs = nowNs;
    }
  }

  void down() {
    value--;
  }

  /** Somebody wanted more and did not get it. */
  void refuse(long nowNs) {
    refusals++;
    lastRefusalNs = nowNs;
    if (firstRefusalNs == LoadStats.NEVER) {
      firstRefusalNs = nowNs;
    }
  }

  /** The most there may be; 0: no limit. */
  public int limit() {
    return limit;
  }

  public int value() {
    return value;
  }

  public int peak() {
    return peak;
  }

  public long peakAtNs() {
    return peakAtNs;
  }

  /** How often somebody found nothing left. */
  public long refusals() {
    return refusals;
  }

  /** -1: never. */
  public long firstRefusalNs() {
    return firstRefusalNs;
  }

  /** -1: never. */
  public long lastRefusalNs() {
    return lastRefusalNs;
  }
}
