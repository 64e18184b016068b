package dev.halfopen.engine;

/**
 * Hash over all events that one host has dispatched, in their order. Hosts are combined so that the
 * order of hosts does not matter: equal digests mean equal runs, however they were cut into
 * threads. It tells runs apart, not adversaries.
 */
public final class RunDigest {
  /** Not 0, so that an event of zeros counts, too. */
  private static final long START = 0x9E3779B97F4A7C15L;

  private long value = START;

  /** One event: when, and what it was. */
  public void add(long timeNs, long a, long b, long c) {
    enter(spread(spread(spread(timeNs) + a) + b) + c);
  }

  /** One event with five words, as a packet has. */
  public void add(long timeNs, long a, long b, long c, long d, long e) {
    enter(spread(spread(spread(spread(spread(timeNs) + a) + b) + c) + d) + e);
  }

  /** One to one, so that no two events fall together in it. */
  private static long spread(long x) {
    long y = x * 0x9E3779B97F4A7C15L;
    return y ^ y >>> 32;
  }

  /** The only step that waits for the event before: one addition, one multiplication. */
  private void enter(long event) {
    long sum = (value + event) * 0x94D049BB133111EBL;
    value = sum ^ sum >>> 29;
  }

  public long value() {
    return value;
  }

  /** Forgets all events. */
  public void clear() {
    value = START;
  }

  /** Adds a host's digest to what others gave. */
  public static long combine(long sum, int hostId, long hostDigest) {
    return sum + RandomStreams.mix(hostDigest ^ RandomStreams.mix(hostId));
  }

  /** 16 hex digits. */
  public static String toHex(long digest) {
    StringBuilder s = new StringBuilder(16);
    for (int shift = 60; shift >= 0; shift -= 4) {
      s.append(Character.forDigit((int) (digest >>> shift) & 15, 16));
    }
    return s.toString();
  }
}
