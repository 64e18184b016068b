package dev.halfopen.app;

import java.util.Arrays;

/**
 * A distribution of times (ns) or sizes (bytes), sampled from 64 random bits: one draw per sample,
 * so that the n-th sample depends on nothing but the n-th bits. Samples are whole and never
 * negative.
 */
public final class Distribution {
  private static final int CONSTANT = 0;
  private static final int EXPONENTIAL = 1;
  private static final int LOG_NORMAL = 2;
  private static final int EMPIRICAL = 3;

  /** The 99th percentile of the standard normal distribution. */
  private static final double Z99 = 2.3263478740408408;

  private static final double UNIT = 0x1.0p-53;

  /** The last double below 1. */
  private static final double BELOW_ONE = 1 - UNIT;

  private static final long[] NONE = {};

  private final int kind;

  /** Constant: the value. Exponential: the mean. Log-normal, empirical: the median. */
  private final double scale;

  private final double sigma;
  private final long constant;

  /** Empirical: what occurs, in rising order. */
  private final long[] values;

  /** Empirical: how often a value up to this one has occurred. */
  private final long[] upTo;

  private Distribution(int kind, double scale, double sigma) {
    this(kind, scale, sigma, NONE, NONE);
  }

  private Distribution(int kind, double scale, double sigma, long[] values, long[] upTo) {
    this.kind = kind;
    this.scale = scale;
    this.sigma = sigma;
    this.constant = (long) scale;
    this.values = values;
    this.upTo = upTo;
  }

  public static Distribution constant(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("negative constant " + value);
    }
    return new Distribution(CONSTANT, value, 0);
  }

  public static Distribution exponential(double mean) {
    if (!(mean > 0)) {
      throw new IllegalArgumentException("mean must be positive: " + mean);
    }
    return new Distribution(EXPONENTIAL, mean, 0);
  }

  /** Log-normal through two points; {@code p99} at least the median. */
  public static Distribution logNormal(double median, double p99) {
    if (!(median > 0) || !(p99 >= median)) {
      throw new IllegalArgumentException("median " + median + ", p99 " + p99);
    }
    return new Distribution(LOG_NORMAL, median, StrictMath.log(p99 / median) / Z99);
  }

  /**
   * What has been measured: each value as often as it occurred, nothing between them.
   *
   * @param values never negative, in rising order
   * @param counts how often each occurred, at least once, in all less than 2^53
   */
  public static Distribution empirical(long[] values, long[] counts) {
    if (values.length == 0 || values.length != counts.length || values[0] < 0) {
      throw new IllegalArgumentException(values.length + " values, " + counts.length + " counts");
    }
    long[] upTo = new long[values.length];
    long all = 0;
    for (int i = 0; i < values.length; i++) {
      if (counts[i] < 1 || i > 0 && values[i] < values[i - 1]) {
        throw new IllegalArgumentException("value " + values[i] + ", count " + counts[i]);
      }
      all = Math.addExact(all, counts[i]);
      upTo[i] = all;
    }
    if (all >= 1L << 53) {
      throw new IllegalArgumentException("more than 2^53 values");
    }
    long median = values[after(upTo, (all - 1) / 2)];
    return new Distribution(EMPIRICAL, (double) median, 0, values.clone(), upTo);
  }

  public boolean isConstant() {
    return kind == CONSTANT;
  }

  /** Whether every sample is 0. */
  public boolean isZero() {
    return kind == CONSTANT && constant == 0;
  }

  /** The value of a constant distribution; otherwise its scale (mean or median). */
  public long typical() {
    return constant;
  }

  public long sample(long bits) {
    if (kind == CONSTANT) {
      return constant;
    }
    if (kind == EMPIRICAL) {
      int last = values.length - 1;
      return values[Math.min(last, after(upTo, (long) (uniform(bits) * upTo[last])))];
    }
    return (long) (sampleExact(bits) + 0.5);
  }

  /** The sample as {@link #sample(long)}, but at most {@code Integer.MAX_VALUE}. */
  public int sampleInt(long bits) {
    return (int) Math.min(Integer.MAX_VALUE, sample(bits));
  }

  /** The first index whose element is greater. */
  private static int after(long[] rising, long than) {
    int i = Arrays.binarySearch(rising, than);
    return i < 0 ? -i - 1 : i + 1;
  }

  private double sampleExact(long bits) {
    double u = uniform(bits);
    if (kind == EXPONENTIAL) {
      return -scale * StrictMath.log(u);
    }
    return scale * StrictMath.exp(sigma * NormalQuantile.of(u));
  }

  /**
   * Evenly spread over (0, 1): never 0, never 1, although 2^53 - 1/2, halfway between two doubles,
   * is rounded up.
   */
  static double uniform(long bits) {
    return Math.min(BELOW_ONE, ((bits >>> 11) + 0.5) * UNIT);
  }
}
