package dev.halfopen.tcp;

import dev.halfopen.net.Segment;

/** Probes of a closed window: {@code tcp_probe_timer}, {@code tcp_send_probe0}. */
final class WindowProbe {
  private final Stack s;

  WindowProbe(Stack s) {
    this.s = s;
  }

  /** {@code tcp_check_probe_timer}: data waits, nothing is out, no timer runs. */
  void armIfStuck() {
    if (s.fl.packetsOut() == 0 && s.fl.sendNext() != 0 && s.fl.pending() == Flights.PENDING_NONE) {
      s.timers.armRetransmit(Flights.PENDING_PROBE, base());
    }
  }

  private int base() {
    return Math.max(s.fl.rto(), s.host.hz / 5);
  }

  /** {@code tcp_probe0_when}. */
  private int when() {
    int doublings = 31 - Integer.numberOfLeadingZeros(600) + 1;
    long when = (long) base() << Math.min(s.fl.backoff(), doublings);
    int delay = (int) Math.min(when, s.host.rtoMaxJiffies);
    return clampToUserTimeout(delay);
  }

  private int clampToUserTimeout(int delay) {
    int timeoutMs = s.contract.options.userTimeoutMs;
    if (timeoutMs == 0 || s.fl.probeStart() == 0) {
      return delay;
    }
    int left = s.host.jiffiesOfMs(timeoutMs) - (s.jiffies - s.fl.probeStart());
    return Math.min(delay, Math.max(left, 2));
  }

  void fired() {
    if (s.fl.packetsOut() != 0 || s.fl.sendNext() == 0) {
      s.fl.probes(0);
      s.fl.probeStart(0);
      return;
    }
    int timeoutMs = s.contract.options.userTimeoutMs;
    if (s.fl.probeStart() == 0) {
      s.fl.probeStart(s.jiffies);
    } else if (timeoutMs != 0 && s.jiffies - s.fl.probeStart() >= s.host.jiffiesOfMs(timeoutMs)) {
      s.closing.timedOut(Errno.ETIMEDOUT);
      return;
    }
    int most = (int) s.host.sysctl().get(Sysctl.TCP_RETRIES2);
    if (s.tcb.flag(Connections.F_ORPHAN)) {
      boolean alive = (long) s.fl.rto() << s.fl.backoff() < s.host.rtoMaxJiffies;
      most = s.retransmit.orphanRetries(alive);
      if (!alive && s.fl.backoff() >= most) {
        s.closing.timedOut(Errno.ETIMEDOUT);
        return;
      }
      if (s.closing.outOfResources(true)) {
        return;
      }
    }
    if (s.fl.probes() >= most) {
      s.closing.timedOut(Errno.ETIMEDOUT);
    } else {
      send();
    }
  }

  private void send() {
    s.host.count(Mib.WIN_PROBE);
    if (!s.output.push(true)) {
      s.output.sendEmpty(Segment.ACK, s.tcb.sndUna() - 1);
    }
    if (s.fl.packetsOut() != 0 || s.fl.sendNext() == 0) {
      s.fl.probes(0);
      s.fl.backoff(0);
      s.fl.probeStart(0);
      return;
    }
    s.fl.probes(s.fl.probes() + 1);
    if (s.host.deviceRefuses) {
      s.timers.armRetransmit(
          Flights.PENDING_PROBE, clampToUserTimeout(RetransmitTimer.resourceProbeJiffies(s.host)));
      return;
    }
    if (s.fl.backoff() < s.host.sysctl().get(Sysctl.TCP_RETRIES2)) {
      s.fl.backoff(s.fl.backoff() + 1);
    }
    s.timers.armRetransmit(Flights.PENDING_PROBE, when());
  }

  /** {@code tcp_ack_probe}: an ACK came while data waits for the window. */
  void acknowledged() {
    s.fl.probes(0);
    if (s.fl.packetsOut() != 0 || s.fl.sendNext() == 0) {
      return;
    }
    s.sq.at(s.fl.sendNext());
    int firstEnd = Math.min(s.sq.end() - s.sq.seq(), s.output.mss()) + s.sq.seq();
    if (!SeqNum.after(firstEnd, s.tcb.sndUna() + s.fl.sndWnd())) {
      s.fl.backoff(0);
      s.fl.probeStart(0);
      if (s.fl.pending() == Flights.PENDING_PROBE) {
        s.timers.disarmRetransmit();
      }
    } else {
      s.timers.armRetransmit(Flights.PENDING_PROBE, when());
    }
  }
}
