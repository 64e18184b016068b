package dev.halfopen.tcp;

import dev.halfopen.net.Segment;

/**
 * Segments of a connection that is past its handshake: {@code tcp_validate_incoming}, {@code
 * tcp_ack}, then data, then what is to be sent ({@code tcp_rcv_established}, {@code
 * tcp_rcv_state_process}).
 */
final class Established {
  private final Stack s;
  private final Connections tcb;
  private final Flights fl;
  private final SendQueue sq;

  Established(Stack s) {
    this.s = s;
    this.tcb = s.tcb;
    this.fl = s.fl;
    this.sq = s.sq;
  }

  /** The connection is under the cursor and loaded. */
  void segment() {
    Segment in = s.in;
    if (!in.has(Segment.ACK | Segment.RST | Segment.SYN)) {
      return;
    }
    if (!isExpected() && !isAcceptable() || !in.has(Segment.ACK)) {
      return;
    }
    if (tcb.state() == State.SYN_RECV) {
      if (!s.handshake.synReceivedSegment()) {
        return;
      }
    } else if (!acknowledge()) {
      return;
    }
    if (tcb.state() != State.ESTABLISHED && !s.closing.afterAck()) {
      return;
    }
    if ((in.length > 0 || in.has(Segment.FIN)) && !takeData()) {
      s.receive.connectionEnded();
      return;
    }
    sendMore();
    s.acks.check();
    s.receive.readAtOnce();
  }

  /** {@code tcp_data_snd_check}: what the ACK or the window allows now. */
  void sendMore() {
    if (tcb.caState() == RetransmitTimer.CA_LOSS) {
      s.retransmit.continueRecovery();
    }
    if (fl.sendNext() != 0) {
      s.output.push(false);
      s.windowProbe.armIfStuck();
    }
  }

  // ---- acceptability

  /** Most segments: next in order, neither SYN nor RST, not old. They need no further check. */
  private boolean isExpected() {
    Segment in = s.in;
    return in.seq == tcb.rcvNxt() && !in.has(Segment.SYN | Segment.RST) && !isOld();
  }

  /** By its timestamp, {@code tcp_paws_check}. */
  private boolean isOld() {
    Segment in = s.in;
    return in.hasOption(Segment.OPT_TIMESTAMP)
        && s.contract.timestamps
        && tcb.tsRecent() - in.tsValue > 1;
  }

  private boolean isAcceptable() {
    Segment in = s.in;
    if (isOld() && !in.has(Segment.RST) && isRefusedByPaws()) {
      return false;
    }
    int end = in.endSeq();
    int windowEnd = fl.rcvWup() + fl.rcvWnd();
    if (SeqNum.before(end, fl.rcvWup())
        || SeqNum.after(in.seq, SeqNum.max(windowEnd, tcb.rcvNxt()))) {
      outOfWindow();
      return false;
    }
    if (in.has(Segment.RST)) {
      if (in.seq == tcb.rcvNxt()) {
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
    return true;
  }

  /**
   * The timestamp is old. {@code tcp_disordered_ack_check} lets a duplicate ACK pass that is no
   * older than an RTO; since 6.14 an ACK of old data is dropped without a word.
   */
  private boolean isRefusedByPaws() {
    Segment in = s.in;
    boolean pure = in.has(Segment.ACK) && in.endSeq() == in.seq;
    int rcvNxt = tcb.rcvNxt();
    if (pure && in.seq == rcvNxt && in.ack == tcb.sndUna() && isWithinReplay()) {
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
        SeqNum.after(in.seq, fl.sndWl1())
            || in.seq == fl.sndWl1() && (window > fl.sndWnd() || window == 0);
    long replay = fl.rto() * 1200L / s.host.hz;
    return !updates && tcb.tsRecent() - in.tsValue <= replay;
  }

  /** The SYN-ACK of crossed SYNs, which {@code tcp_validate_incoming} lets pass. */
  private boolean completesCrossedSyns() {
    Segment in = s.in;
    return tcb.state() == State.SYN_RECV
        && in.has(Segment.ACK)
        && in.endSeq() == in.seq + 1
        && in.endSeq() == tcb.rcvNxt()
        && in.ack == fl.sndNxt();
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
    int state = tcb.state();
    return s.in.seq == tcb.rcvNxt() - 1
        && (state == State.CLOSE_WAIT || state == State.LAST_ACK || state == State.CLOSING);
  }

  /** {@code tcp_send_dupack}, limited for segments that could be part of an ACK loop. */
  private void duplicateAck() {
    Segment in = s.in;
    boolean data = in.endSeq() != in.seq;
    if (!data || in.has(Segment.SYN)) {
      if (s.resets.limitedPerSocket(fl.lastChallenge())) {
        return;
      }
      fl.lastChallenge(s.jiffies == 0 ? 1 : s.jiffies);
    }
    if (data && SeqNum.before(in.seq, tcb.rcvNxt())) {
      s.acks.enterQuickMode();
    }
    s.output.sendAck();
  }

  // ---- ACK

  /** {@code tcp_ack}; false if the segment is to be dropped. */
  private boolean acknowledge() {
    Segment in = s.in;
    int una = tcb.sndUna();
    int ack = in.ack;
    if (SeqNum.before(ack, una)) {
      return oldAck(ack, una);
    }
    if (SeqNum.after(ack, fl.sndNxt())) {
      s.resets.challenge();
      return false;
    }
    if (in.hasOption(Segment.OPT_TIMESTAMP)
        && !SeqNum.after(in.seq, fl.rcvWup())
        && !SeqNum.before(in.tsValue, tcb.tsRecent())) {
      tcb.tsRecent(in.tsValue);
    }
    updateWindow(ack, in.seq, in.window << s.contract.sendScale);
    fl.lastHeard(s.jiffies);
    boolean fresh = ack != una;
    if (fresh) {
      tcb.sndUna(ack);
      fl.retransmits(0);
      int acked = fl.bytesAcked();
      if (acked != Flights.MANY_ACKED) {
        fl.bytesAcked(acked + Math.min(ack - una, Flights.MANY_ACKED));
      }
    }
    fl.probes(0);
    if (fl.packetsOut() == 0) {
      if (fl.sendNext() != 0) {
        s.windowProbe.acknowledged();
      }
      return true;
    }
    if (fresh) {
      int before = fl.packetsOut();
      clean(ack);
      s.lossProbe.acknowledged(ack);
      grow(before - fl.packetsOut(), before);
      if (!s.lossProbe.schedule(true)) {
        s.retransmit.rearm();
      }
    }
    return true;
  }

  /**
   * RFC 5961 section 5: an ACK of what was never sent, or of more than the peer's largest window
   * ago, draws a challenge; false then. The bytes acknowledged bound it since 6.7.
   */
  private boolean oldAck(int ack, int una) {
    int most = fl.maxWindow();
    int acked = fl.bytesAcked();
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
  private void updateWindow(int ack, int seq, int window) {
    if (SeqNum.after(ack, tcb.sndUna())
        || SeqNum.after(seq, fl.sndWl1())
        || seq == fl.sndWl1() && (window > fl.sndWnd() || window == 0)) {
      fl.sndWl1(seq);
      fl.sndWnd(window);
      if (window > fl.maxWindow()) {
        fl.maxWindow(window);
      }
    }
  }

  /** {@code tcp_clean_rtx_queue}: frees what is acknowledged, measures the round trip. */
  void clean(int ack) {
    boolean first = true;
    int rttUs = -1;
    int row = fl.sendHead();
    while (row != 0 && row != fl.sendNext()) {
      sq.at(row);
      if (SeqNum.after(sq.end(), ack)) {
        if (SeqNum.after(ack, sq.seq())) {
          sq.seq(ack);
        }
        break;
      }
      if (first && sq.transmissions() == 1) {
        rttUs = Math.max(1, s.nowUs() - sq.sentUs());
      }
      first = false;
      if (sq.flag(SendQueue.F_LOST)) {
        fl.lostOut(fl.lostOut() - 1);
      }
      fl.packetsOut(fl.packetsOut() - 1);
      int next = sq.next();
      sq.free(row);
      row = next;
    }
    fl.sendHead(row);
    if (row == 0) {
      fl.sendTail(0);
    }
    measure(rttUs, !first);
  }

  /** {@code tcp_ack_update_rtt}: of a segment sent once, else by the echoed timestamp. */
  private void measure(int rttUs, boolean anyAcked) {
    if (rttUs < 0 && anyAcked && s.in.hasOption(Segment.OPT_TIMESTAMP) && s.in.tsEcho != 0) {
      rttUs = s.rtt.sinceEchoUs();
    }
    if (rttUs >= 0) {
      s.rtt.sample(rttUs);
    }
  }

  /** Slow start and congestion avoidance, {@code tcp_reno_cong_avoid}; the end of a timeout. */
  private void grow(int acked, int packetsBefore) {
    if (tcb.caState() == RetransmitTimer.CA_LOSS && !SeqNum.before(tcb.sndUna(), fl.highSeq())) {
      tcb.caState(0);
      fl.lostOut(0);
      fl.retransStamp(0);
    }
    int cwnd = tcb.cwnd();
    int ssthresh = tcb.ssthresh();
    if (cwnd < ssthresh) {
      if (cwnd < 2 * packetsBefore) {
        tcb.cwnd(cwnd + acked);
      }
    } else if (packetsBefore >= cwnd) {
      int credit = fl.cwndCredit() + acked;
      if (credit >= cwnd) {
        tcb.cwnd(cwnd + 1);
        credit -= cwnd;
      }
      fl.cwndCredit(credit);
    }
  }

  // ---- data

  /** False if the connection is gone. */
  private boolean takeData() {
    Segment in = s.in;
    int state = tcb.state();
    if (state == State.ESTABLISHED) {
      s.receive.data();
      return tcb.state() != State.CLOSED;
    }
    boolean finSeen =
        state == State.CLOSE_WAIT || state == State.CLOSING || state == State.LAST_ACK;
    if (finSeen && !SeqNum.before(in.seq, tcb.rcvNxt())) {
      return true;
    }
    if (tcb.flag(Connections.F_RCV_SHUTDOWN) && bringsDataAfter(tcb.rcvNxt())) {
      s.host.count(Mib.ABORT_ON_DATA);
      s.resets.toSegment();
      s.closing.reset();
      return false;
    }
    if (finSeen) {
      s.acks.enterQuickMode();
      fl.ackScheduled(true);
      return true;
    }
    if (state != State.FIN_WAIT_1 && state != State.FIN_WAIT_2) {
      return true;
    }
    s.receive.data();
    return tcb.state() != State.CLOSED;
  }

  /** Whether the current segment has data beyond that, or a FIN out of order. */
  boolean bringsDataAfter(int rcvNxt) {
    Segment in = s.in;
    int end = in.endSeq();
    return end != in.seq && SeqNum.after(end - (in.has(Segment.FIN) ? 1 : 0), rcvNxt);
  }
}
