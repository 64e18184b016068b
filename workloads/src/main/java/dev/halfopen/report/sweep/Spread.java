package dev.halfopen.report.sweep;

import java.util.Arrays;
import java.util.List;

/**
 * A quantity over seeds with its 95 % interval; NaN where the values do not tell.
 *
 * @param isLowerBound a value was cut off by the end of its run
 */
public record Spread(int n, double middle, double low, double high, boolean isLowerBound) {
  /** Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom. */
  private static final double[] STUDENT = {
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788,
    2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639,
    2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423
  };

  private static final double NORMAL = 1.959964;
  private static final double TAIL = 0.025;

  /** Mean with the interval of Student's t; none with a single value. */
  public static Spread mean(double[] values) {
    int n = values.length;
    if (n == 0) {
      return new Spread(0, Double.NaN, Double.NaN, Double.NaN, false);
    }
    double sum = 0;
    for (double v : values) {
      sum += v;
    }
    double mean = sum / n;
    if (n == 1) {
      return new Spread(1, mean, Double.NaN, Double.NaN, false);
    }
    double squares = 0;
    for (double v : values) {
      squares += (v - mean) * (v - mean);
    }
    double half = student(n - 1) * StrictMath.sqrt(squares / (n - 1) / n);
    return new Spread(n, mean, mean - half, mean + half, false);
  }

  /** Median with the interval between order statistics; it takes six values for 95 %. */
  public static Spread median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    if (n == 0) {
      return new Spread(0, Double.NaN, Double.NaN, Double.NaN, false);
    }
    double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    int rank = lowRank(n);
    return rank == 0
        ? new Spread(n, median, Double.NaN, Double.NaN, false)
        : new Spread(n, median, sorted[rank - 1], sorted[n - rank], false);
  }

  /** The largest rank k with P(B(n, 1/2) < k) at most 2.5 %; 0 if there is none. */
  static int lowRank(int n) {
    double probability = StrictMath.pow(0.5, n);
    double below = 0;
    int rank = 0;
    for (int k = 0; k <= n; k++) {
      below += probability;
      if (below > TAIL) {
        return rank;
      }
      rank = k + 1;
      probability = probability * (n - k) / (k + 1);
    }
    return rank;
  }

  /** Beyond the table by the expansion of Cornish and Fisher, right to four digits there. */
  static double student(int degrees) {
    if (degrees <= STUDENT.length) {
      return STUDENT[degrees - 1];
    }
    double z = NORMAL;
    double z3 = z * z * z;
    double z5 = z3 * z * z;
    return z + (z3 + z) / (4.0 * degrees) + (5 * z5 + 16 * z3 + 3 * z) / (96.0 * degrees * degrees);
  }

  /** Of values as results.csv has them; those without a value are left out. */
  static Spread of(Measure measure, List<String> cells) {
    List<String> given = cells.stream().filter(c -> !c.isEmpty()).toList();
    double[] values = new double[given.size()];
    boolean cut = false;
    for (int i = 0; i < values.length; i++) {
      cut |= given.get(i).startsWith(">=");
      values[i] = number(given.get(i));
    }
    Spread spread = measure.isPercentile() ? median(values) : mean(values);
    return cut ? new Spread(spread.n, spread.middle, spread.low, Double.NaN, true) : spread;
  }

  /** The number of a cell, its bound if it is one; NaN for "". */
  static double number(String cell) {
    return cell.isEmpty()
        ? Double.NaN
        : Double.parseDouble(cell.startsWith(">=") ? cell.substring(2) : cell);
  }
}
