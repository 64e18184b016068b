package dev.halfopen.tcp;

/** The retransmission timer: {@code tcp_retransmit_timer}, {@code tcp_write_timeout}. */
final class RetransmitTimer {
  /** TCP_RTO_MIN, the base of {@code tcp_model_timeout} whatever the RTO is. */
  private static final int RTO_MIN_MS = 200;

  /** icsk_ca_state of a connection that is recovering from a timeout. */
  static final int CA_LOSS = 4;

  private final Stack s;
  private final Connections tcb;
  private final Flights fl;
  private final SendQueue sq;

  RetransmitTimer(Stack s) {
    this.s = s;
    this.tcb = s.tcb;
    this.fl = s.fl;
    this.sq = s.sq;
  }

  /** {@code tcp_rearm_rto}: the RTO of the oldest segment, or none if nothing is out. */
  void rearm() {
    if (fl.packetsOut() == 0) {
      s.timers.disarmRetransmit();
      return;
    }
    int rto = fl.rto();
    if (fl.pending() == Flights.PENDING_TLP) {
      rto = s.host.jiffiesOfUs(Math.max(1, rtoLeftUs()));
    }
    s.timers.armRetransmit(Flights.PENDING_RTO, rto);
  }

  /** {@code tcp_rto_delta_us}: until the RTO of the oldest segment, from when it was sent. */
  int rtoLeftUs() {
    sq.at(fl.sendHead());
    return sq.sentUs() + s.host.usOfJiffies(fl.rto()) - s.nowUs();
  }

  void fired() {
    if (fl.packetsOut() == 0) {
      return;
    }
    boolean connecting = tcb.state() == State.SYN_SENT || tcb.state() == State.SYN_RECV;
    s.host.count(Mib.TCP_TIMEOUTS);
    if (hasGoneTooFar(connecting)) {
      return;
    }
    enterLoss(connecting);
    fl.retransmits(fl.retransmits() + 1);
    if (fl.retransStamp() == 0) {
      fl.retransStamp(nonZero(s.nowMs()));
    }
    if (s.host.deviceRefuses) {
      s.timers.armRetransmit(Flights.PENDING_RTO, resourceProbeJiffies(s.host));
      return;
    }
    retransmitHead(connecting);
    boolean synSent = tcb.state() == State.SYN_SENT;
    if (!synSent || fl.retransmits() > linearTimeouts()) {
      fl.backoff(fl.backoff() + 1);
      fl.rto(Math.min(fl.rto() << 1, s.host.rtoMaxJiffies));
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
    int head = fl.sendHead();
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
    sq.at(row);
    if (sq.flag(SendQueue.F_LOST)) {
      sq.clearFlag(SendQueue.F_LOST);
      fl.lostOut(fl.lostOut() - 1);
    }
  }

  /** {@code tcp_enter_loss}: everything sent counts as lost, the window is one segment. */
  private void enterLoss(boolean connecting) {
    if (connecting) {
      return;
    }
    if (tcb.caState() != CA_LOSS) {
      tcb.ssthresh(Math.max(tcb.cwnd() >> 1, 2));
    }
    tcb.cwnd(1);
    fl.cwndCredit(0);
    int lost = 0;
    int end = fl.sendNext();
    for (int r = fl.sendHead(); r != end && r != 0; r = sq.next()) {
      sq.at(r);
      sq.setFlag(SendQueue.F_LOST);
      lost++;
    }
    fl.lostOut(lost);
    tcb.caState(CA_LOSS);
    fl.highSeq(fl.sndNxt());
    fl.tlpHighSeq(0);
  }

  /** {@code tcp_xmit_retransmit_queue}: more of what was lost, as far as the window goes. */
  void continueRecovery() {
    int end = fl.sendNext();
    for (int r = fl.sendHead(); r != end && r != 0; ) {
      if (fl.packetsOut() - fl.lostOut() >= tcb.cwnd() || fl.lostOut() == 0) {
        return;
      }
      sq.at(r);
      int next = sq.next();
      if (sq.flag(SendQueue.F_LOST)) {
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
      int linear = tcb.state() == State.SYN_SENT ? linearTimeouts() : 0;
      expired = fl.retransmits() >= retries + linear;
    } else {
      retries = (int) s.host.sysctl().get(Sysctl.TCP_RETRIES2);
      expired = false;
      if (tcb.flag(Connections.F_ORPHAN)) {
        boolean alive = fl.rto() < s.host.rtoMaxJiffies;
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
    if (fl.retransmits() == 0) {
      return false;
    }
    long limit =
        timeoutMs != 0 ? timeoutMs : modelTimeoutMs(boundary, connecting ? 1000 : RTO_MIN_MS);
    return s.nowMs() - fl.retransStamp() - limit >= 0;
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
      return fl.rto();
    }
    int left = timeoutMs - (s.nowMs() - fl.retransStamp());
    return left <= 0 ? 1 : Math.min(fl.rto(), s.host.jiffiesOfMs(left));
  }
}
