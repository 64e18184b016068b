package dev.halfopen.tcp;

/**
 * Socket calls of one host that few applications need: options of a live socket, reads of a limited
 * length, shutdown of the receiving side, TCP_INFO. Beside {@link Sockets}, with its rules.
 */
public final class SocketControl {
  private final Stack s;
  private final HostTcp host;

  SocketControl(Stack s, HostTcp host) {
    this.s = s;
    this.host = host;
  }

  private boolean enter(long socket) {
    if (!s.tcb.resolve(socket)) {
      return false;
    }
    s.enter(s.nowNs, host, s.tcb.local());
    s.load();
    return true;
  }

  /** setsockopt() of a live socket: it has these options from now on. */
  public int setOptions(long socket, SocketOptions options) {
    if (!enter(socket)) {
      return -Errno.ENOTCONN;
    }
    boolean pushes = options.noDelay && !s.contract.options.noDelay;
    int id = s.contracts.optionsId(options);
    s.contract = s.contracts.intern(s.contract.keyWith(id));
    s.tcb.contract(s.contract.id);
    if (s.tcb.state() != State.SYN_SENT) {
      s.keepalive.startIfAsked();
      if (pushes && s.fl.sendNext() != 0) {
        s.output.push(true);
      }
    }
    return 0;
  }

  /** SIOCINQ: bytes that a read would get; -ENOTCONN if the socket is gone. */
  public int unread(long socket) {
    return enter(socket) ? s.receive.unread() : -Errno.ENOTCONN;
  }

  /** Whether TCP still has the connection of this socket, which may be open without one. */
  public boolean hasConnection(long socket) {
    return s.tcb.resolve(socket) && !s.tcb.flag(Connections.F_ORPHAN);
  }

  /** Whether the peer's FIN has come in order, or the receiving side was shut down. */
  public boolean endOfStream(long socket) {
    return s.tcb.resolve(socket) && s.tcb.flag(Connections.F_RCV_SHUTDOWN);
  }

  /** Whether a write would fail with EPIPE. */
  public boolean sendShutdown(long socket) {
    return s.tcb.resolve(socket) && s.tcb.flag(Connections.F_SND_SHUTDOWN);
  }

  /** Bytes that were given to send() and are not acknowledged, SIOCOUTQ. */
  public int unacknowledged(long socket) {
    return enter(socket) ? s.fl.writeSeq() - s.tcb.sndUna() : -Errno.ENOTCONN;
  }

  public boolean isConnecting(long socket) {
    return s.tcb.resolve(socket) && s.tcb.state() == State.SYN_SENT;
  }

  public int localPort(long socket) {
    return s.tcb.resolve(socket) ? s.tcb.ports() >>> 16 : 0;
  }

  /** Reads at most {@code most} bytes. Bytes, 0 at end of stream, or -EAGAIN. */
  public int receive(long socket, int most) {
    if (!enter(socket)) {
      return s.remains.receive(socket, most);
    }
    int n = Math.min(most, s.receive.unread());
    if (n == 0) {
      return s.tcb.flag(Connections.F_RCV_SHUTDOWN) || most == 0 ? 0 : -Errno.EAGAIN;
    }
    s.fl.copiedSeq(s.fl.copiedSeq() + n);
    AckPolicy.afterRead(s, n);
    return n;
  }

  /** shutdown(SHUT_RD): nothing goes out; what arrives is still acknowledged and readable. */
  public int shutdownRead(long socket) {
    if (!enter(socket)) {
      return -Errno.ENOTCONN;
    }
    s.tcb.setFlag(Connections.F_RCV_SHUTDOWN);
    return 0;
  }

  /** listen() again: another backlog for what comes from now on. */
  public void backlog(int listener, int backlog) {
    host.backlog(host.listener(listener), backlog);
  }

  /** setsockopt() of a listening socket: for the connections that begin from now on. */
  public void listenerOptions(int listener, SocketOptions options) {
    Listener l = host.listener(listener);
    l.options = options;
    l.optionsId = s.contracts.optionsId(options);
  }

  /** Connections that wait in the accept queue. */
  public int acceptable(int listener) {
    return host.listener(listener).queued();
  }

  /** Shows the host's open listeners. */
  public void listListeners(SocketVisitor to) {
    SocketListing.listeners(host, to);
  }

  /** Shows all sockets but listeners, those of other hosts of the same shard included. */
  public void listConnections(SocketVisitor to) {
    new SocketListing(s).connections(to);
  }

  /** Fills {@code to}; false if the socket is gone. */
  public boolean info(long socket, TcpInfo to) {
    if (!enter(socket)) {
      return false;
    }
    int tick = host.usOfJiffies(1);
    to.state = TcpInfo.kernelState(s.tcb.state());
    to.caState = s.tcb.caState();
    to.retransmits = s.fl.retransmits();
    to.probes = s.fl.probes();
    to.backoff = s.fl.backoff();
    to.options =
        (s.contract.timestamps ? TcpInfo.OPTION_TIMESTAMPS : 0)
            | (s.contract.sack ? TcpInfo.OPTION_SACK : 0)
            | (s.contract.windowScaling ? TcpInfo.OPTION_WINDOW_SCALE : 0);
    to.sendScale = s.contract.sendScale;
    to.receiveScale = s.contract.receiveScale;
    to.rtoUs = (long) s.fl.rto() * tick;
    to.atoUs = (long) s.tcb.ato() * tick;
    to.sendMss = s.output.mss();
    to.receiveMss = s.fl.rcvMss();
    to.unacked = s.fl.packetsOut();
    to.lost = s.fl.lostOut();
    to.rttUs = s.tcb.srtt() >> 3;
    to.rttVariationUs = s.tcb.mdev() >> 2;
    to.slowStartThreshold =
        s.tcb.ssthresh() == Connections.INFINITE_SSTHRESH ? 0x7fffffff : s.tcb.ssthresh();
    to.congestionWindow = s.tcb.cwnd();
    to.advertisedMss = s.contract.advertisedMss;
    to.minRttUs = s.fl.minRttUs();
    to.notSentBytes = s.fl.writeSeq() - s.fl.sndNxt();
    to.sendWindow = s.fl.sndWnd();
    to.receiveWindow = s.fl.rcvWnd();
    return true;
  }
}
