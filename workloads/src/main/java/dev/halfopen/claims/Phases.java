package dev.halfopen.claims;

import dev.halfopen.tcp.KernelProfile;
import java.util.function.ToDoubleFunction;

/**
 * The least and the greatest of a time over several jiffies phases: the kernel rounds timers by
 * absolute jiffies, so that the same event takes a little longer or less each time.
 */
record Phases(double low, double high) {
  private static final int COUNT = 8;

  static Phases of(KernelProfile kernel, double roundTripS, ToDoubleFunction<Lab> measurement) {
    double low = Double.MAX_VALUE;
    double high = -Double.MAX_VALUE;
    for (int phase = 0; phase < COUNT; phase++) {
      double value = measurement.applyAsDouble(new Lab(kernel, roundTripS, phase));
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return new Phases(low, high);
  }

  static Phases of(ToDoubleFunction<Lab> measurement) {
    return of(KernelProfile.LINUX_6_18, Lab.LAN_S, measurement);
  }

  boolean within(double from, double to) {
    return low >= from && high <= to;
  }

  @Override
  public String toString() {
    return Say.range(low, high);
  }
}
