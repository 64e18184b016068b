package dev.halfopen.app;

/**
 * A rate that changes with time: straight lines between points; two points at one instant are a
 * step. Before the first point the rate is that of the first, after the last that of the last.
 */
public final class RateSchedule {
  private static final double SECOND_NS = ClientFarmConfig.SECOND_NS;

  private final long[] atNs;

  /** Arrivals per ns at each point. */
  private final double[] rate;

  /** Arrivals in the mean from time 0 to each point. */
  private final double[] before;

  /**
   * Sets the points.
   *
   * @param atNs never going back, from 0 on
   * @param perSecond the rate at each point, at least 0
   */
  public RateSchedule(long[] atNs, double[] perSecond) {
    int n = atNs.length;
    if (n == 0 || n != perSecond.length) {
      throw new IllegalArgumentException(n + " instants, " + perSecond.length + " rates");
    }
    this.atNs = atNs.clone();
    this.rate = new double[n];
    this.before = new double[n];
    for (int i = 0; i < n; i++) {
      if (!(perSecond[i] >= 0) || atNs[i] < (i == 0 ? 0 : atNs[i - 1])) {
        throw new IllegalArgumentException("point " + i + ": " + perSecond[i] + "/s at " + atNs[i]);
      }
      rate[i] = perSecond[i] / SECOND_NS;
      before[i] =
          i == 0
              ? rate[0] * atNs[0]
              : before[i - 1] + (rate[i - 1] + rate[i]) / 2 * (atNs[i] - atNs[i - 1]);
    }
  }

  /** Arrivals in the mean from time 0 to before {@code untilNs}. */
  public double expected(long untilNs) {
    if (untilNs <= atNs[0]) {
      return rate[0] * untilNs;
    }
    int i = 0;
    while (i < last() && atNs[i + 1] <= untilNs) {
      i++;
    }
    double x = untilNs - atNs[i];
    return before[i] + rate[i] * x + slope(i) * x * x / 2;
  }

  /** The highest rate, a second. */
  public double mostPerSecond() {
    double most = 0;
    for (double r : rate) {
      most = Math.max(most, r * SECOND_NS);
    }
    return most;
  }

  private int last() {
    return atNs.length - 1;
  }

  /** Change of the rate, per ns, from a point to the next. */
  private double slope(int point) {
    if (point == last() || atNs[point + 1] == atNs[point]) {
      return 0;
    }
    return (rate[point + 1] - rate[point]) / (atNs[point + 1] - atNs[point]);
  }

  /**
   * The last point that lies no further than {@code arrivals} of the mean, -1 if the first does.
   *
   * @param from such a point for fewer arrivals, or -1
   */
  int pointBefore(double arrivals, int from) {
    int i = from;
    while (i < last() && before[i + 1] <= arrivals) {
      i++;
    }
    return i;
  }

  /**
   * When so many arrivals have come in the mean.
   *
   * @param point what {@link #pointBefore} gave for them
   * @return ns, or {@link Arrivals#NEVER}
   */
  long instantOf(double arrivals, int point) {
    double more = arrivals - (point < 0 ? 0 : before[point]);
    double r = point < 0 ? rate[0] : rate[point];
    long fromNs = point < 0 ? 0 : atNs[point];
    if (more <= 0) {
      return point == last() && r == 0 ? Arrivals.NEVER : fromNs;
    }
    // The root of r x + slope x^2 / 2 = more that also holds where slope or r is 0.
    double root = r * r + 2 * (point < 0 ? 0 : slope(point)) * more;
    double x = 2 * more / (r + StrictMath.sqrt(Math.max(0, root)));
    return x < Long.MAX_VALUE / 2.0 ? fromNs + (long) (x + 0.5) : Arrivals.NEVER;
  }
}
