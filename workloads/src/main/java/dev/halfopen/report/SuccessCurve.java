package dev.halfopen.report;

import java.util.List;

/** Successful requests per interval of virtual time, from time 0 on. */
public final class SuccessCurve {
  private static final long INTERVAL_NS = 10_000_000;

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

  /** Those of several loads, whose intervals are of one length. */
  static SuccessCurve sum(List<SuccessCurve> curves) {
    long[] sums = new long[curves.stream().mapToInt(SuccessCurve::length).max().orElse(0)];
    for (SuccessCurve curve : curves) {
      for (int i = 0; i < curve.counts.length; i++) {
        sums[i] += curve.counts[i];
      }
    }
    return new SuccessCurve(curves.isEmpty() ? INTERVAL_NS : curves.get(0).intervalNs, sums);
  }
}
