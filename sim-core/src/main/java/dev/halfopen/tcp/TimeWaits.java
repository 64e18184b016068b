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
  private static final int LIVE = 1;
  private static final int TIMESTAMPS = 2;
  private static final int FIN_WAIT_2 = 4;

  TimeWaits(MemoryBudget budget) {
    super("timeWaits", WORDS, ENDS, budget);
  }

  int create() {
    int r = allocate();
    move(r);
    put(META, LIVE);
    put(ENDS, 0);
    return r;
  }

  void destroy() {
    put(META, 0);
    free(row());
  }

  boolean isLive() {
    return (get(META) & LIVE) != 0;
  }

  int sndNxt() {
    return get(SND_NXT);
  }

  void sndNxt(int x) {
    put(SND_NXT, x);
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

  void ends(int jiffy) {
    put(ENDS, get(ENDS) & ~JIFFY_MASK | jiffy & JIFFY_MASK);
  }

  /** Whether connect() chose or was given the port: it counts as in use towards its destination. */
  boolean active() {
    return (get(ENDS) & ACTIVE) != 0;
  }

  void active(boolean on) {
    put(ENDS, get(ENDS) & ~ACTIVE | (on ? ACTIVE : 0));
  }

  /** It ends later than the lanes reach, so it goes there in stages. */
  boolean inStages() {
    return (get(ENDS) & STAGES) != 0;
  }

  void inStages(boolean on) {
    put(ENDS, get(ENDS) & ~STAGES | (on ? STAGES : 0));
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

  void reuseAddress(boolean on) {
    put(ENDS, get(ENDS) & ~REUSE | (on ? REUSE : 0));
  }

  int windowScale() {
    return get(ENDS) >>> 28;
  }

  void windowScale(int shift) {
    put(ENDS, get(ENDS) & 0x0FFFFFFF | shift << 28);
  }

  int window() {
    return get(META) >>> 16;
  }

  void window(int wire) {
    put(META, get(META) & 0xFFFF | wire << 16);
  }

  boolean timestamps() {
    return (get(META) & TIMESTAMPS) != 0;
  }

  void timestamps(boolean on) {
    put(META, get(META) & ~TIMESTAMPS | (on ? TIMESTAMPS : 0));
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
    return get(META) >>> 3 & 0x1FFF;
  }

  void entryStamp(int units) {
    put(META, get(META) & ~(0x1FFF << 3) | (units & 0x1FFF) << 3);
  }
}
