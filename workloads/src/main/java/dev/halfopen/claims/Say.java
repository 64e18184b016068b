package dev.halfopen.claims;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as the sentences of claims write them. */
final class Say {
  static final long SECOND_NS = 1_000_000_000L;
  static final long MS_NS = 1_000_000L;

  private Say() {}

  static double seconds(long ns) {
    return ns / (double) SECOND_NS;
  }

  /** "0.204 s", "62.0 s", "938.7 s": three digits below 10 s, one above. */
  static String time(double seconds) {
    return number(seconds, seconds < 10 ? 3 : 1) + " s";
  }

  /** "937.7..939.8 s". */
  static String range(double low, double high) {
    int digits = high < 10 ? 3 : 1;
    return number(low, digits) + ".." + number(high, digits) + " s";
  }

  static String number(double value, int digits) {
    return new BigDecimal(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
  }

  /** 28,232. */
  static String grouped(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  static boolean isBetween(double value, double low, double high) {
    return value >= low && value <= high;
  }
}
