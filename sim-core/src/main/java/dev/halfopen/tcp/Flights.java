package dev.halfopen.tcp;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.RecordTable;

/**
 * What a connection needs while something is queued, in flight, unread or delayed: 128 bytes from a
 * last-in-first-out pool, so that the rows in use stay few and cached. A connection has a Flight as
 * long as it wants to wake; the wake-up that finds it quiescent gives the row back.
 */
final class Flights extends RecordTable {
  static final int WORDS = 32;

  /** So many may be given back in one jiffy of 4 ms, and are taken until the next. */
  private static final int SPARE = 8192;

  /** Kinds of the retransmission-class timer, as icsk_pending. */
  static final int PENDING_NONE = 0;

  static final int PENDING_RTO = 1;
  static final int PENDING_PROBE = 2;
  static final int PENDING_TLP = 3;

  /** As many bytes acknowledged as are counted: more than an unscaled window has. */
  static final int MANY_ACKED = 0xFFFF;

  // The first cache line: all that a wake-up needs which finds nothing due or gives the row back.

  private static final int SND_NXT = 0;
  private static final int WRITE_SEQ = 1;
  private static final int COPIED_SEQ = 2;
  private static final int RCV_WUP = 3;
  private static final int RCV_WND = 4;
  private static final int SND_WND = 5;
  private static final int RTO_AT = 6;
  private static final int ACK_AT = 7;
  private static final int ENTRY_SLOT = 8;
  private static final int WHEEL_SLOT = 9;
  private static final int PENDING = 10;
  private static final int SEND_HEAD = 11;
  private static final int PIECES = 12;
  private static final int LAST_CHALLENGE = 13;
  private static final int PEER = 14;
  private static final int LAST_HEARD = 15;
  private static final int LINK = LAST_HEARD;

  // The second.

  private static final int PACKETS_OUT = 16;
  private static final int SEND_NEXT = 17;
  private static final int SEND_TAIL = 18;
  private static final int SND_WL1 = 19;
  private static final int MAX_WINDOW = 20;
  private static final int CWND_CREDIT = 21;
  private static final int RTO = 22;
  private static final int RTT_SEQ = 23;
  private static final int MDEV_MAX = 24;
  private static final int MIN_RTT = 25;
  private static final int LAST_SEND = 26;
  private static final int SND_SML = 27;
  private static final int RCV_MSS = 28;
  private static final int TLP_HIGH_SEQ = 29;
  private static final int HIGH_SEQ = 30;
  private static final int RETRANS_STAMP = 31;

  /** A closed socket in FIN_WAIT_2 sends nothing any more that Nagle's rule could ask for. */
  private static final int CLOSE_AT = SND_SML;

  /** Probes are sent while nothing is out, and so while nothing is lost. */
  private static final int PROBE_START = HIGH_SEQ;

  Flights(MemoryBudget budget) {
    super("flights", WORDS, LINK, SPARE, budget);
  }

  int create() {
    int r = take();
    clear(WORDS);
    return r;
  }

  int sndNxt() {
    return get(SND_NXT);
  }

  void sndNxt(int x) {
    put(SND_NXT, x);
  }

  int writeSeq() {
    return get(WRITE_SEQ);
  }

  void writeSeq(int x) {
    put(WRITE_SEQ, x);
  }

  int copiedSeq() {
    return get(COPIED_SEQ);
  }

  void copiedSeq(int x) {
    put(COPIED_SEQ, x);
  }

  int rcvWup() {
    return get(RCV_WUP);
  }

  void rcvWup(int x) {
    put(RCV_WUP, x);
  }

  /** Offered receive window in bytes, counted from rcvWup. */
  int rcvWnd() {
    return get(RCV_WND);
  }

  void rcvWnd(int bytes) {
    put(RCV_WND, bytes);
  }

  int sndWl1() {
    return get(SND_WL1);
  }

  void sndWl1(int x) {
    put(SND_WL1, x);
  }

  /** The peer's window in bytes. */
  int sndWnd() {
    return get(SND_WND);
  }

  void sndWnd(int bytes) {
    put(SND_WND, bytes);
  }

  /** Jiffy in which the retransmission-class timer fires, if one is pending. */
  int rtoAt() {
    return get(RTO_AT);
  }

  void rtoAt(int jiffy) {
    put(RTO_AT, jiffy);
  }

  int ackAt() {
    return get(ACK_AT);
  }

  void ackAt(int jiffy) {
    put(ACK_AT, jiffy);
  }

  /** Jiffy of the FIN_WAIT_2 timer of a socket that was closed. */
  int closeAt() {
    return get(CLOSE_AT);
  }

  void closeAt(int jiffy) {
    put(CLOSE_AT, jiffy);
  }

  /** Slot in which the connection wants to wake next, 0 for none. */
  int wheelSlot() {
    return get(WHEEL_SLOT);
  }

  void wheelSlot(int slot) {
    put(WHEEL_SLOT, slot);
  }

  /**
   * Slot of the earliest entry that the row of the connection has in the wheel, no later than
   * wheelSlot: a connection that had the row before may have left it. 0 for none.
   */
  int entrySlot() {
    return get(ENTRY_SLOT);
  }

  void entrySlot(int slot) {
    put(ENTRY_SLOT, slot);
  }

  // word PENDING: pending 3 | ack timer 1 | close timer 1 | ack scheduled 1 | ack now 1 |
  // tlp retransmitted 1 | backoff 8 | retransmits 8 | probes 8

  int pending() {
    return get(PENDING) & 7;
  }

  void pending(int kind) {
    put(PENDING, get(PENDING) & ~7 | kind);
  }

  boolean ackTimer() {
    return (get(PENDING) & 8) != 0;
  }

  void ackTimer(boolean on) {
    put(PENDING, get(PENDING) & ~8 | (on ? 8 : 0));
  }

  boolean closeTimer() {
    return (get(PENDING) & 16) != 0;
  }

  void closeTimer(boolean on) {
    put(PENDING, get(PENDING) & ~16 | (on ? 16 : 0));
  }

  /** inet_csk_ack_scheduled: received data is not acknowledged yet. */
  boolean ackScheduled() {
    return (get(PENDING) & 32) != 0;
  }

  void ackScheduled(boolean on) {
    put(PENDING, get(PENDING) & ~32 | (on ? 32 : 0));
  }

  /** ICSK_ACK_NOW. */
  boolean ackNow() {
    return (get(PENDING) & 64) != 0;
  }

  void ackNow(boolean on) {
    put(PENDING, get(PENDING) & ~64 | (on ? 64 : 0));
  }

  boolean anyTimer() {
    return (get(PENDING) & 31) != 0;
  }

  int backoff() {
    return get(PENDING) >>> 8 & 0xFF;
  }

  void backoff(int n) {
    put(PENDING, get(PENDING) & ~(0xFF << 8) | n << 8);
  }

  int retransmits() {
    return get(PENDING) >>> 16 & 0xFF;
  }

  void retransmits(int n) {
    put(PENDING, get(PENDING) & ~(0xFF << 16) | Math.min(n, 255) << 16);
  }

  int probes() {
    return get(PENDING) >>> 24;
  }

  void probes(int n) {
    put(PENDING, get(PENDING) & ~(0xFF << 24) | Math.min(n, 255) << 24);
  }

  /** Segments sent and not acknowledged. */
  int packetsOut() {
    return get(PACKETS_OUT) & 0xFFFF;
  }

  void packetsOut(int n) {
    put(PACKETS_OUT, get(PACKETS_OUT) & 0xFFFF0000 | n);
  }

  /** Segments thought lost and not sent again yet. */
  int lostOut() {
    return get(PACKETS_OUT) >>> 16;
  }

  void lostOut(int n) {
    put(PACKETS_OUT, get(PACKETS_OUT) & 0xFFFF | n << 16);
  }

  /** When the first RTO retransmission of this episode was sent, ms; 0 for none. */
  int retransStamp() {
    return get(RETRANS_STAMP);
  }

  void retransStamp(int ms) {
    put(RETRANS_STAMP, ms);
  }

  int rttSeq() {
    return get(RTT_SEQ);
  }

  void rttSeq(int x) {
    put(RTT_SEQ, x);
  }

  int mdevMax() {
    return get(MDEV_MAX);
  }

  void mdevMax(int usBy4) {
    put(MDEV_MAX, usBy4);
  }

  /** When data was last sent, jiffies. */
  int lastSend() {
    return get(LAST_SEND);
  }

  void lastSend(int jiffies) {
    put(LAST_SEND, jiffies);
  }

  int minRttUs() {
    return get(MIN_RTT);
  }

  void minRttUs(int us) {
    put(MIN_RTT, us);
  }

  int maxWindow() {
    return get(MAX_WINDOW);
  }

  void maxWindow(int bytes) {
    put(MAX_WINDOW, bytes);
  }

  /** First segment not acknowledged, a row of SendQueue; 0 for none. */
  int sendHead() {
    return get(SEND_HEAD);
  }

  /** The same of a row that need not be under the cursor. */
  int sendHeadOf(int row) {
    return wordOf(row, SEND_HEAD);
  }

  /** Reads the second cache line of a row, to have it in the cache. */
  int touchSecond(int row) {
    return wordOf(row, PACKETS_OUT);
  }

  void sendHead(int r) {
    put(SEND_HEAD, r);
  }

  /** First segment never sent; 0 for none. */
  int sendNext() {
    return get(SEND_NEXT);
  }

  void sendNext(int r) {
    put(SEND_NEXT, r);
  }

  int sendTail() {
    return get(SEND_TAIL);
  }

  void sendTail(int r) {
    put(SEND_TAIL, r);
  }

  /** icsk_rto, jiffies. */
  int rto() {
    return get(RTO);
  }

  void rto(int jiffies) {
    put(RTO, jiffies);
  }

  /** First out-of-order piece received, a row of SendQueue; 0 for none. */
  int pieces() {
    return get(PIECES);
  }

  void pieces(int r) {
    put(PIECES, r);
  }

  int lastChallenge() {
    return get(LAST_CHALLENGE);
  }

  void lastChallenge(int jiffies) {
    put(LAST_CHALLENGE, jiffies);
  }

  int tlpHighSeq() {
    return get(TLP_HIGH_SEQ);
  }

  void tlpHighSeq(int x) {
    put(TLP_HIGH_SEQ, x);
  }

  /** snd_nxt when loss was entered. */
  int highSeq() {
    return get(HIGH_SEQ);
  }

  void highSeq(int x) {
    put(HIGH_SEQ, x);
  }

  /** Where the peer has its socket, as its last segment said; 0 if it did not. */
  int peer() {
    return get(PEER);
  }

  void peer(int socket) {
    put(PEER, socket);
  }

  /** When zero-window probing began, ms; with TCP_USER_TIMEOUT. */
  int probeStart() {
    return get(PROBE_START);
  }

  void probeStart(int ms) {
    put(PROBE_START, ms);
  }

  /** snd_cwnd_cnt. */
  int cwndCredit() {
    return get(CWND_CREDIT) & 0xFFFF;
  }

  void cwndCredit(int n) {
    put(CWND_CREDIT, get(CWND_CREDIT) & 0xFFFF0000 | Math.min(n, 0xFFFF));
  }

  /** bytes_acked, which stops at {@link #MANY_ACKED}. */
  int bytesAcked() {
    return get(CWND_CREDIT) >>> 16;
  }

  void bytesAcked(int n) {
    put(CWND_CREDIT, get(CWND_CREDIT) & 0xFFFF | Math.min(n, MANY_ACKED) << 16);
  }

  /** End of the last segment sent that was smaller than a full one, for Nagle. */
  int sndSml() {
    return get(SND_SML);
  }

  void sndSml(int x) {
    put(SND_SML, x);
  }

  /** When a segment with data or an ACK last came, jiffies: rcv_tstamp and lrcvtime. */
  int lastHeard() {
    return get(LAST_HEARD);
  }

  void lastHeard(int jiffies) {
    put(LAST_HEARD, jiffies);
  }

  /** icsk_ack.rcv_mss: size of the segments that the peer sends. */
  int rcvMss() {
    return get(RCV_MSS) & 0xFFFF;
  }

  void rcvMss(int bytes) {
    put(RCV_MSS, get(RCV_MSS) & ~0xFFFF | bytes);
  }

  /** ICSK_ACK_PUSHED (1) and PUSHED2 (2): small segments wait to be acknowledged. */
  int pushed() {
    return get(RCV_MSS) >>> 16 & 3;
  }

  void pushed(int bits) {
    put(RCV_MSS, get(RCV_MSS) & ~(3 << 16) | bits << 16);
  }

  // ---- several fields of one word at once

  /** Whether received data waits for its ACK, scheduled or wanted now. */
  boolean ackDue() {
    return (get(PENDING) & (32 | 64)) != 0;
  }

  /** Whether there is anything that an ACK which leaves puts an end to. */
  boolean ackStands() {
    return (get(PENDING) & (8 | 32 | 64)) != 0;
  }

  /** An ACK has left: none is scheduled, wanted now or delayed, and nothing pushed waits for it. */
  void ackLeft() {
    put(PENDING, get(PENDING) & ~(8 | 32 | 64));
    pushed(0);
  }

  /** The peer has acknowledged so many bytes more: no retransmissions, no probes. */
  void progress(int bytes) {
    put(PENDING, get(PENDING) & 0xFFFF);
    int w = get(CWND_CREDIT);
    put(CWND_CREDIT, w + (Math.min(bytes, MANY_ACKED - (w >>> 16)) << 16));
  }

  /** {@code tcp_packets_in_flight}: what is out less what is lost. */
  int inFlight() {
    int w = get(PACKETS_OUT);
    return (w & 0xFFFF) - (w >>> 16);
  }

  /** {@code tcp_ack_update_window}: what the peer's segment at {@code seq} offers. */
  void window(int seq, int bytes) {
    put(SND_WL1, seq);
    put(SND_WND, bytes);
    if (bytes > get(MAX_WINDOW)) {
      put(MAX_WINDOW, bytes);
    }
  }

  /** One more segment is out. */
  void countOut() {
    put(PACKETS_OUT, get(PACKETS_OUT) + 1);
  }

  /** So many segments are out no longer, of which so many were lost. */
  void countIn(int segments, int lost) {
    put(PACKETS_OUT, get(PACKETS_OUT) - segments - (lost << 16));
  }
}
