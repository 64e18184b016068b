package dev.halfopen.tcp;

import dev.halfopen.net.Segment;

/** Ends of connections: close, FIN, abort, timeout ({@code __tcp_close}, {@code tcp_fin}). */
final class Closing {
  /** TCP_TIMEWAIT_LEN, s. */
  static final int TIME_WAIT_SECONDS = 60;

  private final Stack s;
  private final Connections tcb;
  private final Flights fl;
  private final SendQueue sq;

  Closing(Stack s) {
    this.s = s;
    this.tcb = s.tcb;
    this.fl = s.fl;
    this.sq = s.sq;
  }

  /** close() of the application. The connection may be gone afterwards. */
  void close() {
    boolean unread = fl.copiedSeq() != tcb.rcvNxt() && tcb.state() != State.SYN_SENT;
    if (unread && !finIsUnread()) {
      s.host.count(Mib.ABORT_ON_CLOSE);
      s.resets.active();
      forget();
      return;
    }
    SocketOptions o = s.contract.options;
    if (o.lingerOn && o.lingerSeconds == 0) {
      if (tcb.state() != State.SYN_SENT) {
        s.resets.active();
      }
      s.host.count(Mib.ABORT_ON_DATA);
      forget();
      return;
    }
    if (tcb.state() == State.SYN_SENT) {
      forget();
      return;
    }
    orphan();
    sendFin();
    afterOrphaned();
  }

  /** The only unread sequence number is the peer's FIN. */
  private boolean finIsUnread() {
    return State.hasPeersFin(tcb.state()) && tcb.rcvNxt() - fl.copiedSeq() == 1;
  }

  private void orphan() {
    tcb.setFlag(Connections.F_ORPHAN | Connections.F_RCV_SHUTDOWN);
    s.host.gauges.enter(SocketGauges.ORPHANS, s.nowNs);
  }

  /**
   * shutdown(SHUT_WR). In SYN_SENT it disconnects ({@code inet_shutdown}, {@code tcp_disconnect});
   * where SYNs have crossed the FIN waits until the handshake is over.
   */
  void shutdownWrite() {
    int state = tcb.state();
    if (state == State.SYN_SENT) {
      s.post(Sockets.FAILED, 0, Errno.ECONNRESET);
      forget();
    } else if (state == State.SYN_RECV
        && s.host.sysctl().kernel().has(KernelChange.SHUTDOWN_AFTER_HANDSHAKE)) {
      tcb.setFlag(Connections.F_SND_SHUTDOWN);
    } else {
      sendFin();
    }
  }

  /** The handshake of crossed SYNs is over: what shutdown() has asked for, {@code tcp_shutdown}. */
  void deferredShutdown() {
    if (tcb.flag(Connections.F_SND_SHUTDOWN)) {
      sendFin();
    }
  }

  /** {@code tcp_close_state}, {@code tcp_send_fin}: a FIN behind all data, once. */
  private void sendFin() {
    int state = tcb.state();
    if (state == State.ESTABLISHED || state == State.SYN_RECV) {
      Transitions.to(s, State.FIN_WAIT_1);
    } else if (state == State.CLOSE_WAIT) {
      Transitions.to(s, State.LAST_ACK);
    } else {
      return;
    }
    tcb.setFlag(Connections.F_SND_SHUTDOWN);
    s.output.queueFin();
    s.output.push(true);
    s.windowProbe.armIfStuck();
  }

  /** The rest of {@code __tcp_close}: FIN_WAIT_2 limits and too many orphans. */
  private void afterOrphaned() {
    if (tcb.state() == State.FIN_WAIT_2) {
      if (s.contract.options.linger2Seconds < 0) {
        s.resets.active();
        s.host.count(Mib.ABORT_ON_LINGER);
        forget();
        return;
      }
      finWait2Orphan(false);
      return;
    }
    if (s.host.gauges.in(SocketGauges.ORPHANS) > s.host.maxOrphans) {
      s.resets.active();
      s.host.count(Mib.ABORT_ON_MEMORY);
      forget();
    }
  }

  /** {@code tcp_fin_time}: tcp_fin_timeout or TCP_LINGER2, not below 3.5 RTO. */
  private int finTimeJiffies() {
    int linger2 = s.contract.options.linger2Seconds;
    int t = linger2 != 0 ? linger2 * s.host.hz : s.host.finTimeoutJiffies;
    int rto = fl.rto();
    return Math.max(t, (rto << 2) - (rto >> 1));
  }

  /** A closed socket is in FIN_WAIT_2: it becomes a TIME_WAIT row, or waits above 60 s. */
  private void finWait2Orphan(boolean segmentHasFin) {
    int t = finTimeJiffies();
    int limit = TIME_WAIT_SECONDS * s.host.hz;
    if (t > limit) {
      s.timers.armClose(t - limit);
    } else if (segmentHasFin) {
      s.timers.armClose(t);
    } else {
      s.timeWait.enter(true, t);
    }
  }

  /** {@code tcp_keepalive_timer} of a closed socket: the second half of a long FIN_WAIT_2. */
  void finWait2TimerFired() {
    if (tcb.state() != State.FIN_WAIT_2 || !tcb.flag(Connections.F_ORPHAN)) {
      return;
    }
    if (s.contract.options.linger2Seconds >= 0) {
      int left = finTimeJiffies() - TIME_WAIT_SECONDS * s.host.hz;
      if (left > 0) {
        s.timeWait.enter(true, left);
        return;
      }
    }
    s.resets.active();
    forget();
  }

  /** Our FIN may just have been acknowledged. False if the connection is gone. */
  boolean afterAck() {
    if (tcb.sndUna() != fl.writeSeq() || !tcb.flag(Connections.F_SND_SHUTDOWN)) {
      return true;
    }
    switch (tcb.state()) {
      case State.FIN_WAIT_1:
        return finAcknowledged();
      case State.CLOSING:
        s.timeWait.enter(false, TIME_WAIT_SECONDS * s.host.hz);
        return false;
      case State.LAST_ACK:
        s.metrics.remember();
        s.remains.keep();
        forget();
        return false;
      default:
        return true;
    }
  }

  private boolean finAcknowledged() {
    Transitions.to(s, State.FIN_WAIT_2);
    if (!tcb.flag(Connections.F_ORPHAN)) {
      return true;
    }
    Segment in = s.in;
    if (s.contract.options.linger2Seconds < 0 || s.established.bringsDataAfter(tcb.rcvNxt())) {
      s.host.count(Mib.ABORT_ON_DATA);
      s.resets.toSegment();
      forget();
      return false;
    }
    finWait2Orphan(in.has(Segment.FIN));
    return tcb.state() == State.FIN_WAIT_2;
  }

  /** {@code tcp_fin}: the peer's FIN is next in order. The connection may be gone afterwards. */
  void finReceived() {
    tcb.rcvNxt(tcb.rcvNxt() + 1);
    fl.ackScheduled(true);
    tcb.setFlag(Connections.F_RCV_SHUTDOWN);
    sq.freeList(fl.pieces());
    fl.pieces(0);
    switch (tcb.state()) {
      case State.SYN_RECV:
      case State.ESTABLISHED:
        Transitions.to(s, State.CLOSE_WAIT);
        tcb.pingpong(Math.max(1, tcb.pingpong()));
        s.post(Sockets.END_OF_STREAM, 0, 0);
        break;
      case State.FIN_WAIT_1:
        s.output.sendAck();
        Transitions.to(s, State.CLOSING);
        s.post(Sockets.END_OF_STREAM, 0, 0);
        break;
      case State.FIN_WAIT_2:
        s.output.sendAck();
        s.post(Sockets.END_OF_STREAM, 0, 0);
        s.timeWait.enter(false, TIME_WAIT_SECONDS * s.host.hz);
        break;
      default:
        break;
    }
  }

  /** {@code tcp_write_err}: gives up; the application learns why. */
  void timedOut(int errno) {
    s.host.count(Mib.ABORT_ON_TIMEOUT);
    fail(errno);
  }

  /** {@code tcp_reset}: the peer has sent RST. */
  void reset() {
    int state = tcb.state();
    if (state == State.SYN_SENT) {
      fail(Errno.ECONNREFUSED);
      return;
    }
    if (state == State.ESTABLISHED || state == State.CLOSE_WAIT) {
      s.host.count(Mib.ESTAB_RESETS);
    }
    fail(state == State.CLOSE_WAIT ? Errno.EPIPE : Errno.ECONNRESET);
  }

  /** Ends the connection with an error for its owner. */
  void fail(int errno) {
    if (tcb.state() == State.SYN_SENT) {
      s.host.count(Mib.ATTEMPT_FAILS);
    }
    s.listenQueues.dropUnaccepted(errno);
    s.post(Sockets.FAILED, 0, errno);
    forget();
  }

  /** {@code tcp_out_of_resources}: too many orphans; true if the connection was ended. */
  boolean outOfResources(boolean reset) {
    if (s.host.gauges.in(SocketGauges.ORPHANS) <= s.host.maxOrphans) {
      return false;
    }
    if (reset) {
      s.resets.active();
    }
    s.host.count(Mib.ABORT_ON_MEMORY);
    forget();
    return true;
  }

  /** {@code tcp_done}: frees the connection and its 4-tuple. */
  void forget() {
    int local = tcb.local();
    int remote = tcb.remote();
    int ports = tcb.ports();
    boolean active = tcb.flag(Connections.F_ACTIVE);
    s.demux.remove(Demux.hash(local, remote, ports), Demux.CONNECTION, tcb.row());
    release();
    s.timeWait.portFreed(local, remote, ports, active);
  }

  /** Frees the records of the connection; its demux entry is the caller's. */
  void release() {
    if (tcb.flag(Connections.F_ORPHAN)) {
      s.host.gauges.leave(SocketGauges.ORPHANS);
    }
    int flight = tcb.flight();
    int entrySlot = 0;
    if (flight != 0) {
      entrySlot = fl.entrySlot();
      sq.freeList(fl.sendHead());
      sq.freeList(fl.pieces());
      fl.giveBack(flight);
      tcb.flight(0);
    }
    Transitions.to(s, State.CLOSED);
    tcb.destroy(entrySlot);
  }
}
