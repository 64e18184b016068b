package dev.halfopen.tcp;

import dev.halfopen.engine.MemoryBudget;

/**
 * TIME_WAIT and orphaned FIN_WAIT_2, the kernel's tw sock: 32 bytes. A row is freed at once when a
 * SYN, an RST or a reuse of the port ends it.
 *
 * <pre>
 * word 0 local address   3 sndNxt      6 window scale 4 | answered 1 | stages 1 | active 1 |
 *      1 remote address  4 rcvNxt        SO_REUSEADDR 1 | jiffy of its end 24
 *      2 ports           5 ts_recent   7 receive window 16 (wire) | entered, in 16 ms 13 |
 *                                        FIN_WAIT_2 1 | timestamps 1 | live 1
 * </pre>
 */
final class TimeWaits extends TupleTable {
  /** So many end in one jiffy that as many others begin in the next one. */
  private static final int SPARE = 1024;

  static final int WORDS = 8;

  /** The part of a jiffy that a row keeps. */
  static final int JIFFY_MASK = 0xFFFFFF;

  private static final int SND_NXT = 3;
  private static final int RCV_NXT = 4;
  private static final int TS_RECENT = 5;
  private static final int ENDS = 6;
  private static final int META = 7;

  private static final int REUSE = 1 << 24;
  private static final int STAGES = 1 << 26;
  private static final int ANSWERED = 1 << 27;
  private static final int ACTIVE = 1 << 25;
  private static final int WINDOW_SCALE_SHIFT = 28;
  private static final int LIVE = 1;
  private static final int TIMESTAMPS = 2;
  private static final int FIN_WAIT_2 = 4;
  private static final int STAMP_SHIFT = 3;
  private static final int STAMP_MASK = 0x1FFF;
  private static final int WINDOW_SHIFT = 16;

  TimeWaits(MemoryBudget budget) {
    super("timeWaits", WORDS, ENDS, SPARE, budget);
  }

  /** Takes a row for a tuple and moves the cursor to it; {@link #sequences} and the rest follow. */
  int create(int local, int remote, int ports) {
    int r = takeRow();
    tuple(local, remote, ports);
    return r;
  }

  void sequences(int sndNxt, int rcvNxt, int tsRecent) {
    put(SND_NXT, sndNxt);
    put(RCV_NXT, rcvNxt);
    put(TS_RECENT, tsRecent);
  }

  /** What stays as it is; it has not answered anything, and when it ends is not known yet. */
  void traits(Contract c, boolean active) {
    put(
        ENDS,
        c.receiveScale << WINDOW_SCALE_SHIFT
            | (active ? ACTIVE : 0)
            | (c.options.reuseAddress ? REUSE : 0));
  }

  /**
   * Makes the row a live one.
   *
   * @param window receive window as on the wire
   * @param stamp as {@link #entryStamp}
   */
  void begin(int window, int stamp, boolean finWait2, boolean timestamps) {
    put(
        META,
        window << WINDOW_SHIFT
            | (stamp & STAMP_MASK) << STAMP_SHIFT
            | (finWait2 ? FIN_WAIT_2 : 0)
            | (timestamps ? TIMESTAMPS : 0)
            | LIVE);
  }

  void destroy() {
    put(META, 0);
    giveBack(row());
  }

  boolean isLive() {
    return (get(META) & LIVE) != 0;
  }

  int sndNxt() {
    return get(SND_NXT);
  }

  int rcvNxt() {
    return get(RCV_NXT);
  }

  void rcvNxt(int x) {
    put(RCV_NXT, x);
  }

  int tsRecent() {
    return get(TS_RECENT);
  }

  void tsRecent(int x) {
    put(TS_RECENT, x);
  }

  /** Jiffy in which it ends, modulo 2^24 (4.6 h at 1000 Hz; no TIME_WAIT lasts that long). */
  int ends() {
    return get(ENDS) & JIFFY_MASK;
  }

  /**
   * Sets both at once.
   *
   * @param inStages as {@link #inStages}
   */
  void ends(int jiffy, boolean inStages) {
    int rest = get(ENDS) & ~(JIFFY_MASK | STAGES);
    put(ENDS, rest | jiffy & JIFFY_MASK | (inStages ? STAGES : 0));
  }

  /** Whether connect() chose or was given the port: it counts as in use towards its destination. */
  boolean active() {
    return (get(ENDS) & ACTIVE) != 0;
  }

  /** It ends later than the lanes reach, so it goes there in stages. */
  boolean inStages() {
    return (get(ENDS) & STAGES) != 0;
  }

  /** It has answered a segment out of its window, at an instant that is kept elsewhere. */
  boolean answered() {
    return (get(ENDS) & ANSWERED) != 0;
  }

  void setAnswered() {
    put(ENDS, get(ENDS) | ANSWERED);
  }

  /** SO_REUSEADDR of the socket that was here. */
  boolean reuseAddress() {
    return (get(ENDS) & REUSE) != 0;
  }

  int windowScale() {
    return get(ENDS) >>> WINDOW_SCALE_SHIFT;
  }

  int window() {
    return get(META) >>> WINDOW_SHIFT;
  }

  boolean timestamps() {
    return (get(META) & TIMESTAMPS) != 0;
  }

  /** A closed socket's FIN_WAIT_2 that was moved here, tw_substate. */
  boolean finWait2() {
    return (get(META) & FIN_WAIT_2) != 0;
  }

  void finWait2(boolean on) {
    put(META, get(META) & ~FIN_WAIT_2 | (on ? FIN_WAIT_2 : 0));
  }

  /** When it entered, in units of 16 ms modulo 2^13 (131 s): tw_entry_stamp. */
  int entryStamp() {
    return get(META) >>> STAMP_SHIFT & STAMP_MASK;
  }

  void entryStamp(int units) {
    put(META, get(META) & ~(STAMP_MASK << STAMP_SHIFT) | (units & STAMP_MASK) << STAMP_SHIFT);
  }
}
