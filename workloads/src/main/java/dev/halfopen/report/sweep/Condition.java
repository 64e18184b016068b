package dev.halfopen.report.sweep;

import dev.halfopen.report.RunResult;
import dev.halfopen.scenario.BadInputException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bound on a quantity of a run: {@code failed == 0}, {@code latency.p(99) < 400ms}, {@code failed
 * < 0.1%} (of the offered), {@code app.pool(hikari).peak < 80%} (of the limit).
 */
public record Condition(String text, Measure measure, String operator, double bound) {
  private static final Pattern FORM =
      Pattern.compile("(.+?)\\s*(==|!=|<=|>=|<|>)\\s*(\\d+(?:\\.\\d+)?)\\s*(ms|s|min|%)?");

  /** Reads a bound; {@code where} is for the error. */
  public static Condition parse(String text, String where) throws BadInputException {
    Matcher m = FORM.matcher(text.trim());
    if (!m.matches()) {
      throw new BadInputException(
          where + ": is not QUANTITY < NUMBER; write for example failed == 0");
    }
    String unit = m.group(4) == null ? "" : m.group(4);
    String name = m.group(1);
    if (unit.equals("%") && name.endsWith("failed")) {
      name += "Share";
    }
    Optional<Measure> share = unit.equals("%") ? Measure.share(name) : Optional.empty();
    Measure measure = share.isPresent() ? share.get() : Measure.parse(name, where);
    double number = Double.parseDouble(m.group(3));
    return new Condition(text.trim(), measure, m.group(2), number * factor(unit, measure, where));
  }

  private static double factor(String unit, Measure measure, String where)
      throws BadInputException {
    boolean time = !measure.unit().isEmpty();
    double seconds =
        switch (unit) {
          case "ms" -> 1e-3;
          case "s" -> 1;
          case "min" -> 60;
          default -> 0;
        };
    if (time != seconds > 0) {
      throw new BadInputException(
          where + ": " + measure.name() + (time ? " is a time; write 400ms" : " is not a time"));
    }
    if (!time) {
      return unit.equals("%") ? 0.01 : 1;
    }
    return measure.unit().equals("ms") ? seconds * 1e3 : seconds;
  }

  /** Whether it holds; what was not measured breaks no bound. */
  public boolean holds(RunResult run) {
    double value = measure.reading().apply(run).value();
    return switch (operator) {
      case "==" -> Double.isNaN(value) || value == bound;
      case "!=" -> value != bound;
      case "<=" -> !(value > bound);
      case ">=" -> !(value < bound);
      case "<" -> !(value >= bound);
      default -> !(value <= bound);
    };
  }
}
