package dev.halfopen.report.sweep;

import dev.halfopen.scenario.BadInputException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Up to which value a condition holds: a coarse look at the whole range first, which also tells
 * whether failing is monotone, then halving between the last value that holds and the first above
 * it that does not.
 */
public final class Capacity {
  /** Values tried within the range before halving, evenly spaced on a logarithmic scale. */
  private static final int LOOKS = 3;

  private static final MathContext DIGITS = new MathContext(5, RoundingMode.HALF_EVEN);
  private static final Pattern VALUE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([A-Za-z/%]*)");

  private final BigDecimal low;
  private final BigDecimal high;
  private final String unit;
  private final boolean whole;
  private final double resolution;
  private final TreeMap<BigDecimal, Boolean> tried = new TreeMap<>();

  private Capacity(BigDecimal low, BigDecimal high, String unit, double resolution) {
    this.low = low;
    this.high = high;
    this.unit = unit;
    this.whole = low.scale() <= 0 && high.scale() <= 0;
    this.resolution = resolution;
  }

  /** Tries values; all of a list may be tried at the same time. */
  @FunctionalInterface
  public interface Trial {
    List<Boolean> holds(List<String> values) throws BadInputException, InterruptedException;
  }

  /**
   * What was found.
   *
   * @param lastThatHolds "" if none does
   * @param firstThatDoesNot "" if all do
   * @param tried every value that was tried, in order, and whether the condition held
   */
  public record Result(
      String lastThatHolds,
      String firstThatDoesNot,
      boolean isMonotone,
      Map<String, Boolean> tried) {}

  /** Reads "100/s..2000/s" and "1%". */
  public static Capacity of(String within, String resolution) throws BadInputException {
    String[] ends = within.split("\\.\\.", -1);
    String form = "--within " + within + ": is not A..B with A below B, as in 100/s..2000/s";
    Matcher a = VALUE.matcher(ends[0].trim());
    Matcher b = VALUE.matcher(ends[ends.length - 1].trim());
    if (ends.length != 2 || !a.matches() || !b.matches() || !a.group(2).equals(b.group(2))) {
      throw new BadInputException(form);
    }
    BigDecimal low = new BigDecimal(a.group(1));
    BigDecimal high = new BigDecimal(b.group(1));
    if (low.signum() <= 0 || low.compareTo(high) >= 0) {
      throw new BadInputException(form + "; A above 0");
    }
    Matcher r = Pattern.compile("(\\d+(?:\\.\\d+)?)%").matcher(resolution);
    double percent = r.matches() ? Double.parseDouble(r.group(1)) : 0;
    if (percent < 0.01 || percent > 50) {
      throw new BadInputException("--resolution " + resolution + ": 0.01%..50%");
    }
    return new Capacity(low, high, a.group(2), percent / 100);
  }

  /** Searches. */
  public Result search(Trial trial) throws BadInputException, InterruptedException {
    List<BigDecimal> looks = new ArrayList<>(List.of(low));
    double ratio = high.doubleValue() / low.doubleValue();
    for (int i = 1; i <= LOOKS; i++) {
      BigDecimal look = rounded(low.doubleValue() * StrictMath.pow(ratio, i / (LOOKS + 1.0)));
      if (look.compareTo(looks.get(looks.size() - 1)) > 0 && look.compareTo(high) < 0) {
        looks.add(look);
      }
    }
    looks.add(high);
    ask(trial, looks);
    BigDecimal middle = next();
    while (middle != null) {
      ask(trial, List.of(middle));
      middle = next();
    }
    return result();
  }

  private void ask(Trial trial, List<BigDecimal> values)
      throws BadInputException, InterruptedException {
    List<Boolean> answers = trial.holds(values.stream().map(this::text).toList());
    for (int i = 0; i < values.size(); i++) {
      tried.put(values.get(i), answers.get(i));
    }
  }

  private @Nullable BigDecimal firstFailure() {
    for (Map.Entry<BigDecimal, Boolean> e : tried.entrySet()) {
      if (!e.getValue()) {
        return e.getKey();
      }
    }
    return null;
  }

  /** The largest value below the first failure; null if the least value fails. */
  private @Nullable BigDecimal lastBeforeFailure() {
    BigDecimal failure = firstFailure();
    return failure == null ? tried.lastKey() : tried.lowerKey(failure);
  }

  /** The value to try next, null if none is wanted. */
  private @Nullable BigDecimal next() {
    BigDecimal holds = lastBeforeFailure();
    BigDecimal fails = firstFailure();
    return holds == null || fails == null ? null : between(holds, fails);
  }

  /** A value between, null if they are as near as wanted. */
  private @Nullable BigDecimal between(BigDecimal holds, BigDecimal fails) {
    double gap = fails.subtract(holds).doubleValue();
    if (gap <= resolution * holds.doubleValue()) {
      return null;
    }
    BigDecimal middle = rounded(holds.add(fails).doubleValue() / 2);
    return middle.compareTo(holds) > 0 && middle.compareTo(fails) < 0 ? middle : null;
  }

  private BigDecimal rounded(double value) {
    BigDecimal exact = new BigDecimal(value);
    return whole
        ? exact.setScale(0, RoundingMode.HALF_EVEN)
        : new BigDecimal(exact.round(DIGITS).stripTrailingZeros().toPlainString());
  }

  private String text(BigDecimal value) {
    return value.toPlainString() + unit;
  }

  private Result result() {
    BigDecimal failure = firstFailure();
    BigDecimal last = lastBeforeFailure();
    boolean monotone = failure == null || !tried.tailMap(failure).containsValue(true);
    Map<String, Boolean> all = new java.util.LinkedHashMap<>();
    tried.forEach((v, holds) -> all.put(text(v), holds));
    return new Result(
        last == null ? "" : text(last), failure == null ? "" : text(failure), monotone, all);
  }
}
