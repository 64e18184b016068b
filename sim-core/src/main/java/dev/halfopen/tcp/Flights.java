package dev.halfopen.tcp;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.RecordTable;

/**
 * What a connection needs while something is queued, in flight, unread or delayed: 128 bytes from a
 * last-in-first-out pool, so that the rows in use stay few and cached. A connection has a Flight as
 * long as it has a wheel entry; the entry that finds it quiescent gives the row back.
 */
final class Flights extends RecordTable {
  static final int WORDS = 32;

  /** Kinds of the retransmission-class timer, as icsk_pending. */
  static final int PENDING_NONE = 0;

  static final int PENDING_RTO = 1;
  static final int PENDING_PROBE = 2;
  static final int PENDING_TLP = 3;

  /** As many bytes acknowledged as are counted: more than an unscaled window has. */
  static final int MANY_ACKED = 0xFFFF;

  private static final int SND_NXT = 0;
  private static final int WRITE_SEQ = 1;
  private static final int COPIED_SEQ = 2;
  private static final int RCV_WUP = 3;
  private static final int RCV_WND = 4;
  private static final int SND_WL1 = 27;
  private static final int SND_WND = 6;
  private static final int RTO_AT = 7;
  private static final int ACK_AT = 8;
  private static final int CLOSE_AT = 9;
  private static final int WHEEL_SLOT = 10;
  private static final int PENDING = 11;
  private static final int PACKETS_OUT = 12;
  private static final int RETRANS_STAMP = 13;
  private static final int RTT_SEQ = 14;
  private static final int MDEV_MAX = 15;
  private static final int LAST_SEND = 16;
  private static final int MIN_RTT = 17;
  private static final int MAX_WINDOW = 18;
  private static final int SEND_HEAD = 19;
  private static final int SEND_NEXT = 20;
  private static final int SEND_TAIL = 21;
  private static final int RTO = 22;
  private static final int PIECES = 23;
  private static final int LAST_CHALLENGE = 24;
  private static final int RCV_MSS = 5;
  private static final int TLP_HIGH_SEQ = 25;
  private static final int HIGH_SEQ = 26;
  private static final int LINK = 31;
  private static final int PROBE_START = 28;
  private static final int CWND_CREDIT = 29;
  private static final int SND_SML = 30;
  private static final int LAST_HEARD = 31;

  Flights(MemoryBudget budget) {
    super("flights", WORDS, LINK, budget);
  }

  int create() {
    int r = allocate();
    at(r);
    int[] s = segment;
    int b = base;
    for (int i = 0; i < WORDS; i++) {
      s[b + i] = 0;
    }
    return r;
  }

  int sndNxt() {
    return segment[base + SND_NXT];
  }

  void sndNxt(int x) {
    segment[base + SND_NXT] = x;
  }

  int writeSeq() {
    return segment[base + WRITE_SEQ];
  }

  void writeSeq(int x) {
    segment[base + WRITE_SEQ] = x;
  }

  int copiedSeq() {
    return segment[base + COPIED_SEQ];
  }

  void copiedSeq(int x) {
    segment[base + COPIED_SEQ] = x;
  }

  int rcvWup() {
    return segment[base + RCV_WUP];
  }

  void rcvWup(int x) {
    segment[base + RCV_WUP] = x;
  }

  /** Offered receive window in bytes, counted from rcvWup. */
  int rcvWnd() {
    return segment[base + RCV_WND];
  }

  void rcvWnd(int bytes) {
    segment[base + RCV_WND] = bytes;
  }

  int sndWl1() {
    return segment[base + SND_WL1];
  }

  void sndWl1(int x) {
    segment[base + SND_WL1] = x;
  }

  /** The peer's window in bytes. */
  int sndWnd() {
    return segment[base + SND_WND];
  }

  void sndWnd(int bytes) {
    segment[base + SND_WND] = bytes;
  }

  /** Jiffy in which the retransmission-class timer fires, if one is pending. */
  int rtoAt() {
    return segment[base + RTO_AT];
  }

  void rtoAt(int jiffy) {
    segment[base + RTO_AT] = jiffy;
  }

  int ackAt() {
    return segment[base + ACK_AT];
  }

  void ackAt(int jiffy) {
    segment[base + ACK_AT] = jiffy;
  }

  /** Jiffy of the FIN_WAIT_2 timer of a socket that was closed. */
  int closeAt() {
    return segment[base + CLOSE_AT];
  }

  void closeAt(int jiffy) {
    segment[base + CLOSE_AT] = jiffy;
  }

  /** Slot of the connection's earliest wheel entry, 0 for none. */
  int wheelSlot() {
    return segment[base + WHEEL_SLOT];
  }

  void wheelSlot(int slot) {
    segment[base + WHEEL_SLOT] = slot;
  }

  // word PENDING: pending 3 | ack timer 1 | close timer 1 | ack scheduled 1 | ack now 1 |
  // tlp retransmitted 1 | backoff 8 | retransmits 8 | probes 8

  int pending() {
    return segment[base + PENDING] & 7;
  }

  void pending(int kind) {
    segment[base + PENDING] = segment[base + PENDING] & ~7 | kind;
  }

  boolean ackTimer() {
    return (segment[base + PENDING] & 8) != 0;
  }

  void ackTimer(boolean on) {
    segment[base + PENDING] = segment[base + PENDING] & ~8 | (on ? 8 : 0);
  }

  boolean closeTimer() {
    return (segment[base + PENDING] & 16) != 0;
  }

  void closeTimer(boolean on) {
    segment[base + PENDING] = segment[base + PENDING] & ~16 | (on ? 16 : 0);
  }

  /** inet_csk_ack_scheduled: received data is not acknowledged yet. */
  boolean ackScheduled() {
    return (segment[base + PENDING] & 32) != 0;
  }

  void ackScheduled(boolean on) {
    segment[base + PENDING] = segment[base + PENDING] & ~32 | (on ? 32 : 0);
  }

  /** ICSK_ACK_NOW. */
  boolean ackNow() {
    return (segment[base + PENDING] & 64) != 0;
  }

  void ackNow(boolean on) {
    segment[base + PENDING] = segment[base + PENDING] & ~64 | (on ? 64 : 0);
  }

  boolean anyTimer() {
    return (segment[base + PENDING] & 31) != 0;
  }

  int backoff() {
    return segment[base + PENDING] >>> 8 & 0xFF;
  }

  void backoff(int n) {
    segment[base + PENDING] = segment[base + PENDING] & ~(0xFF << 8) | n << 8;
  }

  int retransmits() {
    return segment[base + PENDING] >>> 16 & 0xFF;
  }

  void retransmits(int n) {
    segment[base + PENDING] = segment[base + PENDING] & ~(0xFF << 16) | Math.min(n, 255) << 16;
  }

  int probes() {
    return segment[base + PENDING] >>> 24;
  }

  void probes(int n) {
    segment[base + PENDING] = segment[base + PENDING] & ~(0xFF << 24) | Math.min(n, 255) << 24;
  }

  /** Segments sent and not acknowledged. */
  int packetsOut() {
    return segment[base + PACKETS_OUT] & 0xFFFF;
  }

  void packetsOut(int n) {
    segment[base + PACKETS_OUT] = segment[base + PACKETS_OUT] & 0xFFFF0000 | n;
  }

  /** Segments thought lost and not sent again yet. */
  int lostOut() {
    return segment[base + PACKETS_OUT] >>> 16;
  }

  void lostOut(int n) {
    segment[base + PACKETS_OUT] = segment[base + PACKETS_OUT] & 0xFFFF | n << 16;
  }

  /** When the first RTO retransmission of this episode was sent, ms; 0 for none. */
  int retransStamp() {
    return segment[base + RETRANS_STAMP];
  }

  void retransStamp(int ms) {
    segment[base + RETRANS_STAMP] = ms;
  }

  int rttSeq() {
    return segment[base + RTT_SEQ];
  }

  void rttSeq(int x) {
    segment[base + RTT_SEQ] = x;
  }

  int mdevMax() {
    return segment[base + MDEV_MAX];
  }

  void mdevMax(int usBy4) {
    segment[base + MDEV_MAX] = usBy4;
  }

  /** When data was last sent, jiffies. */
  int lastSend() {
    return segment[base + LAST_SEND];
  }

  void lastSend(int jiffies) {
    segment[base + LAST_SEND] = jiffies;
  }

  int minRttUs() {
    return segment[base + MIN_RTT];
  }

  void minRttUs(int us) {
    segment[base + MIN_RTT] = us;
  }

  int maxWindow() {
    return segment[base + MAX_WINDOW];
  }

  void maxWindow(int bytes) {
    segment[base + MAX_WINDOW] = bytes;
  }

  /** First segment not acknowledged, a row of SendQueue; 0 for none. */
  int sendHead() {
    return segment[base + SEND_HEAD];
  }

  void sendHead(int r) {
    segment[base + SEND_HEAD] = r;
  }

  /** First segment never sent; 0 for none. */
  int sendNext() {
    return segment[base + SEND_NEXT];
  }

  void sendNext(int r) {
    segment[base + SEND_NEXT] = r;
  }

  int sendTail() {
    return segment[base + SEND_TAIL];
  }

  void sendTail(int r) {
    segment[base + SEND_TAIL] = r;
  }

  /** icsk_rto, jiffies. */
  int rto() {
    return segment[base + RTO];
  }

  void rto(int jiffies) {
    segment[base + RTO] = jiffies;
  }

  /** First out-of-order piece received, a row of SendQueue; 0 for none. */
  int pieces() {
    return segment[base + PIECES];
  }

  void pieces(int r) {
    segment[base + PIECES] = r;
  }

  int lastChallenge() {
    return segment[base + LAST_CHALLENGE];
  }

  void lastChallenge(int jiffies) {
    segment[base + LAST_CHALLENGE] = jiffies;
  }

  int tlpHighSeq() {
    return segment[base + TLP_HIGH_SEQ];
  }

  void tlpHighSeq(int x) {
    segment[base + TLP_HIGH_SEQ] = x;
  }

  /** snd_nxt when loss was entered. */
  int highSeq() {
    return segment[base + HIGH_SEQ];
  }

  void highSeq(int x) {
    segment[base + HIGH_SEQ] = x;
  }

  /** When zero-window probing began, ms; with TCP_USER_TIMEOUT. */
  int probeStart() {
    return segment[base + PROBE_START];
  }

  void probeStart(int ms) {
    segment[base + PROBE_START] = ms;
  }

  /** snd_cwnd_cnt. */
  int cwndCredit() {
    return segment[base + CWND_CREDIT] & 0xFFFF;
  }

  void cwndCredit(int n) {
    segment[base + CWND_CREDIT] = segment[base + CWND_CREDIT] & 0xFFFF0000 | Math.min(n, 0xFFFF);
  }

  /** bytes_acked, which stops at {@link #MANY_ACKED}. */
  int bytesAcked() {
    return segment[base + CWND_CREDIT] >>> 16;
  }

  void bytesAcked(int n) {
    segment[base + CWND_CREDIT] =
        segment[base + CWND_CREDIT] & 0xFFFF | Math.min(n, MANY_ACKED) << 16;
  }

  /** End of the last segment sent that was smaller than a full one, for Nagle. */
  int sndSml() {
    return segment[base + SND_SML];
  }

  void sndSml(int x) {
    segment[base + SND_SML] = x;
  }

  /** When a segment with data or an ACK last came, jiffies: rcv_tstamp and lrcvtime. */
  int lastHeard() {
    return segment[base + LAST_HEARD];
  }

  void lastHeard(int jiffies) {
    segment[base + LAST_HEARD] = jiffies;
  }

  /** icsk_ack.rcv_mss: size of the segments that the peer sends. */
  int rcvMss() {
    return segment[base + RCV_MSS] & 0xFFFF;
  }

  void rcvMss(int bytes) {
    segment[base + RCV_MSS] = segment[base + RCV_MSS] & ~0xFFFF | bytes;
  }

  /** ICSK_ACK_PUSHED (1) and PUSHED2 (2): small segments wait to be acknowledged. */
  int pushed() {
    return segment[base + RCV_MSS] >>> 16 & 3;
  }

  void pushed(int bits) {
    segment[base + RCV_MSS] = segment[base + RCV_MSS] & ~(3 << 16) | bits << 16;
  }
}
