package dev.halfopen.oracle;

import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Sysctl;
import dev.halfopen.tcp.SysctlProfile;

/**
 * The conditions of the measurement, the same for every row: kernel 6.18 at 250 Hz, reno, no saved
 * metrics, two network namespaces of one machine (one jiffies counter) joined by veth with a round
 * trip well below 0.1 ms.
 */
final class Conditions {
  static final int HZ = 250;
  static final long SECOND_NS = 1_000_000_000L;
  static final long MS_NS = 1_000_000L;
  static final long ONE_WAY_NS = 5_000;
  static final long BITS_PER_SECOND = 0;
  static final long SEED = 1;

  /** How many jiffies phases a row is simulated at. */
  static final int PHASES = 8;

  private static final long JIFFY_NS = SECOND_NS / HZ;

  /** Granules reach 8^6 jiffies. */
  private static final long PHASE_JIFFIES = 1 << 18;

  /** About PHASE_JIFFIES / golden ratio, odd: phases that differ in every granule. */
  private static final long PHASE_STEP = 162_013;

  private static final double FINE_JIFFIES = 63;
  private static final double FACTOR = 8;

  private Conditions() {}

  static SysctlProfile sysctl() {
    return new SysctlProfile(KernelProfile.LINUX_6_18).hz(HZ).set(Sysctl.TCP_NO_METRICS_SAVE, 1);
  }

  /** The jiffies phase of a run: spread over the coarsest granule and over the jiffy. */
  static long phaseNs(int phase) {
    long jiffies = phase * PHASE_STEP % PHASE_JIFFIES;
    return jiffies * JIFFY_NS + phase * JIFFY_NS / PHASES;
  }

  /** Granule of a timer of that length, kernel/time/timer.c {@code calc_wheel_index}, in s. */
  static double granuleS(double timerS) {
    double jiffies = timerS * HZ;
    double granule = 1;
    for (double start = FINE_JIFFIES; jiffies >= start; start *= FACTOR) {
      granule *= FACTOR;
    }
    return granule / HZ;
  }
}
