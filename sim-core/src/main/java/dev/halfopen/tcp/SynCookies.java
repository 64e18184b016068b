package dev.halfopen.tcp;

import dev.halfopen.engine.RandomStreams;
import dev.halfopen.net.Segment;

/**
 * SYN cookies: the connection's state travels in our ISN, its options in the low bits of our
 * timestamp ({@code cookie_v4_init_sequence}, {@code cookie_v4_check}, {@code
 * cookie_init_timestamp}).
 */
final class SynCookies {
  /** msstab of net/ipv4/syncookies.c. */
  static final int[] MSS_OF_IPV4 = {536, 1300, 1440, 1460};

  /** msstab of net/ipv6/syncookies.c: MTUs of 1280, 1480, 1500 and 9000 bytes less 60. */
  static final int[] MSS_OF_IPV6 = {1220, 1420, 1440, 8940};

  /** MAX_SYNCOOKIE_AGE: a cookie is good for this and the previous minute. */
  private static final int PERIODS = 2;

  private static final long PERIOD_NS = 60_000_000_000L;
  private static final int PURPOSE = 30;

  /** TSBITS: window scale 4 (15: none), SACK 1, ECN 1. */
  private static final int TS_BITS = 6;

  private static final int TS_MASK = (1 << TS_BITS) - 1;
  private static final int NO_SCALE = 15;
  private static final int TS_SACK = 1 << 4;

  private final Stack s;

  /** What {@link #isValid} found in the cookie and timestamp. */
  int mss;

  boolean timestamps;
  boolean sack;
  boolean windowScaling;
  int sendScale;

  SynCookies(Stack s) {
    this.s = s;
  }

  private int hash(int local, int remote, int ports, int irs, long period) {
    long tuple = (long) local << 32 | remote & 0xFFFFFFFFL;
    long x = RandomStreams.bits(s.host.host().seed(), ports, PURPOSE, tuple);
    return (int) RandomStreams.mix(x ^ (long) irs << 20 ^ period) & ~3;
  }

  /**
   * The ISN of the SYN-ACK for the current SYN; the peer's MSS is rounded down to a table entry.
   */
  int make(int peerMss) {
    Segment in = s.in;
    int[] table = s.host.cookieMss;
    int index = table.length - 1;
    while (index > 0 && table[index] > peerMss) {
      index--;
    }
    mss = table[index];
    long period = s.nowNs / PERIOD_NS;
    return hash(in.destination, in.source, in.ports << 16 | in.ports >>> 16, in.seq, period)
        | index;
  }

  /** {@code tcp_synq_overflow}. */
  void overflowed(Listener l) {
    l.overflowed = true;
    l.overflowAt = s.jiffies;
  }

  private boolean overflowedLately(Listener l) {
    return l.overflowed && s.jiffies - l.overflowAt <= PERIODS * 60 * s.host.hz;
  }

  /** Our timestamp with the options in its low bits, not later than the clock. */
  int timestampWithOptions(int plain, boolean withScale, int scale, boolean withSack) {
    int options = (withScale ? scale : NO_SCALE) | (withSack ? TS_SACK : 0);
    int offset = plain - s.nowMs();
    int ts = s.nowMs() & ~TS_MASK | options;
    if (ts - s.nowMs() > 0) {
      ts -= 1 << TS_BITS;
    }
    return ts + offset;
  }

  /** Whether the current segment acknowledges a cookie of ours; if so, what it stood for. */
  boolean isValid(Listener l) {
    Segment in = s.in;
    if (s.host.synCookies == 0 || !in.has(Segment.ACK) || in.has(Segment.RST)) {
      return false;
    }
    if (!overflowedLately(l)) {
      return false;
    }
    int cookie = in.ack - 1;
    int ports = in.ports << 16 | in.ports >>> 16;
    long period = s.nowNs / PERIOD_NS;
    for (int age = 0; age < PERIODS; age++) {
      int made = hash(in.destination, in.source, ports, in.seq - 1, period - age);
      if ((cookie & ~3) == made) {
        mss = s.host.cookieMss[cookie & 3];
        decodeOptions();
        s.host.count(Mib.SYNCOOKIES_RECV);
        return true;
      }
    }
    s.host.count(Mib.SYNCOOKIES_FAILED);
    return false;
  }

  private void decodeOptions() {
    Segment in = s.in;
    timestamps = in.hasOption(Segment.OPT_TIMESTAMP);
    sack = false;
    windowScaling = false;
    sendScale = 0;
    if (!timestamps || in.tsEcho == 0) {
      return;
    }
    int raw = in.tsEcho - (s.timestamp(in.destination, in.source) - s.nowMs());
    int options = raw & TS_MASK;
    sack = (options & TS_SACK) != 0;
    sendScale = options & 15;
    windowScaling = sendScale != NO_SCALE;
    if (!windowScaling) {
      sendScale = 0;
    }
  }
}
