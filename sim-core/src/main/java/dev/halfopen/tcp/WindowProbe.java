package dev.halfopen.tcp;

import dev.halfopen.net.Segment;

/** Probes of a closed window: {@code tcp_probe_timer}, {@code tcp_send_probe0}. */
final class WindowProbe {
  private final Stack s;
  private final Connections tcb;
  private final Flights fl;
  private final SendQueue sq;

  WindowProbe(Stack s) {
    this.s = s;
    this.tcb = s.tcb;
    this.fl = s.fl;
    this.sq = s.sq;
  }

  /** {@code tcp_check_probe_timer}: data waits, nothing is out, no timer runs. */
  void armIfStuck() {
    if (fl.packetsOut() == 0 && fl.sendNext() != 0 && fl.pending() == Flights.PENDING_NONE) {
      s.timers.armRetransmit(Flights.PENDING_PROBE, base());
    }
  }

  private int base() {
    return Math.max(fl.rto(), s.host.hz / 5);
  }

  /** {@code tcp_probe0_when}. */
  private int when() {
    int doublings = 31 - Integer.numberOfLeadingZeros(600) + 1;
    long when = (long) base() << Math.min(fl.backoff(), doublings);
    int delay = (int) Math.min(when, s.host.rtoMaxJiffies);
    return clampToUserTimeout(delay);
  }

  private int clampToUserTimeout(int delay) {
    int timeoutMs = s.contract.options.userTimeoutMs;
    if (timeoutMs == 0 || fl.probeStart() == 0) {
      return delay;
    }
    int left = s.host.jiffiesOfMs(timeoutMs) - (s.jiffies - fl.probeStart());
    return Math.min(delay, Math.max(left, 2));
  }

  void fired() {
    if (fl.packetsOut() != 0 || fl.sendNext() == 0) {
      fl.probes(0);
      fl.probeStart(0);
      return;
    }
    int timeoutMs = s.contract.options.userTimeoutMs;
    if (fl.probeStart() == 0) {
      fl.probeStart(s.jiffies);
    } else if (timeoutMs != 0 && s.jiffies - fl.probeStart() >= s.host.jiffiesOfMs(timeoutMs)) {
      s.closing.timedOut(Errno.ETIMEDOUT);
      return;
    }
    int most = (int) s.host.sysctl().get(Sysctl.TCP_RETRIES2);
    if (tcb.flag(Connections.F_ORPHAN)) {
      boolean alive = (long) fl.rto() << fl.backoff() < s.host.rtoMaxJiffies;
      most = s.retransmit.orphanRetries(alive);
      if (!alive && fl.backoff() >= most) {
        s.closing.timedOut(Errno.ETIMEDOUT);
        return;
      }
      if (s.closing.outOfResources(true)) {
        return;
      }
    }
    if (fl.probes() >= most) {
      s.closing.timedOut(Errno.ETIMEDOUT);
    } else {
      send();
    }
  }

  private void send() {
    s.host.count(Mib.WIN_PROBE);
    if (!s.output.push(true)) {
      s.output.sendEmpty(Segment.ACK, tcb.sndUna() - 1);
    }
    if (fl.packetsOut() != 0 || fl.sendNext() == 0) {
      fl.probes(0);
      fl.backoff(0);
      fl.probeStart(0);
      return;
    }
    fl.probes(fl.probes() + 1);
    if (s.host.deviceRefuses) {
      s.timers.armRetransmit(
          Flights.PENDING_PROBE, clampToUserTimeout(RetransmitTimer.resourceProbeJiffies(s.host)));
      return;
    }
    if (fl.backoff() < s.host.sysctl().get(Sysctl.TCP_RETRIES2)) {
      fl.backoff(fl.backoff() + 1);
    }
    s.timers.armRetransmit(Flights.PENDING_PROBE, when());
  }

  /** {@code tcp_ack_probe}: an ACK came while data waits for the window and nothing is out. */
  void acknowledged() {
    sq.at(fl.sendNext());
    int firstEnd = Math.min(sq.end() - sq.seq(), s.output.mss()) + sq.seq();
    if (!SeqNum.after(firstEnd, tcb.sndUna() + fl.sndWnd())) {
      fl.backoff(0);
      fl.probeStart(0);
      if (fl.pending() == Flights.PENDING_PROBE) {
        s.timers.disarmRetransmit();
      }
    } else {
      s.timers.armRetransmit(Flights.PENDING_PROBE, when());
    }
  }
}
