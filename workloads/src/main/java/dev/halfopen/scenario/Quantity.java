package dev.halfopen.scenario;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number with its unit.
 *
 * @param base in the base unit of {@link ValueKind}
 * @param text as it was written
 */
public record Quantity(ValueKind kind, BigDecimal base, String text) {
  private static final Pattern FORM =
      Pattern.compile("([+-]?\\d{1,18}(?:\\.\\d{1,12})?) ?([A-Za-z/%]*)");
  private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final BigDecimal HOUR_SECONDS = BigDecimal.valueOf(3600);

  /**
   * Reads "1.5ms", "900/s", "4KiB", "10Gbit/s", "32".
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public static Quantity parse(ValueKind kind, String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not " + kind.words() + "; write for example " + example(kind));
    }
    String number = m.group(1);
    String unit = m.group(2);
    BigDecimal factor = kind.units().get(unit);
    if (factor == null) {
      throw new IllegalArgumentException(unitError(kind, text, number, unit));
    }
    BigDecimal base = new BigDecimal(number).multiply(factor);
    boolean whole = base.stripTrailingZeros().scale() <= 0;
    if (kind == ValueKind.RATE) {
      return new Quantity(kind, base, text);
    }
    if (!whole) {
      throw new IllegalArgumentException(text + " is not a whole number" + smallest(kind));
    }
    if (base.abs().compareTo(LONG_MAX) > 0) {
      throw new IllegalArgumentException(text + " is too large");
    }
    return new Quantity(kind, base, text);
  }

  static boolean isOf(ValueKind kind, String text) {
    Matcher m = FORM.matcher(text);
    return m.matches() && kind.units().containsKey(m.group(2));
  }

  private static String unitError(ValueKind kind, String text, String number, String unit) {
    if (unit.isEmpty()) {
      return "\"" + text + "\" has no unit; write " + kind.spellings(number);
    }
    if (!kind.needsUnit()) {
      return "\"" + text + "\" is not " + kind.words() + "; write it without a unit";
    }
    return "\""
        + text
        + "\" is not "
        + kind.words()
        + " (unknown unit "
        + unit
        + "); write "
        + kind.spellings(number);
  }

  private static String example(ValueKind kind) {
    return kind.spellings(kind == ValueKind.RATE ? "900" : "10");
  }

  private static String smallest(ValueKind kind) {
    return switch (kind) {
      case DURATION -> " of nanoseconds";
      case SIZE -> " of bytes";
      case BIT_RATE -> " of bits per second";
      case SHARE -> " of billionths";
      case RATE, COUNT -> "";
    };
  }

  /** Nanoseconds, bytes, bits per second or a count. */
  public long asLong() {
    return base.longValueExact();
  }

  /** Of a rate: per second, to 9 digits after the point. */
  public double perSecond() {
    return base.divide(HOUR_SECONDS, 9, RoundingMode.HALF_EVEN).doubleValue();
  }

  public boolean isNegative() {
    return base.signum() < 0;
  }
}
