package dev.halfopen.report;

import java.util.Arrays;

/** Successful requests per interval of virtual time, from time 0 on. */
public final class SuccessCurve {
  static final SuccessCurve EMPTY = new SuccessCurve(10_000_000L, new long[0]);

  private final long intervalNs;
  private final long[] counts;

  /** Takes a copy of {@code counts}. */
  public SuccessCurve(long intervalNs, long[] counts) {
    this.intervalNs = intervalNs;
    this.counts = counts.clone();
  }

  long intervalNs() {
    return intervalNs;
  }

  /** Intervals in the run. */
  int length() {
    return counts.length;
  }

  private long at(int interval) {
    return interval >= 0 && interval < counts.length ? counts[interval] : 0;
  }

  /** Successes in the {@code intervals} from {@code first} on. */
  long sum(int first, int intervals) {
    long sum = 0;
    for (int i = first; i < first + intervals; i++) {
      sum += at(i);
    }
    return sum;
  }

  SuccessCurve plus(SuccessCurve other) {
    int length = Math.max(counts.length, other.counts.length);
    long[] both = Arrays.copyOf(counts, length);
    for (int i = 0; i < other.counts.length; i++) {
      both[i] += other.counts[i];
    }
    return new SuccessCurve(intervalNs, both);
  }
}
