package dev.halfopen.tcp;

/** When received data is acknowledged: quick and delayed ACKs, {@code __tcp_ack_snd_check}. */
final class AckPolicy {
  /** TCP_MAX_QUICKACKS. */
  private static final int MAX_QUICK = 16;

  private static final int PUSHED = 1;
  private static final int PUSHED_TWICE = 3;

  private final Stack s;
  private final Connections tcb;
  private final Flights fl;

  AckPolicy(Stack s) {
    this.s = s;
    this.tcb = s.tcb;
    this.fl = s.fl;
  }

  /** TCP_ATO_MIN and TCP_DELACK_MIN: 40 ms. */
  private int least() {
    return s.host.hz / 25;
  }

  /** {@code tcp_event_data_recv}. */
  void dataReceived(int length) {
    fl.ackScheduled(true);
    measureSegment(length);
    int ato = tcb.ato();
    int min = least();
    if (ato == 0) {
      quick(MAX_QUICK);
      tcb.ato(min);
    } else {
      int gap = s.jiffies - tcb.lastReceive();
      if (gap <= min / 2) {
        tcb.ato((ato >> 1) + min / 2);
      } else if (gap < ato) {
        tcb.ato(Math.min(Math.min((ato >> 1) + gap, fl.rto()), 255));
      } else if (gap > fl.rto()) {
        quick(MAX_QUICK);
      }
    }
    tcb.lastReceive(s.jiffies);
    fl.lastHeard(s.jiffies);
  }

  /** {@code tcp_measure_rcv_mss}. */
  private void measureSegment(int length) {
    if (length >= fl.rcvMss()) {
      fl.rcvMss(Math.min(length, s.contract.advertisedMss));
    } else {
      fl.pushed(fl.pushed() != 0 ? PUSHED_TWICE : PUSHED);
    }
  }

  /** {@code tcp_incr_quickack}. */
  void quick(int most) {
    int n = fl.rcvWnd() / (2 * fl.rcvMss());
    n = Math.min(n == 0 ? 2 : n, most);
    if (n > tcb.quickAcks()) {
      tcb.quickAcks(n);
    }
  }

  /** {@code tcp_enter_quickack_mode}: the peer needs ACKs at once. */
  void enterQuickMode() {
    quick(MAX_QUICK);
    tcb.pingpong(0);
    tcb.ato(least());
  }

  private boolean inQuickMode() {
    return tcb.quickAcks() != 0 && tcb.pingpong() == 0;
  }

  /** After a segment: acknowledge now or later. */
  void check() {
    if (!fl.ackScheduled() && !fl.ackNow()) {
      return;
    }
    int unacknowledged = tcb.rcvNxt() - fl.rcvWup();
    if (unacknowledged > fl.rcvMss() && s.receive.windowCanGrow()
        || inQuickMode()
        || fl.ackNow()
        || fl.pieces() != 0) {
      s.output.sendAck();
      return;
    }
    delay();
  }

  /** {@code tcp_send_delayed_ack}. */
  private void delay() {
    int min = least();
    int ato = tcb.ato();
    if (ato > min) {
      int most = tcb.pingpong() != 0 || fl.pushed() != 0 ? s.host.hz / 5 : s.host.hz / 2;
      if (tcb.srtt() != 0) {
        most = Math.min(most, Math.max(s.host.jiffiesOfUs(tcb.srtt() >> 3), min));
      }
      ato = Math.min(ato, most);
    }
    ato = Math.min(ato, s.host.hz / 5);
    if (fl.ackTimer()) {
      if (fl.ackAt() - (s.jiffies + (ato >> 2)) <= 0) {
        s.output.sendAck();
        return;
      }
      if (s.jiffies + ato - fl.ackAt() >= 0) {
        return;
      }
    }
    s.timers.armAck(ato);
  }

  /** {@code tcp_delack_timer_handler}. */
  void timerFired() {
    if (!fl.ackScheduled()) {
      return;
    }
    if (tcb.pingpong() == 0) {
      tcb.ato(Math.min(tcb.ato() << 1, Math.min(fl.rto(), 255)));
    } else {
      tcb.pingpong(0);
      tcb.ato(least());
    }
    s.host.count(Mib.DELAYED_ACKS);
    s.output.sendAck();
  }

  /** {@code tcp_cleanup_rbuf}: the application has read {@code bytes}. */
  void afterRead(int bytes) {
    if (fl.ackScheduled()) {
      boolean small = fl.pushed() == PUSHED_TWICE || fl.pushed() != 0 && tcb.pingpong() == 0;
      if (tcb.rcvNxt() - fl.rcvWup() > fl.rcvMss() || bytes > 0 && small) {
        s.output.sendAck();
        return;
      }
    }
    if (bytes > 0 && s.receive.windowOpened()) {
      s.output.sendAck();
    }
  }

  /** {@code tcp_event_ack_sent}: every segment that leaves carries the ACK. */
  void sent() {
    int quick = tcb.quickAcks();
    if (quick > 0 && fl.ackScheduled()) {
      tcb.quickAcks(quick - 1);
      if (quick == 1) {
        tcb.ato(least());
      }
    }
    fl.ackScheduled(false);
    fl.ackNow(false);
    fl.pushed(0);
    s.timers.ackSent();
  }
}
