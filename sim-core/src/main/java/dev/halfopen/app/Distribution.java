package dev.halfopen.app;

/**
 * A distribution of times (ns) or sizes (bytes), sampled from 64 random bits: one draw per sample,
 * so that the n-th sample depends on nothing but the n-th bits. Samples are whole and never
 * negative.
 */
public final class Distribution {
  private static final int CONSTANT = 0;
  private static final int EXPONENTIAL = 1;
  private static final int LOG_NORMAL = 2;

  /** The 99th percentile of the standard normal distribution. */
  private static final double Z99 = 2.3263478740408408;

  private static final double UNIT = 0x1.0p-53;

  private final int kind;

  /** Constant: the value. Exponential: the mean. Log-normal: the median. */
  private final double scale;

  private final double sigma;
  private final long constant;

  private Distribution(int kind, double scale, double sigma) {
    this.kind = kind;
    this.scale = scale;
    this.sigma = sigma;
    this.constant = (long) scale;
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
    return (long) (sampleExact(bits) + 0.5);
  }

  /** The sample as {@link #sample(long)}, but at most {@code Integer.MAX_VALUE}. */
  public int sampleInt(long bits) {
    return (int) Math.min(Integer.MAX_VALUE, sample(bits));
  }

  private double sampleExact(long bits) {
    double u = uniform(bits);
    if (kind == EXPONENTIAL) {
      return -scale * StrictMath.log(u);
    }
    return scale * StrictMath.exp(sigma * NormalQuantile.of(u));
  }

  /** Evenly spread over (0, 1): never 0, never 1. */
  static double uniform(long bits) {
    return ((bits >>> 11) + 0.5) * UNIT;
  }
}
