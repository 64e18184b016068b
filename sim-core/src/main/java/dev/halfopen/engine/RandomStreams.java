package dev.halfopen.engine;

/**
 * Counter-based random numbers: pure functions of (seed, node, purpose, n). A consumer keeps its
 * own n, so that adding one disturbs no other, and a number can be known before it is used.
 * Integers or StrictMath only: the same on every machine.
 *
 * <p>The numbers of one (seed, node, purpose) are those of SplitMix64, started with a hash of the
 * three (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
 */
public final class RandomStreams {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final double TWO_TO_MINUS_53 = 0x1.0p-53;

  private RandomStreams() {}

  /** Finalizer of SplitMix64: every bit of the result depends on every bit of {@code x}. */
  public static long mix(long x) {
    long z = x + GOLDEN_GAMMA;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /** 64 random bits. */
  public static long bits(long seed, int node, int purpose, long n) {
    return bits(stream(seed, node, purpose), n);
  }

  /**
   * What the numbers of one (seed, node, purpose) have in common, for a consumer that draws many.
   * The seed is mixed by itself first: else seed 1, purpose 2 would be seed 2, purpose 1.
   */
  public static long stream(long seed, int node, int purpose) {
    return mix(mix(seed) ^ ((long) node << 32 | purpose & 0xFFFFFFFFL));
  }

  /** 64 random bits of a stream. */
  public static long bits(long stream, long n) {
    return mix(stream + n * GOLDEN_GAMMA);
  }

  /** A number in [0, bound) from the high bits; of 2^32 equally likely inputs, bias below bound. */
  public static int below(long bits, int bound) {
    assert bound > 0 : bound;
    return (int) ((bits >>> 32) * bound >>> 32);
  }

  /** A number in [0, 1), a multiple of 2^-53. */
  public static double unit(long bits) {
    return (bits >>> 11) * TWO_TO_MINUS_53;
  }

  /** Exponential with mean 1, at most 36.8. */
  public static double exponential(long bits) {
    return -StrictMath.log(1 - unit(bits));
  }

  /** Standard normal, by Box and Muller; at most 8.6 from 0. */
  public static double gaussian(long bits1, long bits2) {
    double radius = StrictMath.sqrt(2 * exponential(bits1));
    return radius * StrictMath.cos(2 * StrictMath.PI * unit(bits2));
  }
}
