package dev.halfopen.scenario;

import java.util.Optional;

/** Bounds of a quantity, both allowed. */
public record Range(Quantity least, Quantity most) {
  /**
   * Reads "1/s..100000/s".
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public static Range parse(ValueKind kind, String text) {
    int dots = text.indexOf("..");
    if (dots < 0) {
      throw new IllegalArgumentException("\"" + text + "\" is not a range; write LEAST..MOST");
    }
    Range range =
        new Range(
            Quantity.parse(kind, text.substring(0, dots).trim()),
            Quantity.parse(kind, text.substring(dots + 2).trim()));
    if (range.least.base().compareTo(range.most.base()) > 0) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is reversed; the least value comes first");
    }
    return range;
  }

  /** What is wrong with a value, for the user; empty if it lies within. */
  public Optional<String> complaint(Quantity value) {
    boolean below = value.base().compareTo(least.base()) < 0;
    boolean above = value.base().compareTo(most.base()) > 0;
    if (!below && !above) {
      return Optional.empty();
    }
    String bounds = least.text() + ".." + most.text();
    String what = value.isNegative() && !least.isNegative() ? "is negative" : "is out of range";
    return Optional.of(value.text() + " " + what + "; " + bounds);
  }

  @Override
  public String toString() {
    return least.text() + ".." + most.text();
  }
}
