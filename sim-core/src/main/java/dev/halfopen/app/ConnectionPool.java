package dev.halfopen.app;

import dev.halfopen.engine.RandomStreams;
import dev.halfopen.net.Segment;
import dev.halfopen.tcp.Sockets;

/**
 * A connection pool of an application, as HikariCP 6 is one (HikariPool, ConcurrentBag, PoolBase):
 * one thread opens connections, one after the other, and sleeps ever longer after a failure; a
 * connection that has not been used for half a second is asked whether it is alive before it is
 * handed out; who waits in vain gets an error. The driver waits for each answer without a limit
 * unless it has a socketTimeout.
 */
final class ConnectionPool implements Expiry {
  /** Timer kinds that a pool uses of its application's. */
  static final int KINDS = 16;

  /** {@link PoolConnections#classAtMark}: the connection did not exist then. */
  static final int LATER = 0;

  static final int UNACKNOWLEDGED = 1;
  static final int ACKNOWLEDGED = 2;
  static final int IDLE_THEN = 3;

  private static final int VALIDATION = 2;
  private static final int SOCKET = 3;
  private static final int WAIT = 4;
  private static final int END_OF_LIFE = 5;
  private static final int KEEPALIVE = 6;
  private static final int HOUSEKEEPER = 8;

  private static final int MILLION = 1_000_000;
  private static final long MS = 1_000_000;
  private static final long HOUSEKEEPING_NS = 30_000 * MS;
  private static final long FIRST_HOUSEKEEPING_NS = 100 * MS;

  /** Up to 2.5 % of maxLifetime, and none where it is 10 s or less. */
  private static final int LIFETIME_PARTS = 40;

  private static final long LEAST_VARIED_LIFETIME_NS = 10_000 * MS;

  /** Up to 10 % of keepaliveTime. */
  private static final int KEEPALIVE_PARTS = 10;

  private static final int PING_BYTES = 6;
  private static final int TERMINATE_BYTES = 5;

  /** What the application is told about its exchanges, and asked for. */
  interface Client {
    /** Whether the process may open one more file, which then is open. */
    boolean openFile(long nowNs);

    /** A file that {@link #openFile} granted has been closed. */
    void closedFile();

    void borrowed(long nowNs, int exchange, int connection);

    void refused(long nowNs, int exchange, FailureCause cause);

    /** The answer to a query: a status of {@link DbMarks}; the connection is still borrowed. */
    void answered(long nowNs, int exchange, int status);

    /** The connection is gone, and the query with it. */
    void broke(long nowNs, int exchange, FailureCause cause);
  }

  private final Application owner;
  private final Client client;
  private final PoolConfig config;
  private final int index;
  private final int firstKind;
  private final PoolConnections connections;
  private final Borrowers borrowers;
  private final RowList idle;
  private final RowList waiting;
  private final PoolCreator creator;
  private final Delays validationTimeouts;
  private final Delays socketTimeouts;
  private final Delays waitTimeouts;
  private final PoolStats stats;

  private int members;
  private int active;
  private int births;
  private long draws;
  private long leakDraws;

  /**
   * A pool that has no connection yet.
   *
   * @param index of the pool in its application: part of the handles of its sockets
   * @param kind the first of its {@link #KINDS} timer kinds
   */
  ConnectionPool(Application owner, Client client, DataSource source, int index, int kind) {
    this.owner = owner;
    this.client = client;
    this.config = source.config();
    this.stats = source.stats();
    this.index = index;
    this.firstKind = kind;
    connections = new PoolConnections(owner.context().memory());
    borrowers = new Borrowers(owner.context().memory());
    idle = new RowList(connections, PoolConnections.NEXT, PoolConnections.PREVIOUS);
    waiting = new RowList(borrowers, Borrowers.NEXT, Borrowers.PREVIOUS);
    creator = new PoolCreator(this, owner, client, source, connections, index, kind);
    validationTimeouts = timeout(connections, config.validationTimeoutNs, VALIDATION);
    socketTimeouts = timeout(connections, config.socketTimeoutNs, SOCKET);
    waitTimeouts = timeout(borrowers, config.connectionTimeoutNs, WAIT);
    source.add(this);
  }

  private Delays timeout(TicketTable tickets, long ns, int kind) {
    return Delays.timeout(owner, this, tickets, ns, firstKind + kind);
  }

  private Sockets sockets() {
    return owner.sockets();
  }

  PoolStats stats() {
    return stats;
  }

  /** Connections handed out. */
  int active() {
    return active;
  }

  int waitingNow() {
    return waiting.size();
  }

  int members() {
    return members;
  }

  /** Its process has ended. */
  void died() {
    members = 0;
    active = 0;
    waiting.clear();
  }

  /** Begins with nothing, fills itself, and looks after itself every 30 s. */
  void start(long nowNs) {
    connections.forgetAll();
    borrowers.forgetAll();
    idle.clear();
    waiting.clear();
    validationTimeouts.restart();
    socketTimeouts.restart();
    waitTimeouts.restart();
    creator.restart();
    members = 0;
    active = 0;
    births = 0;
    draws = 0;
    leakDraws = 0;
    owner.timerAt(nowNs + FIRST_HOUSEKEEPING_NS, firstKind + HOUSEKEEPER, 0);
    fill(nowNs);
  }

  // ---- borrowing, HikariPool.getConnection

  /** Asks for a connection; the client is told, maybe at once. */
  void borrow(long nowNs, int exchange) {
    int b = borrowers.create();
    borrowers.exchange(exchange);
    borrowers.sinceNs(nowNs);
    waitTimeouts.beginAt(nowNs, borrowers.reference());
    next(nowNs, b);
  }

  /** Takes idle connections until one is good or has to be asked. */
  private void next(long nowNs, int borrower) {
    for (; ; ) {
      borrowers.move(borrower);
      if (nowNs - borrowers.sinceNs() >= config.connectionTimeoutNs) {
        refuse(nowNs, borrower);
        return;
      }
      int c = firstIdle();
      if (c == TicketTable.NO_ROW) {
        borrowers.setQueued(true);
        waiting.add(borrower);
        stats.waiting(nowNs, waiting.size());
        fill(nowNs);
        return;
      }
      idle.remove(c);
      if (consider(nowNs, borrower, c)) {
        return;
      }
    }
  }

  /** ConcurrentBag looks through its list from the connection that was added first. */
  private int firstIdle() {
    int first = idle.oldest();
    int least = Integer.MAX_VALUE;
    for (int c = idle.newest(); c != TicketTable.NO_ROW; ) {
      connections.move(c);
      if (connections.birth() < least) {
        least = connections.birth();
        first = c;
      }
      c = connections.nextIdle();
    }
    return first;
  }

  /** False if the connection was found dead and is gone. */
  private boolean consider(long nowNs, int borrower, int c) {
    connections.move(c);
    if (connections.flag(PoolConnections.F_EVICTED)) {
      close(nowNs, c);
      return false;
    }
    if (nowNs - connections.lastAccessNs() <= config.aliveBypassWindowNs) {
      deliver(nowNs, borrower, c);
      return true;
    }
    stats.validations++;
    connections.enter(PoolConnections.VALIDATING);
    connections.owner(borrower);
    if (ping(nowNs, c)) {
      return true;
    }
    dead(nowNs, c, causeOf(c));
    return false;
  }

  /** Asks whether a connection is alive; false if that is known already. */
  private boolean ping(long nowNs, int c) {
    int sent =
        sockets().send(connections.socket(), PING_BYTES, DbMarks.request(DbMarks.PING, false));
    connections.move(c);
    if (sent < 0 || connections.flag(PoolConnections.F_END_SEEN | PoolConnections.F_BROKEN)) {
      return false;
    }
    validationTimeouts.beginAt(nowNs, connections.reference());
    return true;
  }

  private FailureCause causeOf(int c) {
    connections.move(c);
    return connections.flag(PoolConnections.F_BROKEN)
        ? FailureCause.ofErrno(connections.errno())
        : FailureCause.PREMATURE_CLOSE;
  }

  private void dead(long nowNs, int c, FailureCause cause) {
    stats.failedValidations++;
    stats.idleBroke(cause);
    close(nowNs, c);
  }

  private void deliver(long nowNs, int borrower, int c) {
    borrowers.move(borrower);
    int exchange = borrowers.exchange();
    leave(borrower);
    connections.move(c);
    connections.enter(PoolConnections.BORROWED);
    connections.owner(exchange);
    stats.borrows++;
    stats.active(nowNs, ++active);
    client.borrowed(nowNs, exchange, c);
  }

  private void leave(int borrower) {
    borrowers.move(borrower);
    if (borrowers.isQueued()) {
      waiting.remove(borrower);
      borrowers.setQueued(false);
    }
    borrowers.destroy();
  }

  /** The pool's own timeout; its root is why no connection could be opened, if that was so. */
  private void refuse(long nowNs, int borrower) {
    borrowers.move(borrower);
    int exchange = borrowers.exchange();
    leave(borrower);
    stats.timedOut(nowNs);
    FailureCause last = creator.lastFailure();
    client.refused(nowNs, exchange, last == FailureCause.NONE ? FailureCause.POOL_TIMEOUT : last);
  }

  /** What the exchange's connection was at the moment of {@link #mark}. */
  int classAtMark(int c) {
    connections.move(c);
    return connections.classAtMark();
  }

  /** Sends a query on a connection that its exchange has. */
  void query(long nowNs, int c, boolean write) {
    connections.move(c);
    connections.enter(PoolConnections.BUSY);
    int sent =
        sockets()
            .send(connections.socket(), config.queryBytes, DbMarks.request(DbMarks.QUERY, write));
    connections.move(c);
    if (sent < 0 || connections.flag(PoolConnections.F_END_SEEN | PoolConnections.F_BROKEN)) {
      broke(nowNs, c, causeOf(c));
      return;
    }
    socketTimeouts.beginAt(nowNs, connections.reference());
  }

  /** The exchange is done with its connection. */
  void giveBack(long nowNs, int c) {
    connections.move(c);
    if (leaks()) {
      connections.enter(PoolConnections.LEAKED);
      return;
    }
    active--;
    connections.lastAccessNs(nowNs);
    if (connections.flag(PoolConnections.F_EVICTED)) {
      close(nowNs, c);
    } else {
      offer(nowNs, c);
    }
  }

  private boolean leaks() {
    return config.leaksPerMillion > 0
        && RandomStreams.below(bits(Purposes.POOL_LEAK, leakDraws++), MILLION)
            < config.leaksPerMillion;
  }

  private long bits(int purpose, long n) {
    return RandomStreams.bits(
        owner.context().seed(), owner.context().randomNode(), purpose + (index << 16), n);
  }

  /** A connection is free: who has waited longest gets it. */
  private void offer(long nowNs, int c) {
    connections.move(c);
    connections.enter(PoolConnections.IDLE);
    connections.owner(TicketTable.NO_ROW);
    int b = waiting.oldest();
    if (b == TicketTable.NO_ROW) {
      idle.add(c);
      return;
    }
    borrowers.move(b);
    waiting.remove(b);
    borrowers.setQueued(false);
    if (!consider(nowNs, b, c)) {
      next(nowNs, b);
    }
  }

  /** A query's connection is of no use any more. */
  private void broke(long nowNs, int c, FailureCause cause) {
    connections.move(c);
    int exchange = connections.owner();
    active--;
    stats.queryBroke(cause);
    close(nowNs, c);
    client.broke(nowNs, exchange, cause);
  }

  /** Closes a member that is in no list, and has it replaced. */
  private void close(long nowNs, int c) {
    connections.move(c);
    long socket = connections.socket();
    if (sockets().isOpen(socket)) {
      sockets().send(socket, TERMINATE_BYTES, DbMarks.request(DbMarks.TERMINATE, false));
      sockets().close(socket);
    }
    client.closedFile();
    connections.release(c);
    members--;
    fill(nowNs);
  }

  /** Has one more connection opened if there is need of it and room for it. */
  void fill(long nowNs) {
    boolean wanted = idle.size() < config.minimumIdle() || waiting.size() > idle.size();
    if (wanted && members < config.maximumPoolSize && creator.isFree()) {
      creator.add(nowNs);
    }
  }

  // ---- the life of a connection

  /** A connection has been opened. */
  void created(long nowNs, int c) {
    members++;
    stats.created++;
    connections.birth(++births);
    connections.lastAccessNs(nowNs);
    if (config.maxLifetimeNs > 0) {
      long variance =
          config.maxLifetimeNs > LEAST_VARIED_LIFETIME_NS
              ? below(config.maxLifetimeNs / LIFETIME_PARTS)
              : 0;
      owner.timerAt(nowNs + config.maxLifetimeNs - variance, firstKind + END_OF_LIFE, name(c));
    }
    armKeepalive(nowNs, c);
    offer(nowNs, c);
    fill(nowNs);
  }

  private void armKeepalive(long nowNs, int c) {
    if (config.keepaliveTimeNs > 0) {
      long ns = config.keepaliveTimeNs - below(config.keepaliveTimeNs / KEEPALIVE_PARTS);
      owner.timerAt(nowNs + ns, firstKind + KEEPALIVE, name(c));
    }
  }

  private long below(long boundNs) {
    return (long) (RandomStreams.unit(bits(Purposes.POOL_VARIANCE, draws++)) * boundNs);
  }

  /** A connection for the whole of its life. */
  private long name(int c) {
    connections.move(c);
    return (long) connections.birth() << 32 | c;
  }

  /** Moves to a connection by its name; false if it is gone. */
  private boolean find(long name) {
    connections.move((int) name);
    return connections.birth() == (int) (name >>> 32);
  }

  // ---- events

  void onReady(long nowNs, long socket, int c, int bits, int mark, int errno) {
    connections.move(c);
    if (connections.socket() != socket) {
      return;
    }
    if ((bits & Sockets.FAILED) != 0) {
      connections.setFlag(PoolConnections.F_BROKEN);
      connections.errno(errno);
      ended(nowNs, c, FailureCause.ofErrno(errno));
      return;
    }
    if ((bits & Sockets.CONNECTED) != 0) {
      creator.introduce(nowNs);
    }
    if ((bits & Sockets.READABLE) != 0) {
      sockets().receive(socket);
    }
    if ((bits & Sockets.MESSAGE) != 0) {
      message(nowNs, c, DbMarks.what(mark));
      connections.move(c);
    }
    if ((bits & Sockets.END_OF_STREAM) != 0 && connections.socket() == socket) {
      connections.setFlag(PoolConnections.F_END_SEEN);
      ended(nowNs, c, FailureCause.PREMATURE_CLOSE);
    }
  }

  private void message(long nowNs, int c, int status) {
    switch (connections.state()) {
      case PoolConnections.STARTING -> creator.answered(nowNs, status);
      case PoolConnections.VALIDATING -> deliver(nowNs, connections.owner(), c);
      case PoolConnections.PINGING -> {
        armKeepalive(nowNs, c);
        offer(nowNs, c);
      }
      case PoolConnections.BUSY -> {
        connections.enter(PoolConnections.BORROWED);
        client.answered(nowNs, connections.owner(), status);
      }
      default -> {
        // an answer to somebody who has stopped waiting
      }
    }
  }

  /** The connection ended; who reads or waits learns it now, others when they use it. */
  private void ended(long nowNs, int c, FailureCause cause) {
    switch (connections.state()) {
      case PoolConnections.CONNECTING, PoolConnections.STARTING -> creator.failed(nowNs, cause);
      case PoolConnections.VALIDATING -> validationFailed(nowNs, c, cause);
      case PoolConnections.PINGING -> dead(nowNs, c, cause);
      case PoolConnections.BUSY -> broke(nowNs, c, cause);
      default -> {
        // idle in the pool, in CLOSE_WAIT or reset: nobody looks
      }
    }
  }

  private void validationFailed(long nowNs, int c, FailureCause cause) {
    int borrower = connections.owner();
    dead(nowNs, c, cause);
    next(nowNs, borrower);
  }

  /** Whether a kind is one of this pool's. */
  boolean owns(int kind) {
    return kind >= firstKind && kind < firstKind + KINDS;
  }

  void onTimer(long nowNs, int kind, long argument) {
    switch (kind - firstKind) {
      case VALIDATION -> validationTimeouts.fired(nowNs, argument);
      case SOCKET -> socketTimeouts.fired(nowNs, argument);
      case WAIT -> waitTimeouts.fired(nowNs, argument);
      case END_OF_LIFE -> endOfLife(nowNs, argument);
      case KEEPALIVE -> keepalive(nowNs, argument);
      case HOUSEKEEPER -> housekeep(nowNs);
      default -> creator.onTimer(nowNs, kind, argument);
    }
  }

  void onDatagram(long nowNs, Segment datagram) {
    creator.onDatagram(nowNs, datagram);
  }

  @Override
  public void expired(long nowNs, int kind, long reference) {
    int row = TicketTable.rowOf(reference);
    switch (kind - firstKind) {
      case VALIDATION -> {
        connections.move(row);
        if (connections.state() == PoolConnections.VALIDATING) {
          validationFailed(nowNs, row, FailureCause.SOCKET_TIMEOUT);
        } else {
          dead(nowNs, row, FailureCause.SOCKET_TIMEOUT);
        }
      }
      case SOCKET -> broke(nowNs, row, FailureCause.SOCKET_TIMEOUT);
      default -> {
        borrowers.move(row);
        if (borrowers.isQueued()) {
          refuse(nowNs, row);
        }
      }
    }
  }

  private void endOfLife(long nowNs, long name) {
    if (!find(name)) {
      return;
    }
    int c = (int) name;
    if (connections.state() == PoolConnections.IDLE) {
      idle.remove(c);
      close(nowNs, c);
    } else {
      connections.setFlag(PoolConnections.F_EVICTED);
    }
  }

  private void keepalive(long nowNs, long name) {
    if (!find(name)) {
      return;
    }
    int c = (int) name;
    if (connections.state() != PoolConnections.IDLE) {
      armKeepalive(nowNs, c);
      return;
    }
    idle.remove(c);
    connections.enter(PoolConnections.PINGING);
    if (!ping(nowNs, c)) {
      dead(nowNs, c, causeOf(c));
    }
  }

  private void housekeep(long nowNs) {
    owner.timerAt(nowNs + HOUSEKEEPING_NS, firstKind + HOUSEKEEPER, 0);
    if (config.idleTimeoutNs > 0 && config.minimumIdle() < config.maximumPoolSize) {
      while (idle.size() > config.minimumIdle()) {
        int c = idle.oldest();
        connections.move(c);
        if (nowNs - connections.lastAccessNs() <= config.idleTimeoutNs) {
          break;
        }
        idle.remove(c);
        close(nowNs, c);
      }
    }
    fill(nowNs);
  }

  /**
   * Requests that wait for the database or for a connection to it.
   *
   * @return how many
   */
  int tellWaits(Waits waits) {
    int all = waiting.size();
    boolean full = members == config.maximumPoolSize;
    if (full || !creator.tellWaits(waits, all)) {
      waits.queued(all);
    }
    for (int c = 1; c <= connections.highWater(); c++) {
      connections.move(c);
      int state = connections.state();
      if (state == PoolConnections.BUSY || state == PoolConnections.VALIDATING) {
        long socket = connections.socket();
        waits.on(sockets().remoteAddress(socket), false, sockets().timeouts(socket));
        all++;
      }
    }
    return all;
  }

  // ---- for the breakdown by the state at one moment

  /** Remembers what each connection is doing now. */
  void mark() {
    for (int c = 1; c <= connections.highWater(); c++) {
      connections.move(c);
      switch (connections.state()) {
        case PoolConnections.IDLE -> connections.classAtMark(IDLE_THEN);
        case PoolConnections.BUSY, PoolConnections.VALIDATING, PoolConnections.PINGING -> {
          int bytes = owner.context().control().unacknowledged(connections.socket());
          connections.classAtMark(bytes > 0 ? UNACKNOWLEDGED : ACKNOWLEDGED);
        }
        case PoolConnections.BORROWED, PoolConnections.LEAKED -> connections.classAtMark(IDLE_THEN);
        default -> connections.classAtMark(LATER);
      }
    }
  }
}
