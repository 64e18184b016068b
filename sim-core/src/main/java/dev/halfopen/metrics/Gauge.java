package dev.halfopen.metrics;

/** How much of a resource is taken, the most that ever was, and when. */
public final class Gauge {
  private static final long NEVER = -1;

  private final int limit;
  private int value;
  private int peak;
  private long peakAtNs;
  private long refusals;
  private long firstRefusalNs = NEVER;
  private long lastRefusalNs = NEVER;

  /**
   * Nothing taken yet.
   *
   * @param limit 0: none
   */
  public Gauge(int limit) {
    this.limit = limit;
  }

  public boolean isFull() {
    return limit > 0 && value >= limit;
  }

  public void up(long nowNs) {
    if (++value > peak) {
      peak = value;
      peakAtNs = nowNs;
    }
  }

  public void down() {
    value--;
  }

  /** All of it is free again: its owner has begun anew. */
  public void clear() {
    value = 0;
  }

  /** Somebody wanted more and did not get it. */
  public void refuse(long nowNs) {
    refusals++;
    lastRefusalNs = nowNs;
    if (firstRefusalNs == NEVER) {
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
