package dev.halfopen.tcp;

/** Tail loss probe: {@code tcp_schedule_loss_probe}, {@code tcp_send_loss_probe}. */
final class LossProbe {
  private final Stack s;
  private final Connections tcb;
  private final Flights fl;
  private final SendQueue sq;

  LossProbe(Stack s) {
    this.s = s;
    this.tcb = s.tcb;
    this.fl = s.fl;
    this.sq = s.sq;
  }

  /** Arms the probe in place of the RTO; false where the RTO must be armed instead. */
  boolean schedule(boolean advancingRto) {
    if (fl.packetsOut() == 0
        || !s.contract.sack
        || !s.host.lossProbes
        || tcb.caState() != 0
        || tcb.state() == State.SYN_SENT
        || tcb.state() == State.SYN_RECV) {
      return false;
    }
    int delay;
    if (tcb.srtt() == 0) {
      delay = s.host.hz;
    } else {
      long us = tcb.srtt() >> 2;
      us += fl.packetsOut() == 1 ? s.host.rtoMinUs : s.host.usOfJiffies(2);
      delay = s.host.jiffiesOfUs(us);
    }
    int rto = fl.rto();
    if (!advancingRto) {
      int left = s.host.jiffiesOfUs(Math.max(0, s.retransmit.rtoLeftUs()));
      rto = left > 0 ? left : rto;
    }
    s.timers.armRetransmit(Flights.PENDING_TLP, Math.min(delay, rto));
    return true;
  }

  /** The probe timer has fired: new data if there is some, else the last segment again. */
  void fired() {
    if (fl.packetsOut() == 0) {
      return;
    }
    if (fl.tlpHighSeq() == 0 && sendProbe()) {
      fl.tlpHighSeq(fl.sndNxt());
      s.host.count(Mib.TCP_LOSS_PROBES);
      s.timers.armRetransmit(Flights.PENDING_RTO, fl.rto());
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
    int last = fl.sendHead();
    sq.at(last);
    for (int next = sq.next(); next != fl.sendNext(); next = sq.next()) {
      last = next;
      sq.at(next);
    }
    return last;
  }

  /** {@code tcp_process_tlp_ack}: the episode ends when its high mark is acknowledged. */
  void acknowledged(int ack) {
    int high = fl.tlpHighSeq();
    if (high != 0 && !SeqNum.before(ack, high)) {
      fl.tlpHighSeq(0);
    }
  }
}
