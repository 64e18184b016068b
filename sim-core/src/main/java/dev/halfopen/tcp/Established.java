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

  /**
   * The current segment restarts the timer of what is out, but more is about to be sent, which
   * restarts it anew: it is armed only if nothing can leave.
   */
  private boolean timerWaits;

  Established(Stack s) {
    this.s = s;
  }

  /**
   * The connection is under the cursor and loaded.
   *
   * <p>One long method on purpose: the compiler translates it apart from its callers, and has room
   * to inline all that most segments need.
   */
  void segment() {
    Segment in = s.in;
    Connections tcb = s.tcb;
    Flights fl = s.fl;
    if (!isExpected() && !isAcceptable()) {
      return;
    }
    int state = tcb.state();
    if (state == State.SYN_RECV) {
      if (!s.handshake.synReceivedSegment()) {
        return;
      }
    } else {
      // tcp_ack
      int ack = in.ack;
      int una = tcb.sndUna();
      if (SeqNum.before(ack, una)) {
        if (isTooOld(ack, una)) {
          s.resets.challenge();
          return;
        }
      } else if (SeqNum.after(ack, fl.sndNxt())) {
        s.resets.challenge();
        return;
      } else {
        int seq = in.seq;
        if (in.hasOption(Segment.OPT_TIMESTAMP)
            && !SeqNum.after(seq, fl.rcvWup())
            && !SeqNum.before(in.tsValue, tcb.tsRecent())) {
          tcb.tsRecent(in.tsValue);
        }
        int window = in.window << s.contract.sendScale;
        if (ack != una || updatesWindow(seq, window)) {
          fl.window(seq, window);
        }
        fl.lastHeard(s.jiffies);
        fl.peer(in.fromSocket);
        if (ack != una) {
          progress(ack, una);
        } else {
          fl.probes(0);
          checkProbe();
        }
      }
    }
    if (tcb.state() != State.ESTABLISHED && !s.closing.afterAck()) {
      return;
    }
    if (in.length > 0 || in.has(Segment.FIN)) {
      if (tcb.state() == State.ESTABLISHED || takesData()) {
        Receive.data(s);
      }
      if (tcb.state() == State.CLOSED) {
        s.receive.connectionEnded();
        timerWaits = false;
        return;
      }
    }
    // tcp_data_snd_check: what the ACK or the window allows now.
    if (tcb.caState() == RetransmitTimer.CA_LOSS) {
      s.retransmit.continueRecovery();
    }
    if (fl.sendNext() != 0) {
      boolean sent = s.output.push(false);
      if (timerWaits) {
        timerWaits = false;
        if (!sent) {
          armTimer();
        }
      }
      s.windowProbe.armIfStuck();
    }
    AckPolicy.check(s);
    Receive.readAtOnce(s);
  }

  /** {@code tcp_set_xmit_timer}. */
  private void armTimer() {
    if (!LossProbe.schedule(s, true)) {
      s.retransmit.rearm();
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
    long replay = s.fl.rto() * 1200L / s.host.hz;
    return !updatesWindow(in.seq, window) && s.tcb.tsRecent() - in.tsValue <= replay;
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
    return s.in.seq == s.tcb.rcvNxt() - 1 && State.hasPeersFin(s.tcb.state());
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

  /** Nothing is out: {@code tcp_ack_probe}. */
  private void checkProbe() {
    if (s.fl.packetsOut() == 0 && s.fl.sendNext() != 0) {
      s.windowProbe.acknowledged();
    }
  }

  /**
   * The ACK is of something new: what {@code tcp_ack} does then, with slow start and congestion
   * avoidance ({@code tcp_reno_cong_avoid}) and the end of a timeout.
   */
  private void progress(int ack, int una) {
    Connections tcb = s.tcb;
    Flights fl = s.fl;
    tcb.sndUna(ack);
    fl.progress(ack - una);
    int before = fl.packetsOut();
    if (before == 0) {
      checkProbe();
      return;
    }
    clean(ack);
    LossProbe.acknowledged(s, ack);
    if (tcb.caState() == RetransmitTimer.CA_LOSS && !SeqNum.before(ack, fl.highSeq())) {
      tcb.caState(0);
      fl.probeStart(0);
      fl.lostOut(0);
      fl.retransStamp(0);
    }
    int out = fl.packetsOut();
    int acked = before - out;
    int cwnd = tcb.cwnd();
    if (cwnd < tcb.ssthresh()) {
      if (cwnd < 2 * before) {
        tcb.cwnd(cwnd + acked);
      }
    } else if (before >= cwnd) {
      int credit = fl.cwndCredit() + acked;
      if (credit >= cwnd) {
        tcb.cwnd(cwnd + 1);
        credit -= cwnd;
      }
      fl.cwndCredit(credit);
    }
    if (out == 0) {
      s.timers.disarmRetransmit();
    } else if (out > 1 && fl.sendNext() != 0 && LossProbe.replaces(s)) {
      timerWaits = true;
    } else {
      armTimer();
    }
  }

  /**
   * RFC 5961 section 5: an ACK of what was never sent, or of more than the peer's largest window
   * ago, draws a challenge; this is about the latter. The bytes acknowledged bound it since 6.7.
   */
  private boolean isTooOld(int ack, int una) {
    int most = s.fl.maxWindow();
    int acked = s.fl.bytesAcked();
    if (acked != Flights.MANY_ACKED && s.host.boundsOldAcks) {
      most = Math.min(most, acked);
    }
    return SeqNum.before(ack, una - most);
  }

  /** {@code tcp_may_update_window}, of an ACK of nothing new. */
  private boolean updatesWindow(int seq, int window) {
    return SeqNum.after(seq, s.fl.sndWl1())
        || seq == s.fl.sndWl1() && (window > s.fl.sndWnd() || window == 0);
  }

  /**
   * {@code tcp_clean_rtx_queue}: frees what is acknowledged, measures the round trip. A long method
   * for the reason that {@link #segment} is one.
   */
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
      lost += (flags & SendQueue.F_LOST) / SendQueue.F_LOST;
      last = row;
      row = s.sq.next();
      if (s.sq.end() == ack) {
        break;
      }
    }
    if (acked != 0) {
      s.fl.countIn(acked, lost);
      s.fl.sendHead(row);
      if (row == 0) {
        s.fl.sendTail(0);
      }
      s.sq.freeChain(head, last, acked);
      // tcp_ack_update_rtt: of a segment sent once, else by the echoed timestamp.
      if (rttUs < 0 && s.in.hasOption(Segment.OPT_TIMESTAMP) && s.in.tsEcho != 0) {
        rttUs = s.rtt.sinceEchoUs();
      }
      if (rttUs >= 0) {
        RttEstimator.sample(s, rttUs);
      }
    }
  }

  // ---- data

  /**
   * Whether the data and FIN of the current segment are to be queued in a later state than
   * ESTABLISHED; the connection may be gone if not.
   */
  private boolean takesData() {
    Segment in = s.in;
    int state = s.tcb.state();
    boolean finSeen = State.hasPeersFin(state);
    if (finSeen && !SeqNum.before(in.seq, s.tcb.rcvNxt())) {
      return false;
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
      return false;
    }
    return state == State.FIN_WAIT_1 || state == State.FIN_WAIT_2;
  }

  /** Whether the current segment has data beyond that, or a FIN out of order. */
  boolean bringsDataAfter(int rcvNxt) {
    Segment in = s.in;
    int end = in.endSeq();
    return end != in.seq && SeqNum.after(end - (in.has(Segment.FIN) ? 1 : 0), rcvNxt);
  }
}
