package dev.halfopen.tcp;

/** When received data is acknowledged: quick and delayed ACKs, {@code __tcp_ack_snd_check}. */
final class AckPolicy {
  /** TCP_MAX_QUICKACKS. */
  private static final int MAX_QUICK = 16;

  private static final int PUSHED = 1;
  private static final int PUSHED_TWICE = 3;

  private final Stack s;

  AckPolicy(Stack s) {
    this.s = s;
  }

  /** TCP_ATO_MIN and TCP_DELACK_MIN: 40 ms. */
  private int least() {
    return s.host.hz / 25;
  }

  /** {@code tcp_event_data_recv}. */
  void dataReceived(int length) {
    s.fl.ackScheduled(true);
    measureSegment(length);
    int ato = s.tcb.ato();
    int min = least();
    if (ato == 0) {
      quick(MAX_QUICK);
      s.tcb.ato(min);
    } else {
      int gap = s.jiffies - s.tcb.lastReceive();
      if (gap <= min / 2) {
        s.tcb.ato((ato >> 1) + min / 2);
      } else if (gap < ato) {
        s.tcb.ato(Math.min(Math.min((ato >> 1) + gap, s.fl.rto()), 255));
      } else if (gap > s.fl.rto()) {
        quick(MAX_QUICK);
      }
    }
    s.tcb.lastReceive(s.jiffies);
    s.fl.lastHeard(s.jiffies);
  }

  /** {@code tcp_measure_rcv_mss}. */
  private void measureSegment(int length) {
    if (length >= s.fl.rcvMss()) {
      s.fl.rcvMss(Math.min(length, s.contract.advertisedMss));
    } else {
      s.fl.pushed(s.fl.pushed() != 0 ? PUSHED_TWICE : PUSHED);
    }
  }

  /** {@code tcp_incr_quickack}. */
  void quick(int most) {
    int n = s.fl.rcvWnd() / (2 * s.fl.rcvMss());
    n = Math.min(n == 0 ? 2 : n, most);
    if (n > s.tcb.quickAcks()) {
      s.tcb.quickAcks(n);
    }
  }

  /** {@code tcp_enter_quickack_mode}: the peer needs ACKs at once. */
  void enterQuickMode() {
    quick(MAX_QUICK);
    s.tcb.pingpong(0);
    s.tcb.ato(least());
  }

  private boolean inQuickMode() {
    return s.tcb.quickAcks() != 0 && s.tcb.pingpong() == 0;
  }

  /** After a segment: acknowledge now or later. */
  void check() {
    if (!s.fl.ackScheduled() && !s.fl.ackNow()) {
      return;
    }
    int unacknowledged = s.tcb.rcvNxt() - s.fl.rcvWup();
    if (unacknowledged > s.fl.rcvMss() && s.receive.windowCanGrow()
        || inQuickMode()
        || s.fl.ackNow()
        || s.fl.pieces() != 0) {
      s.output.sendAck();
      return;
    }
    delay();
  }

  /** {@code tcp_send_delayed_ack}. */
  private void delay() {
    int min = least();
    int ato = s.tcb.ato();
    if (ato > min) {
      int most = s.tcb.pingpong() != 0 || s.fl.pushed() != 0 ? s.host.hz / 5 : s.host.hz / 2;
      if (s.tcb.srtt() != 0) {
        most = Math.min(most, Math.max(s.host.jiffiesOfUs(s.tcb.srtt() >> 3), min));
      }
      ato = Math.min(ato, most);
    }
    ato = Math.min(ato, s.host.hz / 5);
    if (s.fl.ackTimer()) {
      if (s.fl.ackAt() - (s.jiffies + (ato >> 2)) <= 0) {
        s.output.sendAck();
        return;
      }
      if (s.jiffies + ato - s.fl.ackAt() >= 0) {
        return;
      }
    }
    s.timers.armAck(ato);
  }

  /** {@code tcp_delack_timer_handler}. */
  void timerFired() {
    if (!s.fl.ackScheduled()) {
      return;
    }
    if (s.tcb.pingpong() == 0) {
      s.tcb.ato(Math.min(s.tcb.ato() << 1, Math.min(s.fl.rto(), 255)));
    } else {
      s.tcb.pingpong(0);
      s.tcb.ato(least());
    }
    s.host.count(Mib.DELAYED_ACKS);
    s.output.sendAck();
  }

  /** {@code tcp_cleanup_rbuf}: the application has read {@code bytes}. */
  void afterRead(int bytes) {
    if (s.fl.ackScheduled()) {
      boolean small = s.fl.pushed() == PUSHED_TWICE || s.fl.pushed() != 0 && s.tcb.pingpong() == 0;
      if (s.tcb.rcvNxt() - s.fl.rcvWup() > s.fl.rcvMss() || bytes > 0 && small) {
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
    int quick = s.tcb.quickAcks();
    if (quick > 0 && s.fl.ackScheduled()) {
      s.tcb.quickAcks(quick - 1);
      if (quick == 1) {
        s.tcb.ato(least());
      }
    }
    s.fl.ackScheduled(false);
    s.fl.ackNow(false);
    s.fl.pushed(0);
    s.fl.ackTimer(false);
  }
}
