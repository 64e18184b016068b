package dev.halfopen.report;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Numbers as text, the same on every JDK and in every locale: the exact decimal value of the
 * double, rounded half up.
 */
public final class Figures {
  private static final double SECOND_NS = 1e9;
  private static final double MINUTE_S = 60;
  private static final double HOUR_S = 3600;

  private Figures() {}

  /** Exactly {@code digits} digits after the point. */
  public static String fixed(double value, int digits) {
    return new BigDecimal(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
  }

  /** At most {@code digits} digits after the point, one at least: 180.0, 28.232. */
  public static String shortest(double value, int digits) {
    BigDecimal rounded =
        new BigDecimal(value).setScale(digits, RoundingMode.HALF_UP).stripTrailingZeros();
    return (rounded.scale() < 1 && digits > 0
            ? rounded.setScale(1, RoundingMode.UNNECESSARY)
            : rounded)
        .toPlainString();
  }

  /** As {@link #shortest}, without a point where the number is whole. */
  public static String number(double value, int digits) {
    String text = shortest(value, digits);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /** "1 request waits", "28,232 requests wait". */
  static String count(long value, String one, String several) {
    return grouped(value) + " " + (value == 1 ? one : several);
  }

  /** 28,232. */
  public static String grouped(long value) {
    String digits = Long.toString(Math.abs(value));
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < digits.length(); i++) {
      if (i > 0 && (digits.length() - i) % 3 == 0) {
        out.append(',');
      }
      out.append(digits.charAt(i));
    }
    return value < 0 ? "-" + out : out.toString();
  }

  public static double seconds(long ns) {
    return ns / SECOND_NS;
  }

  /** "28.2 s". */
  public static String secondsText(long ns) {
    return fixed(seconds(ns), 1) + " s";
  }

  /** "459.5", "1000": one digit after the point unless it is 0. */
  public static String rate(double perSecond) {
    String text = fixed(perSecond, 1);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /** "97.6 %". */
  public static String percent(double share) {
    return fixed(share * 100, 1) + " %";
  }

  /** "12 MiB", "1.5 GiB". */
  public static String bytes(long bytes) {
    if (bytes < 1L << 20) {
      return Math.max(1, bytes >> 10) + " KiB";
    }
    if (bytes < 1L << 30) {
      return (bytes >> 20) + " MiB";
    }
    return rate(bytes / (double) (1L << 30)) + " GiB";
  }

  /**
   * A time as people say it: "48.1 s", from two minutes on "16.1 min", from two hours on "2.2 h".
   */
  public static String span(double seconds) {
    if (seconds < 2 * MINUTE_S) {
      return number(seconds, seconds < 1 ? 3 : 1) + " s";
    }
    return seconds < 2 * HOUR_S ? rate(seconds / MINUTE_S) + " min" : rate(seconds / HOUR_S) + " h";
  }

  /** "16 to 16.1 min", one time where both are the same. */
  public static String spans(double leastSeconds, double mostSeconds) {
    String least = span(leastSeconds);
    String most = span(mostSeconds);
    if (least.equals(most)) {
      return most;
    }
    int unit = least.lastIndexOf(' ');
    boolean sameUnit = most.endsWith(least.substring(unit));
    return (sameUnit ? least.substring(0, unit) : least) + " to " + most;
  }

  /** What an exception says. */
  static String textOf(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
