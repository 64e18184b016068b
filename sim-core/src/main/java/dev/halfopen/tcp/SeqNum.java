package dev.halfopen.tcp;

/** Arithmetic on sequence numbers and other 32-bit counters that wrap, RFC 9293 section 3.4. */
final class SeqNum {
  private SeqNum() {}

  static boolean before(int a, int b) {
    return a - b < 0;
  }

  static boolean after(int a, int b) {
    return a - b > 0;
  }

  /** low <= x <= high on the circle. */
  static boolean between(int x, int low, int high) {
    return Integer.compareUnsigned(high - low, x - low) >= 0;
  }

  static int max(int a, int b) {
    return a - b > 0 ? a : b;
  }

  static int min(int a, int b) {
    return a - b < 0 ? a : b;
  }
}
