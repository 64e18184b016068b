package dev.halfopen.packetdrill;

import java.util.Locale;

/**
 * How far from its scripted time an event may be: 4 ms or an eighth of the time since the event
 * before it, whichever is more; strictly only the former.
 */
record Tolerance(long leastUs, boolean strict) {
  static final long USUAL_US = 4000;

  long us(long sinceLastUs) {
    return strict ? leastUs : Math.max(leastUs, sinceLastUs / 8);
  }

  static String seconds(long us) {
    return String.format(Locale.ROOT, "%.6f s", us / 1e6);
  }
}
