package dev.halfopen.engine;

/**
 * Counter-based random numbers: pure functions of (seed, node, purpose, n). A consumer keeps its
 * own n, so that adding one disturbs no other, and a number can be known before it is used.
 * Integers or StrictMath only: the same on every machine.
 */
public final class RandomStreams {
  private static final double TWO_TO_MINUS_53 = 0x1.0p-53;

  private RandomStreams() {}

  /** Finalizer of SplitMix64: every bit of the result depends on every bit of {@code x}. */
  public static long mix(long x) {
    long z = x + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /** 64 random bits. */
  public static long bits(long seed, int node, int purpose, long n) {
    return mix(mix(seed ^ (long) node << 32 ^ purpose & 0xFFFFFFFFL) ^ mix(n));
  }

  /** A number in [0, bound) from the high bits; bias below bound / 2^31. */
  public static int below(long bits, int bound) {
    return (int) ((bits >>> 33) * bound >>> 31);
  }

  /** A number in [0, 1). */
  public static double unit(long bits) {
    return (bits >>> 11) * TWO_TO_MINUS_53;
  }

  /** Exponential with mean 1. */
  public static double exponential(long bits) {
    return -StrictMath.log(1 - unit(bits));
  }

  /** Standard normal, by Box and Muller. */
  public static double gaussian(long bits1, long bits2) {
    double radius = StrictMath.sqrt(2 * exponential(bits1));
    return radius * StrictMath.cos(2 * StrictMath.PI * unit(bits2));
  }
}
