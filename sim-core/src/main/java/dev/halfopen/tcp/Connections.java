package dev.halfopen.tcp;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Segment;

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
 *        generation 16                                    14 Flight row, while quiescent the
 *                                                            peer's socket, negative
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

  /** A socket in a segment is a row here, or one of Requests with the bit above these. */
  static final int SOCKET_ROW_BITS = Segment.SOCKET_BITS - 1;

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

  /** Of a row that is free: the slot of the entry that it has left in the wheel, see Flights. */
  private static final int ENTRY_SLOT = LAST_RECEIVE;

  private int inheritedSlot;

  Connections(MemoryBudget budget) {
    super("connections", WORDS, HANDLE, budget);
  }

  /** Takes a row, moves the cursor to it and clears all but its generation. */
  int create() {
    int r = takeRow();
    inheritedSlot = get(ENTRY_SLOT);
    int generation = get(META) & 0xFFFF0000;
    clear(WORDS);
    put(META, generation);
    return r;
  }

  /**
   * Gives the row back; the references that others hold become invalid.
   *
   * @param entrySlot where it has an entry in the wheel, 0 for none: its next user will know
   */
  void destroy(int entrySlot) {
    int meta = get(META);
    put(ENTRY_SLOT, entrySlot);
    put(META, (meta & 0xFFFF0000) + 0x10000);
    giveBack(row());
  }

  /** What {@link #destroy} was told of the row that {@link #create} has taken last. */
  int inheritedSlot() {
    return inheritedSlot;
  }

  int generation() {
    return get(META) >>> 16;
  }

  /** The name by which applications know the row: generation << 32 | row. */
  long reference() {
    return (long) (get(META) >>> 16) << 32 | row();
  }

  /** Moves to the row of a reference; false if that socket no longer exists. */
  boolean resolve(long reference) {
    int r = (int) reference;
    if (r != row()) {
      if (reference < 0 || r <= 0 || r > highWater()) {
        return false;
      }
      move(r);
    }
    int meta = get(META);
    return (meta & 15) != State.CLOSED && meta >>> 16 == (int) (reference >>> 32);
  }

  int state() {
    return get(META) & 15;
  }

  /** Only {@link Transitions} calls this. */
  void state(int state) {
    put(META, get(META) & ~15 | state);
  }

  boolean flag(int flag) {
    return (get(META) & flag) != 0;
  }

  void setFlag(int flag) {
    put(META, get(META) | flag);
  }

  void clearFlag(int flag) {
    put(META, get(META) & ~flag);
  }

  /** icsk_ca_state: 0 Open, 4 Loss. */
  int caState() {
    return get(META) >>> 4 & 7;
  }

  void caState(int ca) {
    put(META, get(META) & ~(7 << 4) | ca << 4);
  }

  int sndUna() {
    return get(SND_UNA);
  }

  void sndUna(int x) {
    put(SND_UNA, x);
  }

  int rcvNxt() {
    return get(RCV_NXT);
  }

  void rcvNxt(int x) {
    put(RCV_NXT, x);
  }

  int sndWndWire() {
    return get(WINDOWS) >>> 16;
  }

  void sndWndWire(int x) {
    put(WINDOWS, get(WINDOWS) & 0xFFFF | x << 16);
  }

  int rcvWndWire() {
    return get(WINDOWS) & 0xFFFF;
  }

  void rcvWndWire(int x) {
    put(WINDOWS, get(WINDOWS) & 0xFFFF0000 | x);
  }

  int contract() {
    return get(CONTRACT) >>> 16;
  }

  void contract(int id) {
    put(CONTRACT, get(CONTRACT) & 0xFFFF | id << 16);
  }

  int quickAcks() {
    return get(CONTRACT) >>> 11 & 31;
  }

  void quickAcks(int n) {
    put(CONTRACT, get(CONTRACT) & ~(31 << 11) | n << 11);
  }

  int pingpong() {
    return get(CONTRACT) >>> 8 & 7;
  }

  void pingpong(int n) {
    put(CONTRACT, get(CONTRACT) & ~(7 << 8) | n << 8);
  }

  /** Delayed-ACK estimate in jiffies, 0 before the first data. */
  int ato() {
    return get(CONTRACT) & 0xFF;
  }

  void ato(int jiffies) {
    put(CONTRACT, get(CONTRACT) & ~0xFF | jiffies);
  }

  int srtt() {
    return get(SRTT);
  }

  void srtt(int usBy8) {
    put(SRTT, usBy8);
  }

  int mdev() {
    return get(MDEV);
  }

  void mdev(int usBy4) {
    put(MDEV, usBy4);
  }

  int rttvar() {
    return get(RTTVAR);
  }

  void rttvar(int usBy4) {
    put(RTTVAR, usBy4);
  }

  /** Congestion window in segments. */
  int cwnd() {
    return get(CWND) >>> 16;
  }

  void cwnd(int segments) {
    put(CWND, get(CWND) & 0xFFFF | Math.min(segments, 0xFFFF) << 16);
  }

  int ssthresh() {
    return get(CWND) & 0xFFFF;
  }

  void ssthresh(int segments) {
    put(CWND, get(CWND) & 0xFFFF0000 | segments);
  }

  int tsRecent() {
    return get(TS_RECENT);
  }

  void tsRecent(int x) {
    put(TS_RECENT, x);
  }

  int lastReceive() {
    return get(LAST_RECEIVE);
  }

  void lastReceive(int jiffies) {
    put(LAST_RECEIVE, jiffies);
  }

  /** Its row, 0 while quiescent. */
  int flight() {
    return Math.max(0, get(FLIGHT));
  }

  /** The Flight of a row that need not be under the cursor. */
  int flightOf(int itsRow) {
    return Math.max(0, wordOf(itsRow, FLIGHT));
  }

  /** The state of a row that need not be under the cursor. */
  int stateOf(int itsRow) {
    return wordOf(itsRow, META) & 15;
  }

  void flight(int flightRow) {
    put(FLIGHT, flightRow);
  }

  /** It has no Flight from now on, and keeps in mind where the peer has its socket. */
  void rest(int peerSocket) {
    put(FLIGHT, -peerSocket);
  }

  /** What {@link #rest} was told. */
  int peerWhileAtRest() {
    return Math.max(0, -get(FLIGHT));
  }

  /** What segments call the row under the cursor: their sockets; 0 beyond what those can say. */
  int socket() {
    int r = row();
    return r >>> SOCKET_ROW_BITS == 0 ? r : 0;
  }

  /**
   * Whether a socket that a segment is for is this 4-tuple's connection, and then moves there. It
   * may be anything.
   */
  boolean isAt(int socket, int local, int remote, int ports) {
    if (!exists(socket)) {
      return false;
    }
    move(socket);
    return matches(local, remote, ports) && state() != State.CLOSED;
  }

  int handle() {
    return get(HANDLE);
  }

  void handle(int x) {
    put(HANDLE, x);
  }

  // ---- several fields of one word at once

  /** Past the handshake, and in TCP_CA_Open. */
  boolean isOpen() {
    int m = get(META) & (15 | 7 << 4);
    return m >= State.ESTABLISHED && m <= 15;
  }

  /** Whether an application has it: accepted (or connected) and not closed. */
  boolean isOwned() {
    return (get(META) & (F_ACCEPTED | F_ORPHAN)) == F_ACCEPTED;
  }
}
