package dev.halfopen.tcp;

/** Tail loss probe: {@code tcp_schedule_loss_probe}, {@code tcp_send_loss_probe}. */
final class LossProbe {
  /** TCP_TIMEOUT_INIT, while no round trip was measured. */
  private static final long ONE_SECOND_US = 1_000_000;

  private final Stack s;

  LossProbe(Stack s) {
    this.s = s;
  }

  /** Arms the probe in place of the RTO; false where the RTO must be armed instead. */
  static boolean schedule(Stack s, boolean advancingRto) {
    int out = s.fl.packetsOut();
    if (out == 0 || !isWanted(s)) {
      return false;
    }
    int srtt = s.tcb.srtt();
    long us = ONE_SECOND_US;
    if (srtt != 0) {
      us = (srtt >> 2) + (long) (out == 1 ? s.host.rtoMinUs : s.host.lossProbeSlackUs);
    }
    if (!advancingRto) {
      int left = RetransmitTimer.rtoLeftUs(s);
      us = left > 0 ? Math.min(us, left) : us;
    }
    int delay = Math.min(s.host.jiffiesOfUs(us), s.fl.rto());
    s.timers.armRetransmit(Flights.PENDING_TLP, delay);
    return true;
  }

  private static boolean isWanted(Stack s) {
    return s.tcb.isOpen() && s.contract.sack && s.host.lossProbes;
  }

  /**
   * Whether more segments that leave in the current event arm the probe, and no later than one for
   * the two or more that are out already.
   */
  static boolean replaces(Stack s) {
    return s.tcb.state() == State.ESTABLISHED && isWanted(s);
  }

  /** The probe timer has fired: new data if there is some, else the last segment again. */
  void fired() {
    if (s.fl.packetsOut() == 0) {
      return;
    }
    if (s.fl.tlpHighSeq() == 0 && sendProbe()) {
      s.fl.tlpHighSeq(s.fl.sndNxt());
      s.host.count(Mib.TCP_LOSS_PROBES);
      s.timers.armRetransmit(Flights.PENDING_RTO, s.fl.rto());
      return;
    }
    s.retransmit.rearm();
  }

  private boolean sendProbe() {
    if (s.output.pushProbe()) {
      return true;
    }
    int last = lastSent();
    s.output.transmit(last);
    s.host.count(Mib.RETRANS_SEGS);
    return true;
  }

  private int lastSent() {
    int last = s.fl.sendHead();
    s.sq.at(last);
    for (int next = s.sq.next(); next != s.fl.sendNext(); next = s.sq.next()) {
      last = next;
      s.sq.at(next);
    }
    return last;
  }

  /** {@code tcp_process_tlp_ack}: the episode ends when its high mark is acknowledged. */
  static void acknowledged(Stack s, int ack) {
    int high = s.fl.tlpHighSeq();
    if (high != 0 && !SeqNum.before(ack, high)) {
      s.fl.tlpHighSeq(0);
    }
  }
}
