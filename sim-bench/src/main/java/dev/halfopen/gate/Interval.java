package dev.halfopen.gate;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The median of paired log ratios ln(tree / base) of CPU time per unit of work, with its bootstrap
 * interval: 99 % of the medians of resampled pairs lie in it.
 *
 * @param median above 0: the tree is slower
 */
record Interval(double low, double median, double high) {
  private static final int RESAMPLES = 10_000;
  private static final double OUTSIDE_EACH_SIDE = 0.005;
  private static final long SEED = 99;

  /** Of at least one log ratio; same input, same interval. */
  static Interval of(double[] logRatios) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] medians = new double[RESAMPLES];
    double[] drawn = new double[logRatios.length];
    for (int i = 0; i < RESAMPLES; i++) {
      for (int k = 0; k < drawn.length; k++) {
        drawn[k] = logRatios[random.nextInt(logRatios.length)];
      }
      medians[i] = median(drawn);
    }
    Arrays.sort(medians);
    int cut = (int) (RESAMPLES * OUTSIDE_EACH_SIDE);
    return new Interval(medians[cut], median(logRatios), medians[RESAMPLES - 1 - cut]);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  boolean excludesZero() {
    return low > 0 || high < 0;
  }

  /** The tree's speed over the base's: 0.9 is a loss of a tenth. */
  double speedRatio() {
    return Math.exp(-median);
  }
}
