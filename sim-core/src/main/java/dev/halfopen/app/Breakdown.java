package dev.halfopen.app;

import java.util.Arrays;

/**
 * What became of requests, by what their database connection was doing at one moment (when the
 * power went): those that were served then, and those that came later. Times count from that moment
 * or from the request's arrival, whichever is later.
 */
public final class Breakdown {
  /** It has not had a connection. */
  public static final int NONE = 0;

  public static final int UNACKNOWLEDGED = 1;
  public static final int ACKNOWLEDGED = 2;
  public static final int IDLE = 3;

  /** Its connection was opened later. */
  public static final int LATER = 4;

  public static final int CLASSES = 5;

  /** Steps of an octave that times are told apart by, so that a median is within 1.6 %. */
  private static final int STEPS = 64;

  private static final int STEP_BITS = 6;

  /** Times up to 2^35 ms, a year: the first two octaves count single milliseconds. */
  private static final int BINS = (35 - STEP_BITS) * STEPS + STEPS;

  private static final long MS_NS = 1_000_000;

  private static final int CAUSES = FailureCause.count();

  private final long[] ended = new long[CLASSES * CAUSES];
  private final long[] leastNs = new long[CLASSES * CAUSES];
  private final long[] mostNs = new long[CLASSES * CAUSES];
  private final long[] took = new long[CLASSES * BINS];
  private final long[] unfinished = new long[CLASSES];
  private final long[] atMark = new long[CLASSES];
  private long markNs = LoadStats.NEVER;

  /** Nothing has been marked yet. */
  public Breakdown() {
    Arrays.fill(leastNs, Long.MAX_VALUE);
  }

  void mark(long nowNs) {
    markNs = nowNs;
  }

  boolean isMarked() {
    return markNs != LoadStats.NEVER;
  }

  /** A request was served at the moment of the mark. */
  void served(int cls) {
    atMark[cls]++;
  }

  /** A request has ended; the cause NONE: it succeeded. */
  void end(long nowNs, long arrivalNs, int cls, FailureCause cause) {
    if (!isMarked()) {
      return;
    }
    int i = cls * CAUSES + cause.index();
    long ns = nowNs - Math.max(markNs, arrivalNs);
    ended[i]++;
    took[cls * BINS + bin(ns / MS_NS)]++;
    leastNs[i] = Math.min(leastNs[i], ns);
    mostNs[i] = Math.max(mostNs[i], ns);
  }

  private static int bin(long ms) {
    if (ms < STEPS) {
      return (int) ms;
    }
    int octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(ms) - STEP_BITS;
    return Math.min(BINS - 1, octave * STEPS + (int) (ms >>> octave));
  }

  /** The least time of a bin in milliseconds. */
  public static long leastMs(int bin) {
    int octave = Math.max(0, bin / STEPS - 1);
    return (long) (bin - octave * STEPS) << octave;
  }

  /** How many bins there are for {@link #took}. */
  public static int bins() {
    return BINS;
  }

  /** Requests that ended, in whatever way, after a time of this bin. */
  public long took(int cls, int bin) {
    return took[cls * BINS + bin];
  }

  void leave(int cls) {
    unfinished[cls]++;
  }

  /** The moment, or {@link LoadStats#NEVER}. */
  public long markNs() {
    return markNs;
  }

  /** Requests that were served at that moment. */
  public long atMark(int cls) {
    return atMark[cls];
  }

  /** Requests that ended that way, {@link FailureCause#NONE} for success. */
  public long ended(int cls, FailureCause cause) {
    return ended[cls * CAUSES + cause.index()];
  }

  /** The shortest time of one of {@link #ended}. */
  public long leastNs(int cls, FailureCause cause) {
    return leastNs[cls * CAUSES + cause.index()];
  }

  /** The longest time of one of {@link #ended}. */
  public long mostNs(int cls, FailureCause cause) {
    return mostNs[cls * CAUSES + cause.index()];
  }

  /** Requests that were still served when the run ended. */
  public long unfinished(int cls) {
    return unfinished[cls];
  }

  /** "idle in pool" and so on, for tables. */
  public static String label(int cls) {
    return switch (cls) {
      case UNACKNOWLEDGED -> "unacknowledged";
      case ACKNOWLEDGED -> "acknowledged, waiting";
      case IDLE -> "idle in pool";
      case LATER -> "opened later";
      default -> "no connection";
    };
  }
}
