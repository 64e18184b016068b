package dev.halfopen.tcp;

import dev.halfopen.engine.MemoryBudget;

/**
 * Sockets from SYN_SENT or ESTABLISHED to LAST_ACK: 64 hot bytes, complete while the connection is
 * quiescent (nothing queued, in flight, unread or delayed); everything else is in its Flight
 * record.
 *
 * <pre>
 * word 0 local address    4 sndUna                        8  srtt (us, scaled by 8)
 *      1 remote address   5 rcvNxt                        9  mdev (us, scaled by 4)
 *      2 local port 16 |  6 sndWnd 16 | rcvWnd 16 (wire)  10 rttvar (us, scaled by 4)
 *        remote port 16   7 contract 16 | quick ACKs 5 |  11 cwnd 16 | ssthresh 16
 *      3 state 4 | ca 3 |   pingpong 3 | ato 8            12 ts_recent
 *        flags 9 |                                        13 last receive (jiffies)
 *        generation 16                                    14 Flight row, 0 while quiescent
 *                                                         15 application's handle
 * </pre>
 */
final class Connections extends TupleTable {
  static final int WORDS = 16;

  static final int F_ORPHAN = 1 << 7;
  static final int F_RCV_SHUTDOWN = 1 << 8;
  static final int F_SND_SHUTDOWN = 1 << 9;
  static final int F_RTT_SAMPLED = 1 << 10;
  static final int F_KEEPALIVE_ARMED = 1 << 11;
  static final int F_ACTIVE = 1 << 12;
  static final int F_ACCEPTED = 1 << 13;

  static final int INFINITE_SSTHRESH = 0xFFFF;

  private static final int META = 3;
  private static final int SND_UNA = 4;
  private static final int RCV_NXT = 5;
  private static final int WINDOWS = 6;
  private static final int CONTRACT = 7;
  private static final int SRTT = 8;
  private static final int MDEV = 9;
  private static final int RTTVAR = 10;
  private static final int CWND = 11;
  private static final int TS_RECENT = 12;
  private static final int LAST_RECEIVE = 13;
  private static final int FLIGHT = 14;
  private static final int HANDLE = 15;

  Connections(MemoryBudget budget) {
    super("connections", WORDS, HANDLE, budget);
  }

  /** Takes a row, moves the cursor to it and clears all but its generation. */
  int create() {
    int r = allocate();
    move(r);
    int generation = segment[base + META] & 0xFFFF0000;
    for (int i = 0; i < WORDS; i++) {
      segment[base + i] = 0;
    }
    segment[base + META] = generation;
    return r;
  }

  /** Gives the row back; the references that others hold become invalid. */
  void destroy() {
    int meta = segment[base + META];
    segment[base + META] = (meta & 0xFFFF0000) + 0x10000;
    free(row());
  }

  int generation() {
    return segment[base + META] >>> 16;
  }

  /** The name by which applications know the row: generation << 32 | row. */
  long reference() {
    return (long) (segment[base + META] >>> 16) << 32 | row();
  }

  /** Moves to the row of a reference; false if that socket no longer exists. */
  boolean resolve(long reference) {
    int r = (int) reference;
    if (reference < 0 || r <= 0 || r > highWater()) {
      return false;
    }
    move(r);
    int meta = segment[base + META];
    return (meta & 15) != State.CLOSED && meta >>> 16 == (int) (reference >>> 32);
  }

  int state() {
    return segment[base + META] & 15;
  }

  /** Only {@link Transitions} calls this. */
  void state(int state) {
    segment[base + META] = segment[base + META] & ~15 | state;
  }

  boolean flag(int flag) {
    return (segment[base + META] & flag) != 0;
  }

  void setFlag(int flag) {
    segment[base + META] |= flag;
  }

  void clearFlag(int flag) {
    segment[base + META] &= ~flag;
  }

  /** icsk_ca_state: 0 Open, 4 Loss. */
  int caState() {
    return segment[base + META] >>> 4 & 7;
  }

  void caState(int ca) {
    segment[base + META] = segment[base + META] & ~(7 << 4) | ca << 4;
  }

  int sndUna() {
    return segment[base + SND_UNA];
  }

  void sndUna(int x) {
    segment[base + SND_UNA] = x;
  }

  int rcvNxt() {
    return segment[base + RCV_NXT];
  }

  void rcvNxt(int x) {
    segment[base + RCV_NXT] = x;
  }

  int sndWndWire() {
    return segment[base + WINDOWS] >>> 16;
  }

  void sndWndWire(int x) {
    segment[base + WINDOWS] = segment[base + WINDOWS] & 0xFFFF | x << 16;
  }

  int rcvWndWire() {
    return segment[base + WINDOWS] & 0xFFFF;
  }

  void rcvWndWire(int x) {
    segment[base + WINDOWS] = segment[base + WINDOWS] & 0xFFFF0000 | x;
  }

  int contract() {
    return segment[base + CONTRACT] >>> 16;
  }

  void contract(int id) {
    segment[base + CONTRACT] = segment[base + CONTRACT] & 0xFFFF | id << 16;
  }

  int quickAcks() {
    return segment[base + CONTRACT] >>> 11 & 31;
  }

  void quickAcks(int n) {
    segment[base + CONTRACT] = segment[base + CONTRACT] & ~(31 << 11) | n << 11;
  }

  int pingpong() {
    return segment[base + CONTRACT] >>> 8 & 7;
  }

  void pingpong(int n) {
    segment[base + CONTRACT] = segment[base + CONTRACT] & ~(7 << 8) | n << 8;
  }

  /** Delayed-ACK estimate in jiffies, 0 before the first data. */
  int ato() {
    return segment[base + CONTRACT] & 0xFF;
  }

  void ato(int jiffies) {
    segment[base + CONTRACT] = segment[base + CONTRACT] & ~0xFF | jiffies;
  }

  int srtt() {
    return segment[base + SRTT];
  }

  void srtt(int usBy8) {
    segment[base + SRTT] = usBy8;
  }

  int mdev() {
    return segment[base + MDEV];
  }

  void mdev(int usBy4) {
    segment[base + MDEV] = usBy4;
  }

  int rttvar() {
    return segment[base + RTTVAR];
  }

  void rttvar(int usBy4) {
    segment[base + RTTVAR] = usBy4;
  }

  /** Congestion window in segments. */
  int cwnd() {
    return segment[base + CWND] >>> 16;
  }

  void cwnd(int segments) {
    segment[base + CWND] = segment[base + CWND] & 0xFFFF | Math.min(segments, 0xFFFF) << 16;
  }

  int ssthresh() {
    return segment[base + CWND] & 0xFFFF;
  }

  void ssthresh(int segments) {
    segment[base + CWND] = segment[base + CWND] & 0xFFFF0000 | segments;
  }

  int tsRecent() {
    return segment[base + TS_RECENT];
  }

  void tsRecent(int x) {
    segment[base + TS_RECENT] = x;
  }

  int lastReceive() {
    return segment[base + LAST_RECEIVE];
  }

  void lastReceive(int jiffies) {
    segment[base + LAST_RECEIVE] = jiffies;
  }

  int flight() {
    return segment[base + FLIGHT];
  }

  void flight(int flightRow) {
    segment[base + FLIGHT] = flightRow;
  }

  int handle() {
    return segment[base + HANDLE];
  }

  void handle(int x) {
    segment[base + HANDLE] = x;
  }
}
