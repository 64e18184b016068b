package dev.halfopen.tcp;

/**
 * Socket calls of the applications of one host, at the current instant of the event loop. Payload
 * is counted, not stored. A socket is a {@code long}: generation and row; a socket that was closed
 * or failed is never valid again. Errors are returned as {@code -errno} ({@link Errno}).
 */
public final class Sockets {
  /** Readiness bits, as delivered to the application. */
  public static final int CONNECTED = 1;

  /** The last byte of a message has arrived in order; {@code mark} is what the sender gave it. */
  public static final int MESSAGE = 2;

  /** Unread bytes are there (also posted together with MESSAGE). */
  public static final int READABLE = 4;

  /** The peer has sent FIN and all data before it has been posted. */
  public static final int END_OF_STREAM = 8;

  /** The connection is gone: {@code errno} says why. The socket is invalid after this call. */
  public static final int FAILED = 16;

  /** A connection waits in the accept queue; {@code socket} is the listener's number. */
  public static final int ACCEPTABLE = 32;

  /** Applications of one host, at most: the number of each is kept in the sockets' handles. */
  public static final int APPLICATIONS_MAX = 16;

  /** Where the application's number lies in a handle; below it the application's own handle. */
  public static final int APPLICATION_SHIFT = 28;

  private final Stack s;
  private final Connections tcb;
  private final HostTcp host;

  /** Bits of a handle that are the application's own. */
  private final int own;

  /** Which of the host's applications calls, shifted; 0 for a single one. */
  private final int tag;

  /** Names the sockets of connections that ended before accept(): no row has their number. */
  private int endedInQueue;

  Sockets(Stack s, HostTcp host) {
    this(s, host, -1, 0);
  }

  private Sockets(Stack s, HostTcp host, int own, int tag) {
    this.s = s;
    this.tcb = s.tcb;
    this.host = host;
    this.own = own;
    this.tag = tag;
  }

  /**
   * The calls of one of several applications of this host. Its handles must lie in -2^27..2^27-1;
   * those that come with readiness carry {@code application} above 28 bits of them.
   */
  public Sockets of(int application) {
    if (application < 0 || application >= APPLICATIONS_MAX) {
      throw new IllegalArgumentException(
          "application " + application + "; a host has at most " + APPLICATIONS_MAX);
    }
    return new Sockets(s, host, (1 << APPLICATION_SHIFT) - 1, application << APPLICATION_SHIFT);
  }

  private int tagged(int handle) {
    return handle & own | tag;
  }

  /** Moves to an open socket of this host and makes its instant current; false if it is gone. */
  private boolean enter(long socket) {
    if (!tcb.resolve(socket) || tcb.flag(Connections.F_ORPHAN)) {
      return false;
    }
    s.enter(s.nowNs, host, tcb.local());
    s.load();
    return true;
  }

  /**
   * Starts a connection; the port is chosen as the kernel chooses it.
   *
   * @return the socket, or -EADDRNOTAVAIL when no local port is free for this destination
   */
  public long connect(
      int localAddress, int remoteAddress, int remotePort, SocketOptions options, int handle) {
    s.enter(s.nowNs, host, localAddress);
    int row = s.handshake.connect(localAddress, remoteAddress, remotePort, options, tagged(handle));
    return row < 0 ? row : tcb.reference();
  }

  /** A socket will be used soon: what it needs is read ahead. Changes nothing. */
  public void soon(long socket) {
    s.touch.connection(socket);
  }

  /** A connection from here to there will be opened soon, likewise. */
  public void soonConnect(int localAddress, int remoteAddress, int remotePort) {
    host.ports.soon(localAddress, remoteAddress, remotePort);
  }

  /**
   * Chooses the local port before connecting.
   *
   * @param port the port, or 0 for one that is free towards all destinations
   * @return the port, or -EADDRINUSE
   */
  public int bind(int port, SocketOptions options) {
    return host.binder.bind(port, options);
  }

  /**
   * Starts a connection from a port that {@link #bind} gave.
   *
   * @return the socket, or -EADDRNOTAVAIL where this 4-tuple is in use
   */
  public long connectBound(
      int localAddress,
      int localPort,
      int remoteAddress,
      int remotePort,
      SocketOptions options,
      int handle) {
    s.enter(s.nowNs, host, localAddress);
    int row =
        s.handshake.connectFrom(
            localPort, localAddress, remoteAddress, remotePort, options, tagged(handle));
    if (row < 0) {
      return row;
    }
    host.binder.release(localPort);
    return tcb.reference();
  }

  /**
   * Listens on all addresses of the host.
   *
   * @return the listener's number, from 0, or -EADDRINUSE
   */
  public int listen(int port, int backlog, SocketOptions options, int handle) {
    int bound = host.binder.bind(port, options);
    if (bound < 0) {
      return bound;
    }
    host.binder.release(port);
    s.enter(s.nowNs, host, host.host().firstAddress());
    Listener l =
        host.listen(port, backlog, options, s.contracts.optionsId(options), tagged(handle));
    s.listenQueues.regroup(port);
    return l.number;
  }

  /** Closes a listener: connections in its queue are reset. */
  public void closeListener(int listener) {
    Listener l = host.listener(listener);
    for (int row = l.pop(); row != 0; row = l.pop()) {
      if (row < 0) {
        continue;
      }
      tcb.move(row);
      s.enter(s.nowNs, host, tcb.local());
      s.load();
      s.resets.active();
      s.closing.forget();
    }
    s.enter(s.nowNs, host, host.host().firstAddress());
    s.listenQueues.close(l);
    host.unlisten(l);
    s.listenQueues.regroup(l.port);
  }

  /**
   * Takes the oldest connection off the accept queue, or -EAGAIN. One that has ended there is
   * accepted, too, and FAILED tells why ({@code inet_csk_accept} does not look at its state).
   */
  public long accept(int listener, int handle) {
    int row = host.listener(listener).pop();
    if (row < 0) {
      long socket = (long) (++endedInQueue & 0xFFFF) << 32;
      s.readiness.post(host.host(), socket, tagged(handle), FAILED, 0, -row);
      return socket;
    }
    if (row == 0) {
      return -Errno.EAGAIN;
    }
    tcb.move(row);
    s.enter(s.nowNs, host, tcb.local());
    s.load();
    int mark = tcb.handle();
    tcb.handle(tagged(handle));
    tcb.setFlag(Connections.F_ACCEPTED);
    if (s.receive.unread() > 0) {
      s.post(READABLE | (mark != 0 ? MESSAGE : 0), mark, 0);
    }
    if (tcb.flag(Connections.F_RCV_SHUTDOWN)) {
      s.post(END_OF_STREAM, 0, 0);
    }
    return tcb.reference();
  }

  /** The application's own number for this socket, given back with every readiness. */
  public void setHandle(long socket, int handle) {
    if (isOpen(socket)) {
      tcb.handle(tagged(handle));
    }
  }

  /**
   * Queues a message; its last byte carries {@code mark} (0: no mark) to the peer.
   *
   * @return bytes taken, or -EPIPE after shutdown, -ENOTCONN before CONNECTED or after the end
   */
  public int send(long socket, int bytes, int mark) {
    if (!enter(socket)) {
      return s.remains.has(socket) ? -Errno.EPIPE : -Errno.ENOTCONN;
    }
    if (tcb.flag(Connections.F_SND_SHUTDOWN)) {
      return -Errno.EPIPE;
    }
    int state = tcb.state();
    if (state != State.ESTABLISHED && state != State.CLOSE_WAIT) {
      return -Errno.ENOTCONN;
    }
    if (bytes <= 0) {
      return 0;
    }
    s.output.queue(bytes, mark, SendQueue.F_PUSH);
    s.output.push(false);
    s.windowProbe.armIfStuck();
    return bytes;
  }

  /** Reads all that has arrived in order. Bytes, 0 at end of stream, or -EAGAIN. */
  public int receive(long socket) {
    if (!enter(socket)) {
      return s.remains.receive(socket, Integer.MAX_VALUE);
    }
    int n = s.receive.unread();
    if (n == 0) {
      return tcb.flag(Connections.F_RCV_SHUTDOWN) ? 0 : -Errno.EAGAIN;
    }
    s.fl.copiedSeq(s.fl.copiedSeq() + n);
    AckPolicy.afterRead(s, n);
    return n;
  }

  /** shutdown(SHUT_WR). */
  public int shutdownWrite(long socket) {
    if (!enter(socket)) {
      return -Errno.ENOTCONN;
    }
    s.closing.shutdownWrite();
    return 0;
  }

  /** close(): the socket is invalid at once; no readiness of it follows. */
  public int close(long socket) {
    if (!enter(socket)) {
      return s.remains.close(socket);
    }
    s.closing.close();
    return 0;
  }

  /** Whether this socket is still open at this host. */
  public boolean isOpen(long socket) {
    return tcb.resolve(socket) ? !tcb.flag(Connections.F_ORPHAN) : s.remains.has(socket);
  }

  /** Timeouts in a row, of the SYN or of what was sent last ({@code icsk_retransmits}). */
  public int timeouts(long socket) {
    return enter(socket) ? s.fl.retransmits() : 0;
  }

  public int remoteAddress(long socket) {
    return tcb.resolve(socket) ? tcb.remote() : 0;
  }

  public int remotePort(long socket) {
    return tcb.resolve(socket) ? tcb.ports() & 0xFFFF : 0;
  }
}
