package dev.halfopen.tcp;

import dev.halfopen.engine.MemoryBudget;

/**
 * Half-open connections at a listener (SYN_RECV), the kernel's request sock: 32 bytes.
 *
 * <pre>
 * word 0 local address   3 irs   6 contract 16 | timeouts 8 | flags 8
 *      1 remote address  4 iss   7 last answer to a duplicate (8 ms) 14 | jiffy in which the
 *      2 ports           5 ts_recent     SYN-ACK timer fires 18
 * </pre>
 */
final class Requests extends TupleTable {
  static final int WORDS = 8;

  /** A duplicate SYN-ACK answer was sent or the timer retransmitted it. */
  static final int F_RETRANSMITTED = 1;

  /** The final ACK came while the accept queue was full. */
  static final int F_ACKED = 2;

  static final int F_RTX_ONCE = 8;

  /** A SYN took over a TIME_WAIT: the ISN is not from the clock, so it gives no RTT. */
  static final int F_ISN_GIVEN = 16;

  /** last_oow_ack_time is set. */
  static final int F_ANSWERED = 32;

  static final int F_LIVE = 128;

  /** A deadline lies less than 2^17 jiffies ahead: 120 s and the wheel's granule. */
  private static final int JIFFY_BITS = 18;

  private static final int JIFFY_MASK = (1 << JIFFY_BITS) - 1;

  /**
   * The last answer is kept in units of 8 ms: 2^14 of them are more than the longest SYN-ACK
   * timeout.
   */
  private static final int ANSWER_SHIFT = 3;

  private static final int ANSWER_MASK = (1 << Integer.SIZE - JIFFY_BITS) - 1;

  private static final int SOCKET = 1 << Connections.SOCKET_ROW_BITS;

  private static final int IRS = 3;
  private static final int ISS = 4;
  private static final int TS_RECENT = 5;
  private static final int META = 6;
  private static final int EXPIRES = 7;

  Requests(MemoryBudget budget) {
    super("requests", WORDS, EXPIRES, budget);
  }

  /** Takes a row for a tuple and moves the cursor to it; {@link #begin} follows. */
  int create(int local, int remote, int ports) {
    int r = takeRow();
    tuple(local, remote, ports);
    return r;
  }

  /** Makes the row a live one: what a SYN has said and what answers it. */
  void begin(int irs, int iss, int tsRecent, int contract, int flags) {
    put(IRS, irs);
    put(ISS, iss);
    put(TS_RECENT, tsRecent);
    put(META, contract << 16 | flags | F_LIVE);
  }

  /** What segments call the row under the cursor. */
  int socket() {
    int r = row();
    return r >>> Connections.SOCKET_ROW_BITS == 0 ? r | SOCKET : 0;
  }

  /** Whether a socket that a segment is for is this 4-tuple's request, and then moves there. */
  boolean isAt(int socket, int local, int remote, int ports) {
    int r = socket ^ SOCKET;
    if (!exists(r)) {
      return false;
    }
    move(r);
    return isLive() && matches(local, remote, ports);
  }

  /** Whether there is a request where a segment says that it is for one. */
  boolean isLiveAt(int socket) {
    int r = socket ^ SOCKET;
    return exists(r) && (wordOf(r, META) & F_LIVE) != 0;
  }

  void destroy() {
    put(META, 0);
    giveBack(row());
  }

  boolean isLive() {
    return (get(META) & F_LIVE) != 0;
  }

  int irs() {
    return get(IRS);
  }

  int iss() {
    return get(ISS);
  }

  int tsRecent() {
    return get(TS_RECENT);
  }

  int contract() {
    return get(META) >>> 16;
  }

  /** num_timeout: how often the SYN-ACK timer has fired. */
  int timeouts() {
    return get(META) >>> 8 & 0xFF;
  }

  void timeouts(int n) {
    put(META, get(META) & 0xFFFF00FF | Math.min(n, 255) << 8);
  }

  /** SYN-ACKs that got no answer, at least one where any was repeated. */
  int lostSynAcks() {
    if (!flag(F_RETRANSMITTED)) {
      return 0;
    }
    return Math.max(1, timeouts() + (flag(F_RTX_ONCE) ? 1 : 0));
  }

  boolean flag(int f) {
    return (get(META) & f) != 0;
  }

  void setFlag(int f) {
    put(META, get(META) | f);
  }

  void clearFlag(int f) {
    put(META, get(META) & ~f);
  }

  /** Jiffy in which the SYN-ACK timer fires: the one nearest to {@code jiffies}. */
  int expires(int jiffies) {
    int ahead = get(EXPIRES) - jiffies << Integer.SIZE - JIFFY_BITS;
    return jiffies + (ahead >> Integer.SIZE - JIFFY_BITS);
  }

  void expiresAt(int jiffy) {
    put(EXPIRES, get(EXPIRES) & ~JIFFY_MASK | jiffy & JIFFY_MASK);
  }

  /** Since the last answer to a duplicate or to a segment out of the window. */
  int sinceAnswerMs(int nowMs) {
    return ((nowMs >> ANSWER_SHIFT) - (get(EXPIRES) >>> JIFFY_BITS) & ANSWER_MASK) << ANSWER_SHIFT;
  }

  void answered(int nowMs) {
    int expires = get(EXPIRES) & JIFFY_MASK;
    put(EXPIRES, nowMs >> ANSWER_SHIFT << JIFFY_BITS | expires);
    setFlag(F_ANSWERED);
  }
}
