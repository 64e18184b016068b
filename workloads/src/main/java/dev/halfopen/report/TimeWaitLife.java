package dev.halfopen.report;

import dev.halfopen.tcp.KernelProfile;

/**
 * How long TIME_WAIT keeps a port, derived from the kernel's timers.
 *
 * <p>Since 4.8 a timer of d jiffies sits on wheel level n, 63*8^(n-1) <= d < 63*8^n, and fires at
 * the first multiple of 8^n jiffies strictly after its expiry (kernel/time/timer.c,
 * calc_wheel_index). 60 s are 15,000 jiffies at HZ=250: level 3, granule 512 jiffies = 2.048 s; at
 * HZ=1000 level 4, 4,096 jiffies = 4.096 s. Ports come back in bursts at multiples of the granule;
 * a port that is taken again at once is back a whole number of granules later: 30 * 2.048 s = 15 *
 * 4.096 s = 61.44 s.
 *
 * <p>Before, TIME_WAIT had 8 slots of 7.5 s that tick from the first one on (inet_twsk_schedule).
 *
 * @param leastNs the shortest life
 * @param mostNs the longest one
 * @param granuleNs time between two bursts
 * @param cycleNs from return to return of a port that is taken again at once
 */
public record TimeWaitLife(long leastNs, long mostNs, long granuleNs, long cycleNs) {
  private static final long SECOND_NS = 1_000_000_000L;

  /** TCP_TIMEWAIT_LEN. */
  private static final long LENGTH_SECONDS = 60;

  private static final long SLOT_NS = 7_500_000_000L;

  /** Jiffies of level 0, times 8 for each level above: LVL_SIZE - 1. */
  private static final long LEVEL_0_JIFFIES = 63;

  /** As this kernel does it at this HZ. */
  public static TimeWaitLife of(KernelProfile kernel, int hz) {
    long lengthNs = LENGTH_SECONDS * SECOND_NS;
    if (kernel.timeWaitClock() == KernelProfile.TimeWaitClock.SLOTS) {
      return new TimeWaitLife(lengthNs - SLOT_NS, lengthNs, SLOT_NS, lengthNs);
    }
    long jiffies = LENGTH_SECONDS * hz;
    long granule = 1;
    for (long top = LEVEL_0_JIFFIES; jiffies >= top; top *= 8) {
      granule *= 8;
    }
    long granuleNs = granule * SECOND_NS / hz;
    long cycleJiffies = (jiffies / granule + 1) * granule;
    return new TimeWaitLife(
        lengthNs, lengthNs + granuleNs, granuleNs, cycleJiffies * SECOND_NS / hz);
  }

  /** The mean over evenly spread beginnings. */
  double meanSeconds() {
    return Figures.seconds((leastNs + mostNs) / 2);
  }

  double leastSeconds() {
    return Figures.seconds(leastNs);
  }

  double mostSeconds() {
    return Figures.seconds(mostNs);
  }

  double cycleSeconds() {
    return Figures.seconds(cycleNs);
  }
}
