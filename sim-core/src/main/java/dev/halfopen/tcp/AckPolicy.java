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

  /** {@code tcp_event_data_recv}. */
  static void dataReceived(Stack s, int length) {
    s.fl.ackScheduled(true);
    measureSegment(s, length);
    int ato = s.tcb.ato();
    int min = s.host.leastAto;
    int now = s.jiffies;
    int gap = now - s.tcb.lastReceive();
    s.tcb.lastReceive(now);
    s.fl.lastHeard(now);
    if (ato == 0) {
      s.acks.quick(MAX_QUICK);
      s.tcb.ato(min);
    } else if (gap <= min >> 1) {
      s.tcb.ato((ato >> 1) + (min >> 1));
    } else if (gap < ato) {
      s.tcb.ato(Math.min(Math.min((ato >> 1) + gap, s.fl.rto()), 255));
    } else if (gap > s.fl.rto()) {
      s.acks.quick(MAX_QUICK);
    }
  }

  /** {@code tcp_measure_rcv_mss}. */
  private static void measureSegment(Stack s, int length) {
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
    s.tcb.ato(s.host.leastAto);
  }

  private static boolean inQuickMode(Stack s) {
    return s.tcb.quickAcks() != 0 && s.tcb.pingpong() == 0;
  }

  /** After a segment: acknowledge now or later. */
  static void check(Stack s) {
    if (s.fl.ackDue() && (isDueNow(s) || !delays(s))) {
      s.output.sendAck();
    }
  }

  private static boolean isDueNow(Stack s) {
    return s.tcb.rcvNxt() - s.fl.rcvWup() > s.fl.rcvMss() && Receive.windowCanGrow(s)
        || inQuickMode(s)
        || s.fl.ackNow()
        || s.fl.pieces() != 0;
  }

  /** {@code tcp_send_delayed_ack}; false where the ACK is too late already. */
  private static boolean delays(Stack s) {
    int min = s.host.leastAto;
    int ato = s.tcb.ato();
    if (ato > min) {
      int most = s.tcb.pingpong() != 0 || s.fl.pushed() != 0 ? s.host.mostAto : s.host.hz / 2;
      if (s.tcb.srtt() != 0) {
        most = Math.min(most, Math.max(s.host.jiffiesOfUs(s.tcb.srtt() >> 3), min));
      }
      ato = Math.min(ato, most);
    }
    ato = Math.min(ato, s.host.mostAto);
    if (s.fl.ackTimer()) {
      int left = s.fl.ackAt() - s.jiffies;
      if (left <= ato >> 2) {
        return false;
      }
      if (ato >= left) {
        return true;
      }
    }
    s.timers.armAck(ato);
    return true;
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
      s.tcb.ato(s.host.leastAto);
    }
    s.host.count(Mib.DELAYED_ACKS);
    s.output.sendAck();
  }

  /** {@code tcp_cleanup_rbuf}: the application has read {@code bytes}. */
  static void afterRead(Stack s, int bytes) {
    if (s.fl.ackScheduled() && isDueAfterRead(s, bytes) || bytes > 0 && Receive.windowOpened(s)) {
      s.output.sendAck();
    }
  }

  private static boolean isDueAfterRead(Stack s, int bytes) {
    if (s.tcb.rcvNxt() - s.fl.rcvWup() > s.fl.rcvMss()) {
      return true;
    }
    int pushed = s.fl.pushed();
    return bytes > 0 && (pushed == PUSHED_TWICE || pushed != 0 && s.tcb.pingpong() == 0);
  }

  /** {@code tcp_event_ack_sent}: every segment that leaves carries the ACK. */
  static void sent(Stack s) {
    if (!s.fl.ackStands()) {
      return;
    }
    int quick = s.tcb.quickAcks();
    if (quick > 0 && s.fl.ackScheduled()) {
      s.tcb.quickAcks(quick - 1);
      if (quick == 1) {
        s.tcb.ato(s.host.leastAto);
      }
    }
    s.fl.ackLeft();
    s.timers.ackSent();
  }
}
