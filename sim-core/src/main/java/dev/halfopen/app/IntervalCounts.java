package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;
import java.util.Arrays;

/** How often something happened in each interval of virtual time since 0: 4 bytes an interval. */
public final class IntervalCounts {
  private static final int SEGMENT_SHIFT = 14;
  private static final int SEGMENT_LENGTH = 1 << SEGMENT_SHIFT;

  private final long intervalNs;
  private final MemoryBudget budget;
  private int[][] segments = new int[1][SEGMENT_LENGTH];
  private long last = -1;

  /**
   * @param intervalNs a second and more of a run takes 4e9 / intervalNs bytes
   */
  public IntervalCounts(long intervalNs, MemoryBudget budget) {
    if (intervalNs <= 0) {
      throw new IllegalArgumentException("interval of " + intervalNs + " ns");
    }
    this.intervalNs = intervalNs;
    this.budget = budget;
    budget.reserve("intervalCounts", 4L * SEGMENT_LENGTH);
  }

  public long intervalNs() {
    return intervalNs;
  }

  /** Intervals from 0 to the last one in which anything happened. */
  public long intervals() {
    return last + 1;
  }

  public void count(long nowNs) {
    long interval = nowNs / intervalNs;
    int s = (int) (interval >>> SEGMENT_SHIFT);
    if (s >= segments.length) {
      extend(Math.max(s + 1, 2 * segments.length));
    }
    segments[s][(int) interval & (SEGMENT_LENGTH - 1)]++;
    last = Math.max(last, interval);
  }

  /** Takes the memory for all intervals before {@code endNs} now rather than when they come. */
  public void reserveUntil(long endNs) {
    int needed = (int) (endNs / intervalNs >>> SEGMENT_SHIFT) + 1;
    if (needed > segments.length) {
      extend(needed);
    }
  }

  /** Count of one interval; 0 beyond the last. */
  public int at(long interval) {
    int s = (int) (interval >>> SEGMENT_SHIFT);
    return s < segments.length ? segments[s][(int) interval & (SEGMENT_LENGTH - 1)] : 0;
  }

  /** Sum over the intervals from that of {@code fromNs} to before that of {@code toNs}. */
  public long within(long fromNs, long toNs) {
    long sum = 0;
    long end = Math.min(toNs / intervalNs, last + 1);
    for (long i = fromNs / intervalNs; i < end; i++) {
      sum += at(i);
    }
    return sum;
  }

  private void extend(int length) {
    int old = segments.length;
    budget.reserve("intervalCounts", 4L * SEGMENT_LENGTH * (length - old));
    segments = Arrays.copyOf(segments, length);
    for (int i = old; i < length; i++) {
      segments[i] = new int[SEGMENT_LENGTH];
    }
  }
}
