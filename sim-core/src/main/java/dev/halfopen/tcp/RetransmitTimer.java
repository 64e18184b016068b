package dev.halfopen.tcp;

/** The retransmission timer: {@code tcp_retransmit_timer}, {@code tcp_write_timeout}. */
final class RetransmitTimer {
  /** TCP_RTO_MIN, the base of {@code tcp_model_timeout} whatever the RTO is. */
  private static final int RTO_MIN_MS = 200;

  /** icsk_ca_state of a connection that is recovering from a timeout. */
  static final int CA_LOSS = 4;

  private final Stack s;

  RetransmitTimer(Stack s) {
    this.s = s;
  }

  /** {@code tcp_rearm_rto}: the RTO of the oldest segment, or none if nothing is out. */
  void rearm() {
    if (s.fl.packetsOut() == 0) {
      s.timers.disarmRetransmit();
      return;
    }
    int rto = s.fl.rto();
    if (s.fl.pending() == Flights.PENDING_TLP) {
      rto = s.host.jiffiesOfUs(Math.max(1, rtoLeftUs(s)));
    }
    s.timers.armRetransmit(Flights.PENDING_RTO, rto);
  }

  /** {@code tcp_rto_delta_us}: until the RTO of the oldest segment, from when it was sent. */
  static int rtoLeftUs(Stack s) {
    s.sq.at(s.fl.sendHead());
    return s.sq.sentUs() + s.host.usOfJiffies(s.fl.rto()) - s.nowUs();
  }

  void fired() {
    if (s.fl.packetsOut() == 0) {
      return;
    }
    boolean connecting = s.tcb.state() == State.SYN_SENT || s.tcb.state() == State.SYN_RECV;
    s.host.count(Mib.TCP_TIMEOUTS);
    if (hasGoneTooFar(connecting)) {
      return;
    }
    enterLoss(connecting);
    s.fl.retransmits(s.fl.retransmits() + 1);
    if (s.fl.retransStamp() == 0) {
      s.fl.retransStamp(nonZero(s.nowMs()));
    }
    if (s.host.deviceRefuses) {
      s.timers.armRetransmit(Flights.PENDING_RTO, resourceProbeJiffies(s.host));
      return;
    }
    retransmitHead(connecting);
    boolean synSent = s.tcb.state() == State.SYN_SENT;
    if (!synSent || s.fl.retransmits() > linearTimeouts()) {
      s.fl.backoff(s.fl.backoff() + 1);
      s.fl.rto(Math.min(s.fl.rto() << 1, s.host.rtoMaxJiffies));
    }
    s.timers.armRetransmit(Flights.PENDING_RTO, clampToUserTimeout());
  }

  private int linearTimeouts() {
    return (int) s.host.sysctl().get(Sysctl.TCP_SYN_LINEAR_TIMEOUTS);
  }

  /** TCP_RESOURCE_PROBE_INTERVAL, 500 ms: after the device has refused a segment. */
  static int resourceProbeJiffies(HostTcp host) {
    return host.hz / 2;
  }

  private static int nonZero(int ms) {
    return ms == 0 ? 1 : ms;
  }

  private void retransmitHead(boolean connecting) {
    int head = s.fl.sendHead();
    s.host.count(Mib.RETRANS_SEGS);
    if (connecting) {
      s.host.count(Mib.SYN_RETRANS);
    }
    s.output.transmit(head);
    if (!connecting) {
      clearLost(head);
    }
  }

  private void clearLost(int row) {
    s.sq.at(row);
    if (s.sq.flag(SendQueue.F_LOST)) {
      s.sq.clearFlag(SendQueue.F_LOST);
      s.fl.lostOut(s.fl.lostOut() - 1);
    }
  }

  /** {@code tcp_enter_loss}: everything sent counts as lost, the window is one segment. */
  private void enterLoss(boolean connecting) {
    if (connecting) {
      return;
    }
    if (s.tcb.caState() != CA_LOSS) {
      s.tcb.ssthresh(Math.max(s.tcb.cwnd() >> 1, 2));
    }
    s.tcb.cwnd(1);
    s.fl.cwndCredit(0);
    int lost = 0;
    int end = s.fl.sendNext();
    for (int r = s.fl.sendHead(); r != end && r != 0; r = s.sq.next()) {
      s.sq.at(r);
      s.sq.setFlag(SendQueue.F_LOST);
      lost++;
    }
    s.fl.lostOut(lost);
    s.tcb.caState(CA_LOSS);
    s.fl.highSeq(s.fl.sndNxt());
    s.fl.tlpHighSeq(0);
  }

  /** {@code tcp_xmit_retransmit_queue}: more of what was lost, as far as the window goes. */
  void continueRecovery() {
    int end = s.fl.sendNext();
    for (int r = s.fl.sendHead(); r != end && r != 0; ) {
      if (s.fl.packetsOut() - s.fl.lostOut() >= s.tcb.cwnd() || s.fl.lostOut() == 0) {
        return;
      }
      s.sq.at(r);
      int next = s.sq.next();
      if (s.sq.flag(SendQueue.F_LOST)) {
        clearLost(r);
        s.host.count(Mib.RETRANS_SEGS);
        s.output.transmit(r);
      }
      r = next;
    }
  }

  // ---- giving up

  /** {@code tcp_write_timeout}: true if the connection was ended. */
  private boolean hasGoneTooFar(boolean connecting) {
    int userTimeoutMs = s.contract.options.userTimeoutMs;
    boolean expired;
    int retries;
    if (connecting) {
      int syn = s.contract.options.synCount;
      retries = syn != 0 ? syn : (int) s.host.sysctl().get(Sysctl.TCP_SYN_RETRIES);
      int linear = s.tcb.state() == State.SYN_SENT ? linearTimeouts() : 0;
      expired = s.fl.retransmits() >= retries + linear;
    } else {
      retries = (int) s.host.sysctl().get(Sysctl.TCP_RETRIES2);
      expired = false;
      if (s.tcb.flag(Connections.F_ORPHAN)) {
        boolean alive = s.fl.rto() < s.host.rtoMaxJiffies;
        retries = orphanRetries(alive);
        boolean reset = alive || !timedOut(retries, 0, false);
        if (s.closing.outOfResources(reset)) {
          return true;
        }
      }
    }
    if (!expired) {
      expired = timedOut(retries, userTimeoutMs, connecting);
    }
    if (expired) {
      s.closing.timedOut(Errno.ETIMEDOUT);
    }
    return expired;
  }

  /** {@code tcp_orphan_retries}: 0 means 8 while the RTO is below its maximum. */
  int orphanRetries(boolean alive) {
    int retries = (int) s.host.sysctl().get(Sysctl.TCP_ORPHAN_RETRIES);
    return retries == 0 && alive ? 8 : retries;
  }

  /** {@code retransmits_timed_out}. */
  boolean timedOut(int boundary, int timeoutMs, boolean connecting) {
    if (s.fl.retransmits() == 0) {
      return false;
    }
    long limit =
        timeoutMs != 0 ? timeoutMs : modelTimeoutMs(boundary, connecting ? 1000 : RTO_MIN_MS);
    return s.nowMs() - s.fl.retransStamp() - limit >= 0;
  }

  /** {@code tcp_model_timeout}: what {@code boundary} doublings of the base would take. */
  private long modelTimeoutMs(int boundary, int baseMs) {
    long maxMs = s.host.sysctl().get(Sysctl.TCP_RTO_MAX_MS);
    int doublings = 63 - Long.numberOfLeadingZeros(Math.max(1, maxMs / baseMs));
    if (boundary <= doublings) {
      return ((2L << boundary) - 1) * baseMs;
    }
    return ((2L << doublings) - 1) * baseMs + (boundary - doublings) * maxMs;
  }

  /** {@code tcp_clamp_rto_to_user_timeout}. */
  private int clampToUserTimeout() {
    int timeoutMs = s.contract.options.userTimeoutMs;
    if (timeoutMs == 0) {
      return s.fl.rto();
    }
    int left = timeoutMs - (s.nowMs() - s.fl.retransStamp());
    return left <= 0 ? 1 : Math.min(s.fl.rto(), s.host.jiffiesOfMs(left));
  }
}
