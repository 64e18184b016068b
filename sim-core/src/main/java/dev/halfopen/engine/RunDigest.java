package dev.halfopen.engine;

/**
 * Hash over all events that one host has dispatched, in their order. Hosts are combined so that the
 * order of hosts does not matter: equal digests mean equal runs, however they were cut into
 * threads.
 */
public final class RunDigest {
  private long value;

  /** One event: when, and what it was. */
  public void add(long timeNs, long a, long b, long c) {
    long x = timeNs * 0x9E3779B97F4A7C15L + a;
    x = (x ^ x >>> 32) * 0xD6E8FEB86659FD93L + b;
    x = (x ^ x >>> 32) * 0xBF58476D1CE4E5B9L + c;
    value = (value + x) * 0x94D049BB133111EBL + (value >>> 29);
  }

  public long value() {
    return value;
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
