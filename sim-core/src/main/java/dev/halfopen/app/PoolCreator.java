package dev.halfopen.app;

import dev.halfopen.net.Segment;
import dev.halfopen.tcp.Sockets;

/**
 * The one thread of a pool that opens connections, one after the other, and sleeps ever longer
 * after a failure: HikariCP's PoolEntryCreator.
 */
final class PoolCreator implements Expiry, NameLookup.Waiter {
  /** Timer kinds among those of the pool. */
  private static final int CONNECT = 0;

  private static final int LOGIN = 1;
  private static final int BACKOFF = 7;
  private static final int LOOKUP = 9;

  private static final long MS = 1_000_000;
  private static final long FIRST_BACKOFF_NS = 10 * MS;
  private static final long MOST_BACKOFF_NS = 5000 * MS;
  private static final int STARTUP_BYTES = 90;

  private final ConnectionPool pool;
  private final Application owner;
  private final ConnectionPool.Client process;
  private final PoolConfig config;
  private final PoolStats stats;
  private final PoolConnections connections;
  private final int index;
  private final int firstKind;
  private final NameLookup lookup;
  private final Delays connectTimeouts;
  private final Delays loginTimeouts;

  /** The connection that is being opened, or 0. */
  private int adding;

  private boolean sleeping;
  private long backoffNs = FIRST_BACKOFF_NS;
  private FailureCause lastFailure = FailureCause.NONE;

  /**
   * The creator of a pool.
   *
   * @param process whose files the sockets are
   * @param connections of the pool
   * @param index of the pool in its application
   * @param firstKind the first of the pool's timer kinds
   */
  PoolCreator(
      ConnectionPool pool,
      Application owner,
      ConnectionPool.Client process,
      DataSource source,
      PoolConnections connections,
      int index,
      int firstKind) {
    this.pool = pool;
    this.owner = owner;
    this.process = process;
    this.config = source.config();
    this.stats = source.stats();
    this.connections = connections;
    this.index = index;
    this.firstKind = firstKind;
    lookup = new NameLookup(owner, this, config, firstKind + LOOKUP);
    connectTimeouts = timeout(config.connectTimeoutNs, CONNECT);
    loginTimeouts = timeout(config.connectionTimeoutNs, LOGIN);
  }

  private Delays timeout(long ns, int kind) {
    return Delays.timeout(owner, this, connections, ns, firstKind + kind);
  }

  private Sockets sockets() {
    return owner.sockets();
  }

  /** Why no connection could be opened the last time; NONE once one could. */
  FailureCause lastFailure() {
    return lastFailure;
  }

  /** Whether it neither opens a connection nor sleeps after a failure. */
  boolean isFree() {
    return adding == TicketTable.NO_ROW && !sleeping;
  }

  /** Counts requests that wait for the connection being opened; false if there is none. */
  boolean tellWaits(Waits waits, int requests) {
    if (adding == TicketTable.NO_ROW || requests == 0) {
      return false;
    }
    connections.move(adding);
    long socket = connections.socket();
    if (socket == TicketTable.NO_REFERENCE || !sockets().isOpen(socket)) {
      return false;
    }
    waits.add(sockets().remoteAddress(socket), Waiting.CONNECT, requests);
    return true;
  }

  /** Begins anew in a new process. */
  void restart() {
    adding = TicketTable.NO_ROW;
    sleeping = false;
    backoffNs = FIRST_BACKOFF_NS;
    lastFailure = FailureCause.NONE;
    connectTimeouts.restart();
    loginTimeouts.restart();
    lookup.forget();
  }

  /** Opens a connection; the pool is told when it is there. */
  void add(long nowNs) {
    adding = connections.create();
    connections.enter(PoolConnections.RESOLVING);
    connections.socket(TicketTable.NO_REFERENCE);
    int address = lookup.lookUp(nowNs);
    if (address != NameLookup.PENDING) {
      resolved(nowNs, address);
    }
  }

  @Override
  public void resolved(long nowNs, int address) {
    int c = adding;
    if (address == NameLookup.FAILED) {
      failed(nowNs, FailureCause.UNKNOWN_HOST);
      return;
    }
    if (!process.openFile(nowNs)) {
      failed(nowNs, FailureCause.EMFILE);
      return;
    }
    connections.move(c);
    connections.enter(PoolConnections.CONNECTING);
    long socket =
        sockets()
            .connect(
                owner.host().firstAddress(),
                address,
                config.serverPort,
                config.socketOptions,
                AppServer.handle(index + 1, c));
    connections.move(c);
    connections.socket(socket);
    if (socket < 0) {
      failed(nowNs, FailureCause.ofErrno((int) -socket));
    } else {
      connectTimeouts.beginAt(nowNs, connections.reference());
    }
  }

  /** The connection is established: the driver logs in. */
  void introduce(long nowNs) {
    connections.enter(PoolConnections.STARTING);
    loginTimeouts.beginAt(nowNs, connections.reference());
    sockets().send(connections.socket(), STARTUP_BYTES, DbMarks.request(DbMarks.STARTUP, false));
    connections.move(adding);
  }

  /** The database has answered to the login. */
  void answered(long nowNs, int status) {
    if (status == DbMarks.TOO_MANY_CLIENTS) {
      failed(nowNs, FailureCause.TOO_MANY_CLIENTS);
      return;
    }
    int c = adding;
    adding = TicketTable.NO_ROW;
    backoffNs = FIRST_BACKOFF_NS;
    lastFailure = FailureCause.NONE;
    connections.move(c);
    pool.created(nowNs, c);
  }

  /** The connection could not be opened. */
  void failed(long nowNs, FailureCause cause) {
    connections.move(adding);
    if (sockets().isOpen(connections.socket())) {
      sockets().close(connections.socket());
    }
    if (connections.state() != PoolConnections.RESOLVING) {
      process.closedFile();
    }
    connections.release(adding);
    adding = TicketTable.NO_ROW;
    lastFailure = cause;
    stats.creationFailed(cause);
    sleeping = true;
    owner.timerAt(nowNs + backoffNs, firstKind + BACKOFF, 0);
    backoffNs = Math.min(MOST_BACKOFF_NS, backoffNs * 2);
  }

  void onTimer(long nowNs, int kind, long argument) {
    switch (kind - firstKind) {
      case CONNECT -> connectTimeouts.fired(nowNs, argument);
      case LOGIN -> loginTimeouts.fired(nowNs, argument);
      case BACKOFF -> {
        sleeping = false;
        pool.fill(nowNs);
      }
      default -> lookup.onTimer(nowNs, argument);
    }
  }

  void onDatagram(long nowNs, Segment datagram) {
    lookup.onDatagram(nowNs, datagram);
  }

  @Override
  public void expired(long nowNs, int kind, long reference) {
    failed(
        nowNs,
        kind - firstKind == CONNECT ? FailureCause.CONNECT_TIMEOUT : FailureCause.SOCKET_TIMEOUT);
  }
}
