package dev.halfopen.tcp;

/** From a timer's delay to the jiffy in which the kernel runs it. */
final class TimerRounding {
  private TimerRounding() {}

  static int fires(KernelProfile.TimerRounding rule, int nowJiffies, int delayJiffies) {
    return rule == KernelProfile.TimerRounding.WHEEL
        ? wheel(nowJiffies, delayJiffies)
        : slack(nowJiffies, delayJiffies);
  }

  /**
   * {@code calc_wheel_index}: a timer of 63 * 8^(n-1) <= d < 63 * 8^n jiffies has granule 8^n and
   * fires at the first multiple of it strictly after its expiry.
   */
  static int wheel(int nowJiffies, int delayJiffies) {
    int shift = granuleShift(delayJiffies);
    return (nowJiffies + delayJiffies >> shift) + 1 << shift;
  }

  /** Of the three levels that connections use, without the loop. */
  private static int granuleShift(int delayJiffies) {
    if (delayJiffies < 63) {
      return 0;
    }
    if (delayJiffies < 63 << 3) {
      return 3;
    }
    return delayJiffies < 63 << 6 ? 6 : coarseShift(delayJiffies);
  }

  private static int coarseShift(int delayJiffies) {
    int shift = 9;
    for (long start = 63 << 9; delayJiffies >= start; start <<= 3) {
      shift += 3;
    }
    return shift;
  }

  /**
   * {@code apply_slack}, before 4.8: up to delta / 256 later, low bits cleared; not in this jiffy,
   * which {@code internal_add_timer} takes for past.
   */
  static int slack(int nowJiffies, int delayJiffies) {
    int expires = nowJiffies + Math.max(1, delayJiffies);
    if (delayJiffies < 256) {
      return expires;
    }
    int limit = expires + delayJiffies / 256;
    int mask = expires ^ limit;
    if (mask == 0) {
      return expires;
    }
    return limit & ~(Integer.highestOneBit(mask) - 1);
  }
}
