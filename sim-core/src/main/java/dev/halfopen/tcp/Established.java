package dev.halfopen.tcp;

import dev.halfopen.net.Segment;

/**
 * Segments of a connection that is past its handshake: {@code tcp_validate_incoming}, {@code
 * tcp_ack}, then data, then what is to be sent ({@code tcp_rcv_established}, {@code
 * tcp_rcv_state_process}).
 *
 * <p>What every segment passes, here and in the classes that it calls, asks for the tables through
 * the one {@link Stack}, and where it is static, is told of it: inlined into one another, such
 * methods find the cursors where the one before has loaded them.
 */
final class Established {
  private final Stack s;

  Established(Stack s) {
    this.s = s;
  }

  /** The connection is under the cursor and loaded. */
  void segment() {
    Segment in = s.in;
    if (!isExpected() && !isAcceptable()) {
      return;
    }
    if (s.tcb.state() == State.ESTABLISHED ? !acknowledge() : !otherState()) {
      return;
    }
    if ((in.length > 0 || in.has(Segment.FIN)) && !takeData()) {
      s.receive.connectionEnded();
      return;
    }
    sendMore();
    AckPolicy.check(s);
    Receive.readAtOnce(s);
  }

  /** The ACK of a segment in another state than ESTABLISHED; false if that is all. */
  private boolean otherState() {
    boolean goesOn =
        s.tcb.state() == State.SYN_RECV ? s.handshake.synReceivedSegment() : acknowledge();
    return goesOn && (s.tcb.state() == State.ESTABLISHED || s.closing.afterAck());
  }

  /** {@code tcp_data_snd_check}: what the ACK or the window allows now. */
  private void sendMore() {
    if (s.tcb.caState() == RetransmitTimer.CA_LOSS) {
      s.retransmit.continueRecovery();
    }
    if (s.fl.sendNext() != 0) {
      s.output.push(false);
      s.windowProbe.armIfStuck();
    }
  }

  // ---- acceptability

  /**
   * Most segments: an ACK, next in order, neither SYN nor RST, not old. They need no further check.
   */
  private boolean isExpected() {
    Segment in = s.in;
    return (in.flags & (Segment.ACK | Segment.SYN | Segment.RST)) == Segment.ACK
        && in.seq == s.tcb.rcvNxt()
        && !isOld();
  }

  /** By its timestamp, {@code tcp_paws_check}. */
  private boolean isOld() {
    Segment in = s.in;
    return in.hasOption(Segment.OPT_TIMESTAMP)
        && s.contract.timestamps
        && s.tcb.tsRecent() - in.tsValue > 1;
  }

  private boolean isAcceptable() {
    Segment in = s.in;
    if (!in.has(Segment.ACK | Segment.RST | Segment.SYN)) {
      return false;
    }
    if (isOld() && !in.has(Segment.RST) && isRefusedByPaws()) {
      return false;
    }
    int end = in.endSeq();
    int windowEnd = s.fl.rcvWup() + s.fl.rcvWnd();
    if (SeqNum.before(end, s.fl.rcvWup())
        || SeqNum.after(in.seq, SeqNum.max(windowEnd, s.tcb.rcvNxt()))) {
      outOfWindow();
      return false;
    }
    if (in.has(Segment.RST)) {
      if (in.seq == s.tcb.rcvNxt()) {
        s.closing.reset();
      } else {
        s.resets.challenge();
      }
      return false;
    }
    if (in.has(Segment.SYN) && !completesCrossedSyns()) {
      s.host.count(Mib.SYN_CHALLENGE);
      s.resets.challenge();
      return false;
    }
    return in.has(Segment.ACK);
  }

  /**
   * The timestamp is old. {@code tcp_disordered_ack_check} lets a duplicate ACK pass that is no
   * older than an RTO; since 6.14 an ACK of old data is dropped without a word.
   */
  private boolean isRefusedByPaws() {
    Segment in = s.in;
    boolean pure = in.has(Segment.ACK) && in.endSeq() == in.seq;
    int rcvNxt = s.tcb.rcvNxt();
    if (pure && in.seq == rcvNxt && in.ack == s.tcb.sndUna() && isWithinReplay()) {
      return false;
    }
    if (in.has(Segment.SYN)) {
      s.host.count(Mib.SYN_CHALLENGE);
      s.resets.challenge();
    } else if (pure && SeqNum.before(in.seq, rcvNxt) && s.host.ignoresOldPawsAcks) {
      s.host.count(Mib.PAWS_OLD_ACK);
    } else {
      s.host.count(Mib.PAWS_ESTAB);
      duplicateAck();
    }
    return true;
  }

  /** {@code tcp_tsval_replay}: ms clocks of up to 1200 Hz; and the window stays as it is. */
  private boolean isWithinReplay() {
    Segment in = s.in;
    int window = in.window << s.contract.sendScale;
    boolean updates =
        SeqNum.after(in.seq, s.fl.sndWl1())
            || in.seq == s.fl.sndWl1() && (window > s.fl.sndWnd() || window == 0);
    long replay = s.fl.rto() * 1200L / s.host.hz;
    return !updates && s.tcb.tsRecent() - in.tsValue <= replay;
  }

  /** The SYN-ACK of crossed SYNs, which {@code tcp_validate_incoming} lets pass. */
  private boolean completesCrossedSyns() {
    Segment in = s.in;
    return s.tcb.state() == State.SYN_RECV
        && in.has(Segment.ACK)
        && in.endSeq() == in.seq + 1
        && in.endSeq() == s.tcb.rcvNxt()
        && in.ack == s.fl.sndNxt();
  }

  private void outOfWindow() {
    Segment in = s.in;
    if (in.has(Segment.RST)) {
      if (isResetAtClosedEnd()) {
        s.closing.reset();
      }
      return;
    }
    if (in.has(Segment.SYN)) {
      s.host.count(Mib.SYN_CHALLENGE);
      s.resets.challenge();
      return;
    }
    duplicateAck();
  }

  /** {@code tcp_reset_check}: RST one before rcvNxt after the peer's FIN. */
  private boolean isResetAtClosedEnd() {
    int state = s.tcb.state();
    return s.in.seq == s.tcb.rcvNxt() - 1
        && (state == State.CLOSE_WAIT || state == State.LAST_ACK || state == State.CLOSING);
  }

  /** {@code tcp_send_dupack}, limited for segments that could be part of an ACK loop. */
  private void duplicateAck() {
    Segment in = s.in;
    boolean data = in.endSeq() != in.seq;
    if (!data || in.has(Segment.SYN)) {
      if (s.resets.limitedPerSocket(s.fl.lastChallenge())) {
        return;
      }
      s.fl.lastChallenge(s.jiffies == 0 ? 1 : s.jiffies);
    }
    if (data && SeqNum.before(in.seq, s.tcb.rcvNxt())) {
      s.acks.enterQuickMode();
    }
    s.output.sendAck();
  }

  // ---- ACK

  /** {@code tcp_ack}; false if the segment is to be dropped. */
  private boolean acknowledge() {
    Segment in = s.in;
    int una = s.tcb.sndUna();
    int ack = in.ack;
    if (SeqNum.before(ack, una)) {
      return oldAck(ack, una);
    }
    if (SeqNum.after(ack, s.fl.sndNxt())) {
      s.resets.challenge();
      return false;
    }
    if (in.hasOption(Segment.OPT_TIMESTAMP)
        && !SeqNum.after(in.seq, s.fl.rcvWup())
        && !SeqNum.before(in.tsValue, s.tcb.tsRecent())) {
      s.tcb.tsRecent(in.tsValue);
    }
    updateWindow(ack != una, in.seq, in.window << s.contract.sendScale);
    s.fl.lastHeard(s.jiffies);
    if (ack != una) {
      progress(ack, una);
    } else {
      s.fl.probes(0);
      checkProbe();
    }
    return true;
  }

  /** Nothing is out: {@code tcp_ack_probe}. */
  private void checkProbe() {
    if (s.fl.packetsOut() == 0 && s.fl.sendNext() != 0) {
      s.windowProbe.acknowledged();
    }
  }

  /** The ACK is of something new. */
  private void progress(int ack, int una) {
    s.tcb.sndUna(ack);
    s.fl.progress();
    int acked = s.fl.bytesAcked();
    if (acked != Flights.MANY_ACKED) {
      s.fl.bytesAcked(acked + Math.min(ack - una, Flights.MANY_ACKED));
    }
    int before = s.fl.packetsOut();
    if (before == 0) {
      checkProbe();
      return;
    }
    clean(ack);
    LossProbe.acknowledged(s, ack);
    grow(before - s.fl.packetsOut(), before);
    if (!LossProbe.schedule(s, true)) {
      s.retransmit.rearm();
    }
  }

  /**
   * RFC 5961 section 5: an ACK of what was never sent, or of more than the peer's largest window
   * ago, draws a challenge; false then. The bytes acknowledged bound it since 6.7.
   */
  private boolean oldAck(int ack, int una) {
    int most = s.fl.maxWindow();
    int acked = s.fl.bytesAcked();
    if (acked != Flights.MANY_ACKED && s.host.boundsOldAcks) {
      most = Math.min(most, acked);
    }
    if (SeqNum.before(ack, una - most)) {
      s.resets.challenge();
      return false;
    }
    return true;
  }

  /** {@code tcp_ack_update_window}. */
  private void updateWindow(boolean fresh, int seq, int window) {
    if (fresh
        || SeqNum.after(seq, s.fl.sndWl1())
        || seq == s.fl.sndWl1() && (window > s.fl.sndWnd() || window == 0)) {
      s.fl.sndWl1(seq);
      s.fl.sndWnd(window);
      if (window > s.fl.maxWindow()) {
        s.fl.maxWindow(window);
      }
    }
  }

  /** {@code tcp_clean_rtx_queue}: frees what is acknowledged, measures the round trip. */
  void clean(int ack) {
    int head = s.fl.sendHead();
    int end = s.fl.sendNext();
    int rttUs = -1;
    int acked = 0;
    int lost = 0;
    int last = 0;
    int row = head;
    while (row != 0 && row != end) {
      s.sq.at(row);
      if (SeqNum.after(s.sq.end(), ack)) {
        if (SeqNum.after(ack, s.sq.seq())) {
          s.sq.seq(ack);
        }
        break;
      }
      int flags = s.sq.flags();
      if (acked++ == 0 && flags >>> 8 == 1) {
        rttUs = Math.max(1, s.nowUs() - s.sq.sentUs());
      }
      lost += (flags & SendQueue.F_LOST) != 0 ? 1 : 0;
      last = row;
      row = s.sq.next();
    }
    if (acked != 0) {
      s.fl.countIn(acked, lost);
      s.fl.sendHead(row);
      if (row == 0) {
        s.fl.sendTail(0);
      }
      s.sq.freeChain(head, last, acked);
      measure(rttUs);
    }
  }

  /** {@code tcp_ack_update_rtt}: of a segment sent once, else by the echoed timestamp. */
  private void measure(int ofSentOnceUs) {
    int rttUs = ofSentOnceUs;
    if (rttUs < 0 && s.in.hasOption(Segment.OPT_TIMESTAMP) && s.in.tsEcho != 0) {
      rttUs = s.rtt.sinceEchoUs();
    }
    if (rttUs >= 0) {
      RttEstimator.sample(s, rttUs);
    }
  }

  /** Slow start and congestion avoidance, {@code tcp_reno_cong_avoid}; the end of a timeout. */
  private void grow(int acked, int packetsBefore) {
    if (s.tcb.caState() == RetransmitTimer.CA_LOSS
        && !SeqNum.before(s.tcb.sndUna(), s.fl.highSeq())) {
      s.tcb.caState(0);
      s.fl.lostOut(0);
      s.fl.retransStamp(0);
    }
    int cwnd = s.tcb.cwnd();
    int ssthresh = s.tcb.ssthresh();
    if (cwnd < ssthresh) {
      if (cwnd < 2 * packetsBefore) {
        s.tcb.cwnd(cwnd + acked);
      }
    } else if (packetsBefore >= cwnd) {
      int credit = s.fl.cwndCredit() + acked;
      if (credit >= cwnd) {
        s.tcb.cwnd(cwnd + 1);
        credit -= cwnd;
      }
      s.fl.cwndCredit(credit);
    }
  }

  // ---- data

  /** False if the connection is gone. */
  private boolean takeData() {
    Segment in = s.in;
    int state = s.tcb.state();
    if (state == State.ESTABLISHED) {
      Receive.data(s);
      return s.tcb.state() != State.CLOSED;
    }
    boolean finSeen =
        state == State.CLOSE_WAIT || state == State.CLOSING || state == State.LAST_ACK;
    if (finSeen && !SeqNum.before(in.seq, s.tcb.rcvNxt())) {
      return true;
    }
    if (s.tcb.flag(Connections.F_RCV_SHUTDOWN) && bringsDataAfter(s.tcb.rcvNxt())) {
      s.host.count(Mib.ABORT_ON_DATA);
      s.resets.toSegment();
      s.closing.reset();
      return false;
    }
    if (finSeen) {
      s.acks.enterQuickMode();
      s.fl.ackScheduled(true);
      return true;
    }
    if (state != State.FIN_WAIT_1 && state != State.FIN_WAIT_2) {
      return true;
    }
    Receive.data(s);
    return s.tcb.state() != State.CLOSED;
  }

  /** Whether the current segment has data beyond that, or a FIN out of order. */
  boolean bringsDataAfter(int rcvNxt) {
    Segment in = s.in;
    int end = in.endSeq();
    return end != in.seq && SeqNum.after(end - (in.has(Segment.FIN) ? 1 : 0), rcvNxt);
  }
}
