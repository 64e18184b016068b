package dev.halfopen.tcp;

/** Tail loss probe: {@code tcp_schedule_loss_probe}, {@code tcp_send_loss_probe}. */
final class LossProbe {
  private final Stack s;

  LossProbe(Stack s) {
    this.s = s;
  }

  /** Arms the probe in place of the RTO; false where the RTO must be armed instead. */
  boolean schedule(boolean advancingRto) {
    if (s.fl.packetsOut() == 0
        || !s.contract.sack
        || !s.host.lossProbes
        || s.tcb.caState() != 0
        || s.tcb.state() == State.SYN_SENT
        || s.tcb.state() == State.SYN_RECV) {
      return false;
    }
    int delay;
    if (s.tcb.srtt() == 0) {
      delay = s.host.hz;
    } else {
      long us = s.tcb.srtt() >> 2;
      us += s.fl.packetsOut() == 1 ? s.host.rtoMinUs : s.host.usOfJiffies(2);
      delay = s.host.jiffiesOfUs(us);
    }
    int rto = s.fl.rto();
    if (!advancingRto) {
      int left = s.host.jiffiesOfUs(Math.max(0, s.retransmit.rtoLeftUs()));
      rto = left > 0 ? left : rto;
    }
    s.timers.armRetransmit(Flights.PENDING_TLP, Math.min(delay, rto));
    return true;
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
  void acknowledged(int ack) {
    int high = s.fl.tlpHighSeq();
    if (high != 0 && !SeqNum.before(ack, high)) {
      s.fl.tlpHighSeq(0);
    }
  }
}
