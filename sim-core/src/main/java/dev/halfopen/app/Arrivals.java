package dev.halfopen.app;

import dev.halfopen.engine.RandomStreams;

/**
 * When the requests of an open-loop load are due, one after the other, whatever becomes of them.
 */
abstract class Arrivals {
  /** There will be no more. */
  static final long NEVER = Long.MAX_VALUE;

  private final long untilNs;
  private long left;

  /** Due time of the next request, or {@link #NEVER}. */
  protected long nextNs;

  private Arrivals(long fromNs, long untilNs, long countMax) {
    this.nextNs = fromNs;
    this.untilNs = untilNs;
    this.left = countMax;
  }

  /** Goes from request 0 at {@code fromNs}, constant rate, no drift: floor(i * per / count). */
  static Arrivals constant(long rateCount, long ratePerNs, long fromNs, long untilNs, long max) {
    return new Constant(rateCount, ratePerNs, fromNs, untilNs, max);
  }

  /** Exponential gaps of the same mean, the first one before the first request. */
  static Arrivals poisson(
      long rateCount, long ratePerNs, long fromNs, long untilNs, long max, long seed, int node) {
    return new Poisson(rateCount, ratePerNs, fromNs, untilNs, max, seed, node);
  }

  /**
   * A rate that changes: request i is due when i have come in the mean, or, if independent, after
   * an exponential number of them with mean 1.
   *
   * @param seed of independent arrivals; their {@code node} too
   */
  static Arrivals scheduled(
      RateSchedule rate, boolean poisson, long untilNs, long max, long seed, int node) {
    return new Scheduled(rate, poisson, untilNs, max, seed, node);
  }

  /** The arrivals of a load. */
  static Arrivals of(ClientFarmConfig c, long seed, int node) {
    if (c.schedule != null) {
      return scheduled(c.schedule, c.poisson, c.untilNs, c.requestsMax, seed, node);
    }
    return c.poisson
        ? poisson(c.rateCount, c.ratePerNs, c.fromNs, c.untilNs, c.requestsMax, seed, node)
        : constant(c.rateCount, c.ratePerNs, c.fromNs, c.untilNs, c.requestsMax);
  }

  /** The SYNs of a flood. */
  static Arrivals of(SynFloodConfig c, long seed, int node) {
    if (c.schedule != null) {
      return scheduled(c.schedule, c.poisson, c.untilNs, c.synsMax, seed, node);
    }
    return c.poisson
        ? poisson(c.rateCount, c.ratePerNs, c.fromNs, c.untilNs, c.synsMax, seed, node)
        : constant(c.rateCount, c.ratePerNs, c.fromNs, c.untilNs, c.synsMax);
  }

  final long nextNs() {
    return nextNs;
  }

  /** About how many will fall due until then, for who prepares for them. */
  abstract int expected(long untilNs);

  /** The next request has been sent; find the one after it. */
  final void advance() {
    if (nextNs == NEVER) {
      return;
    }
    left--;
    step();
    limit();
  }

  /** Moves nextNs on. */
  abstract void step();

  protected final void limit() {
    if (left <= 0 || nextNs >= untilNs) {
      nextNs = NEVER;
    }
  }

  private static void checkRate(long rateCount, long ratePerNs) {
    if (rateCount <= 0 || ratePerNs <= 0 || rateCount > Long.MAX_VALUE / ratePerNs) {
      throw new IllegalArgumentException("rate " + rateCount + " per " + ratePerNs + " ns");
    }
  }

  private static final class Constant extends Arrivals {
    private final long rateCount;

    /** A gap is so many whole ns and so many parts of {@code rateCount}: no division a request. */
    private final long gapNs;

    private final long gapParts;

    /** By how many parts the next request is due later than said. */
    private long parts;

    Constant(long rateCount, long ratePerNs, long fromNs, long untilNs, long max) {
      super(fromNs, untilNs, max);
      checkRate(rateCount, ratePerNs);
      this.rateCount = rateCount;
      this.gapNs = ratePerNs / rateCount;
      this.gapParts = ratePerNs % rateCount;
      limit();
    }

    @Override
    int expected(long untilNs) {
      return untilNs < nextNs ? 0 : 1 + (int) ((untilNs - nextNs) / Math.max(1, gapNs));
    }

    @Override
    void step() {
      nextNs += gapNs;
      parts += gapParts;
      if (parts >= rateCount) {
        parts -= rateCount;
        nextNs++;
      }
    }
  }

  private static final class Poisson extends Arrivals {
    private final double meanGapNs;
    private final long seed;
    private final int node;
    private long drawn;

    /** Part of a nanosecond by which the last request was due later than said. */
    private double fraction;

    Poisson(
        long rateCount, long ratePerNs, long fromNs, long untilNs, long max, long seed, int node) {
      super(fromNs, untilNs, max);
      checkRate(rateCount, ratePerNs);
      this.meanGapNs = (double) ratePerNs / rateCount;
      this.seed = seed;
      this.node = node;
      step();
      limit();
    }

    @Override
    int expected(long untilNs) {
      return untilNs < nextNs ? 0 : 1 + (int) ((untilNs - nextNs) / meanGapNs);
    }

    @Override
    void step() {
      long bits = RandomStreams.bits(seed, node, Purposes.ARRIVAL, drawn++);
      double gap = fraction - meanGapNs * StrictMath.log(Distribution.uniform(bits));
      long whole = (long) gap;
      fraction = gap - whole;
      nextNs += whole;
    }
  }

  private static final class Scheduled extends Arrivals {
    private final RateSchedule rate;
    private final boolean poisson;
    private final long seed;
    private final int node;
    private long drawn;

    /** Arrivals in the mean up to the request at hand, and the point of the schedule before it. */
    private double arrivals;

    private int point = -1;

    Scheduled(RateSchedule rate, boolean poisson, long untilNs, long max, long seed, int node) {
      super(0, untilNs, max);
      this.rate = rate;
      this.poisson = poisson;
      this.seed = seed;
      this.node = node;
      arrivals = poisson ? gap() : 0;
      find();
      limit();
    }

    private double gap() {
      if (!poisson) {
        return 1;
      }
      long bits = RandomStreams.bits(seed, node, Purposes.ARRIVAL, drawn++);
      return -StrictMath.log(Distribution.uniform(bits));
    }

    private void find() {
      point = rate.pointBefore(arrivals, point);
      nextNs = Math.max(nextNs, rate.instantOf(arrivals, point));
    }

    @Override
    int expected(long untilNs) {
      return untilNs < nextNs ? 0 : 1;
    }

    @Override
    void step() {
      arrivals += gap();
      find();
    }
  }
}
