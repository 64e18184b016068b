package dev.halfopen.tcp;

/**
 * The timers of a connection: deadlines stand in its Flight, as the jiffy in which the kernel would
 * run them; the wheel holds one entry no later than the earliest of them. It belongs to the row: a
 * later deadline, or the next connection in the row, leaves it where it is; it wakes, finds nothing
 * due and moves on. Such wake-ups are no events.
 */
final class ConnectionTimers {
  private static final int SLOT_SHIFT = dev.halfopen.engine.TimerWheel.SLOT_SHIFT;

  private final Stack s;
  private final Connections tcb;
  private final Flights fl;

  /** A connection that has a Flight and had no wheel entry in the current event, 0 if none. */
  private int awakened;

  /** A connection that has begun to delay an ACK in the current event, 0 if none. */
  private int delayed;

  ConnectionTimers(Stack s) {
    this.s = s;
    this.tcb = s.tcb;
    this.fl = s.fl;
  }

  /** {@code tcp_reset_xmit_timer}: one of RTO, loss probe and window probe is pending at a time. */
  void armRetransmit(int kind, int delayJiffies) {
    int delay = Math.min(delayJiffies, s.host.rtoMaxJiffies);
    int at = TimerRounding.fires(s.host.rounding, s.jiffies, delay);
    // An entry for the deadline before will do for a later one.
    boolean wakesBefore =
        fl.pending() != Flights.PENDING_NONE && at - fl.rtoAt() >= 0 && fl.wheelSlot() != 0;
    assert !wakesBefore || fl.wheelSlot() <= slotOf(at) : "no entry before jiffy " + at;
    fl.pending(kind);
    fl.rtoAt(at);
    if (!wakesBefore) {
      wake(at);
    }
  }

  void disarmRetransmit() {
    fl.pending(Flights.PENDING_NONE);
  }

  /**
   * {@code tcp_send_delayed_ack}. Most answers leave in the event that the question came in, and
   * take the ACK with them: the wheel gets its entry at the end of the event only.
   */
  void armAck(int delayJiffies) {
    int row = tcb.row();
    if (delayed != 0 && delayed != row) {
      settleDelayed();
      tcb.move(row);
      fl.at(tcb.flight());
    }
    delayed = row;
    fl.ackTimer(true);
    fl.ackAt(TimerRounding.fires(s.host.rounding, s.jiffies, delayJiffies));
  }

  /** The ACK of the connection under the cursor has left. */
  void ackSent() {
    if (delayed == tcb.row()) {
      delayed = 0;
    }
  }

  private void settleDelayed() {
    int row = delayed;
    delayed = 0;
    tcb.move(row);
    if (toFlight() && fl.ackTimer()) {
      wake(fl.ackAt());
    }
  }

  /** Moves to the Flight of the connection under the cursor; false if it has none. */
  private boolean toFlight() {
    int flight = tcb.flight();
    if (flight == 0) {
      return false;
    }
    fl.at(flight);
    return true;
  }

  /** The FIN_WAIT_2 timer of a closed socket, {@code tcp_reset_keepalive_timer}. */
  void armClose(int delayJiffies) {
    int at = TimerRounding.fires(s.host.rounding, s.jiffies, delayJiffies);
    fl.closeTimer(true);
    fl.closeAt(at);
    wake(at);
  }

  /** An entry that will find the connection quiescent and give its Flight back. */
  void wakeForRelease() {
    wake(s.jiffies + s.host.hz / 4);
  }

  /**
   * The connection under the cursor has a Flight and no wheel entry. Most that have arm a timer in
   * the same event, whose entry will do to give it back; {@link #settle} sees to those that do not.
   */
  void awakened() {
    int row = tcb.row();
    int flight = tcb.flight();
    if (awakened != 0) {
      settleAwakened();
    }
    awakened = row;
    tcb.move(row);
    fl.at(flight);
  }

  /**
   * At the end of an event: an ACK that is still due has its entry, and whatever was awakened has
   * one that takes its Flight back.
   */
  void settle() {
    if (delayed != 0) {
      settleDelayed();
    }
    if (awakened != 0) {
      settleAwakened();
    }
  }

  private void settleAwakened() {
    int row = awakened;
    awakened = 0;
    tcb.move(row);
    if (toFlight() && fl.wheelSlot() == 0) {
      wake((int) s.host.host().jiffies(s.nowNs, tcb.local()) + s.host.hz / 4);
    }
  }

  private int slotOf(int jiffy) {
    return (int) (s.host.host().jiffyNs(jiffy, tcb.local()) >>> SLOT_SHIFT);
  }

  private void wake(int jiffy) {
    long ns = s.host.host().jiffyNs(jiffy, tcb.local());
    int slot = (int) (ns >>> SLOT_SHIFT);
    int pending = fl.wheelSlot();
    if (pending == 0 || slot < pending) {
      fl.wheelSlot(slot);
      int entry = fl.entrySlot();
      if (slot < entry || entry <= (int) (s.nowNs >>> SLOT_SHIFT)) {
        fl.entrySlot(slot);
        s.alarms.wakeAt(s.host.host(), Math.max(ns, s.nowNs + 1), TimerIds.connection(tcb.row()));
      }
    }
  }

  private int earliest() {
    int at = 0;
    boolean any = false;
    if (fl.pending() != Flights.PENDING_NONE) {
      at = fl.rtoAt();
      any = true;
    }
    if (fl.ackTimer() && (!any || fl.ackAt() - at < 0)) {
      at = fl.ackAt();
      any = true;
    }
    if (fl.closeTimer() && (!any || fl.closeAt() - at < 0)) {
      at = fl.closeAt();
    }
    return at;
  }

  /**
   * Whether the connection's entry is the one in that slot; if so, its Flight is under the cursor.
   */
  boolean hasEntry(int slot) {
    return toFlight() && fl.entrySlot() == slot;
  }

  /** The wheel has opened the slot that has the entry of this row; the host is the current one. */
  void due(int row, int slot) {
    int wanted = fl.wheelSlot();
    if (wanted != slot) {
      fl.entrySlot(wanted);
      if (wanted != 0) {
        long ns = Integer.toUnsignedLong(wanted) << SLOT_SHIFT;
        s.alarms.wakeAt(s.host.host(), ns, TimerIds.connection(row));
      }
      return;
    }
    if (!fl.anyTimer()) {
      fl.wheelSlot(0);
      fl.entrySlot(0);
      if (s.isQuiescent()) {
        releaseUnlessChallenged();
      }
      return;
    }
    long ns = s.host.host().jiffyNs(earliest(), tcb.local());
    int trueSlot = (int) (ns >>> SLOT_SHIFT);
    if (trueSlot > slot) {
      fl.wheelSlot(trueSlot);
      fl.entrySlot(trueSlot);
      s.alarms.wakeAt(s.host.host(), ns, TimerIds.connection(row));
    } else {
      s.alarms.fireAt(s.host.host(), ns, TimerIds.connection(row));
    }
  }

  /** The limit of challenge ACKs has to outlive the quiet that follows one. */
  private void releaseUnlessChallenged() {
    s.jiffies = (int) s.host.host().jiffies(s.nowNs, tcb.local());
    if (s.resets.limitedPerSocket(fl.lastChallenge())) {
      wakeForRelease();
    } else {
      release();
    }
  }

  private void release() {
    tcb.lastReceive(fl.lastHeard());
    tcb.rcvWndWire(fl.rcvWnd() >>> s.contracts.of(tcb.contract()).receiveScale);
    tcb.sndWndWire(fl.sndWnd() >>> s.contracts.of(tcb.contract()).sendScale);
    int peer = fl.peer();
    fl.free(tcb.flight());
    tcb.rest(peer);
  }

  /** The instant of an alarm: runs what is due. False if nothing was. */
  boolean fired() {
    if (tcb.state() == State.CLOSED || tcb.flight() == 0) {
      return false;
    }
    s.load();
    if (fl.wheelSlot() != (int) (s.nowNs >>> SLOT_SHIFT)) {
      return false;
    }
    fl.wheelSlot(0);
    fl.entrySlot(0);
    long reference = tcb.reference();
    boolean any = false;
    if (fl.ackTimer() && fl.ackAt() - s.jiffies <= 0) {
      any = true;
      fl.ackTimer(false);
      s.acks.timerFired();
    }
    if (fl.pending() != Flights.PENDING_NONE && fl.rtoAt() - s.jiffies <= 0) {
      any = true;
      retransmitClass();
    }
    if (tcb.resolve(reference)) {
      fl.at(tcb.flight());
      if (fl.closeTimer() && fl.closeAt() - s.jiffies <= 0) {
        any = true;
        fl.closeTimer(false);
        s.closing.finWait2TimerFired();
      }
    }
    if (tcb.resolve(reference)) {
      fl.at(tcb.flight());
      if (fl.anyTimer()) {
        wake(earliest());
      } else if (s.isQuiescent()) {
        wakeForRelease();
      }
    }
    return any;
  }

  private void retransmitClass() {
    int kind = fl.pending();
    fl.pending(Flights.PENDING_NONE);
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
