package dev.halfopen.tcp;

/**
 * The timers of a connection: deadlines stand in its Flight, as the jiffy in which the kernel would
 * run them; the wheel holds one entry at the earliest of them. A later deadline leaves the entry
 * where it is: it wakes, finds nothing due and moves on. Such wake-ups are no events.
 */
final class ConnectionTimers {
  private static final int SLOT_SHIFT = dev.halfopen.engine.TimerWheel.SLOT_SHIFT;

  private final Stack s;

  ConnectionTimers(Stack s) {
    this.s = s;
  }

  /** {@code tcp_reset_xmit_timer}: one of RTO, loss probe and window probe is pending at a time. */
  void armRetransmit(int kind, int delayJiffies) {
    int delay = Math.min(delayJiffies, s.host.rtoMaxJiffies);
    int at = TimerRounding.fires(s.host.rounding, s.jiffies, delay);
    s.fl.pending(kind);
    s.fl.rtoAt(at);
    wake(at);
  }

  void disarmRetransmit() {
    s.fl.pending(Flights.PENDING_NONE);
  }

  void armAck(int delayJiffies) {
    int at = TimerRounding.fires(s.host.rounding, s.jiffies, delayJiffies);
    s.fl.ackTimer(true);
    s.fl.ackAt(at);
    wake(at);
  }

  /** The FIN_WAIT_2 timer of a closed socket, {@code tcp_reset_keepalive_timer}. */
  void armClose(int delayJiffies) {
    int at = TimerRounding.fires(s.host.rounding, s.jiffies, delayJiffies);
    s.fl.closeTimer(true);
    s.fl.closeAt(at);
    wake(at);
  }

  /** An entry that will find the connection quiescent and give its Flight back. */
  void wakeForRelease() {
    wake(s.jiffies + s.host.hz / 4);
  }

  private void wake(int jiffy) {
    long ns = s.host.host().jiffyNs(jiffy, s.tcb.local());
    int slot = (int) (ns >>> SLOT_SHIFT);
    int pending = s.fl.wheelSlot();
    if (pending == 0 || slot < pending) {
      s.fl.wheelSlot(slot);
      s.alarms.wakeAt(s.host.host(), Math.max(ns, s.nowNs + 1), TimerIds.connection(s.tcb.row()));
    }
  }

  private int earliest() {
    int at = 0;
    boolean any = false;
    if (s.fl.pending() != Flights.PENDING_NONE) {
      at = s.fl.rtoAt();
      any = true;
    }
    if (s.fl.ackTimer() && (!any || s.fl.ackAt() - at < 0)) {
      at = s.fl.ackAt();
      any = true;
    }
    if (s.fl.closeTimer() && (!any || s.fl.closeAt() - at < 0)) {
      at = s.fl.closeAt();
    }
    return at;
  }

  /**
   * Whether the connection's entry is the one in that slot; if so, its Flight is under the cursor.
   */
  boolean hasEntry(int slot) {
    int flight = s.tcb.flight();
    if (flight == 0) {
      return false;
    }
    s.fl.at(flight);
    return s.fl.wheelSlot() == slot;
  }

  /** The wheel has opened the slot that has the entry of this row; the host is the current one. */
  void due(int row, int slot) {
    if (!s.fl.anyTimer()) {
      s.fl.wheelSlot(0);
      if (s.isQuiescent()) {
        releaseUnlessChallenged();
      }
      return;
    }
    long ns = s.host.host().jiffyNs(earliest(), s.tcb.local());
    int trueSlot = (int) (ns >>> SLOT_SHIFT);
    if (trueSlot > slot) {
      s.fl.wheelSlot(trueSlot);
      s.alarms.wakeAt(s.host.host(), ns, TimerIds.connection(row));
    } else {
      s.alarms.fireAt(s.host.host(), ns, TimerIds.connection(row));
    }
  }

  /** The limit of challenge ACKs has to outlive the quiet that follows one. */
  private void releaseUnlessChallenged() {
    s.jiffies = (int) s.host.host().jiffies(s.nowNs, s.tcb.local());
    if (s.resets.limitedPerSocket(s.fl.lastChallenge())) {
      wakeForRelease();
    } else {
      release();
    }
  }

  private void release() {
    s.tcb.lastReceive(s.fl.lastHeard());
    s.tcb.rcvWndWire(s.fl.rcvWnd() >>> s.contracts.of(s.tcb.contract()).receiveScale);
    s.tcb.sndWndWire(s.fl.sndWnd() >>> s.contracts.of(s.tcb.contract()).sendScale);
    s.fl.free(s.tcb.flight());
    s.tcb.flight(0);
  }

  /** The instant of an alarm: runs what is due. False if nothing was. */
  boolean fired() {
    if (s.tcb.state() == State.CLOSED || s.tcb.flight() == 0) {
      return false;
    }
    s.load();
    if (s.fl.wheelSlot() != (int) (s.nowNs >>> SLOT_SHIFT)) {
      return false;
    }
    s.fl.wheelSlot(0);
    long reference = s.tcb.reference();
    boolean any = false;
    if (s.fl.ackTimer() && s.fl.ackAt() - s.jiffies <= 0) {
      any = true;
      s.fl.ackTimer(false);
      s.acks.timerFired();
    }
    if (s.fl.pending() != Flights.PENDING_NONE && s.fl.rtoAt() - s.jiffies <= 0) {
      any = true;
      retransmitClass();
    }
    if (s.tcb.resolve(reference)) {
      s.fl.at(s.tcb.flight());
      if (s.fl.closeTimer() && s.fl.closeAt() - s.jiffies <= 0) {
        any = true;
        s.fl.closeTimer(false);
        s.closing.finWait2TimerFired();
      }
    }
    if (s.tcb.resolve(reference)) {
      s.fl.at(s.tcb.flight());
      if (s.fl.anyTimer()) {
        wake(earliest());
      } else if (s.isQuiescent()) {
        wakeForRelease();
      }
    }
    return any;
  }

  private void retransmitClass() {
    int kind = s.fl.pending();
    s.fl.pending(Flights.PENDING_NONE);
    switch (kind) {
      case Flights.PENDING_RTO:
        s.retransmit.fired();
        break;
      case Flights.PENDING_TLP:
        s.lossProbe.fired();
        break;
      default:
        s.windowProbe.fired();
        break;
    }
  }
}
