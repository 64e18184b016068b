package dev.halfopen.scenario;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a result must satisfy: {@code shoppers.failed < 0.1%}.
 *
 * @param text as it was written
 * @param bound in the base unit of its kind
 */
public record ThresholdSpec(String text, MetricSpec metric, Relation relation, Quantity bound) {
  private static final Pattern FORM = Pattern.compile("(\\S+)\\s*(<=|>=|==|!=|<|>)\\s*(\\S+)");

  /** How value and bound must stand. */
  public enum Relation {
    LESS("<"),
    AT_MOST("<="),
    MORE(">"),
    AT_LEAST(">="),
    EQUAL("=="),
    UNEQUAL("!=");

    private final String sign;

    Relation(String sign) {
      this.sign = sign;
    }

    /** Whether it holds; never for what is not a number. */
    public boolean holds(double value, double bound) {
      return switch (this) {
        case LESS -> value < bound;
        case AT_MOST -> value <= bound;
        case MORE -> value > bound;
        case AT_LEAST -> value >= bound;
        case EQUAL -> value == bound;
        case UNEQUAL -> value != bound && !Double.isNaN(value);
      };
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public static ThresholdSpec parse(String text) {
    Matcher m = FORM.matcher(text.trim());
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not METRIC < VALUE, for example shoppers.failed < 0.1%");
    }
    MetricSpec metric = MetricSpec.parse(m.group(1));
    List<ValueKind> kinds = metric.kinds();
    for (ValueKind kind : kinds) {
      if (Quantity.isOf(kind, m.group(3))) {
        return new ThresholdSpec(
            text.trim(), metric, relation(m.group(2)), Quantity.parse(kind, m.group(3)));
      }
    }
    throw new IllegalArgumentException(
        "\""
            + m.group(3)
            + "\" is not "
            + String.join(" or ", kinds.stream().map(ValueKind::words).toList())
            + "; write for example "
            + String.join(" or ", kinds.stream().map(k -> k.spellings("10")).toList()));
  }

  private static Relation relation(String sign) {
    for (Relation r : Relation.values()) {
      if (r.sign.equals(sign)) {
        return r;
      }
    }
    throw new IllegalArgumentException(sign);
  }
}
