package dev.halfopen.app;

import dev.halfopen.tcp.Sockets;

/**
 * A database as PostgreSQL is one: a process for each connection, max_connections of them, and a
 * query at a time on each, however many run at once. A process that runs a query does not look at
 * its socket: it learns when it answers that its client has gone, and keeps its slot until then.
 */
@SuppressWarnings("NullAway.Init") // start() comes before everything else
public final class Database extends Application implements Expiry {
  /** {@link #onFault}: a standby takes writes from now on, {@code pg_promote()}. */
  public static final int ACCEPT_WRITES = 1;

  private static final int TIMER_QUERY = 1;
  private static final int LISTENER = 0;
  private static final int GREETING_BYTES = 330;
  private static final int ERROR_BYTES = 100;
  private static final int PONG_BYTES = 11;

  private final DatabaseConfig config;
  private DbConnections connections;
  private Delays queryTimes;
  private boolean takesWrites;
  private int slots;
  private int slotsPeak;
  private long slotsPeakAtNs;
  private long refused;
  private long firstRefusedNs = LoadStats.NEVER;
  private long queries;
  private long refusedWrites;

  public Database(DatabaseConfig config) {
    this.config = config;
    this.takesWrites = !config.standby;
  }

  /** Connections that count against max_connections. */
  public int slots() {
    return slots;
  }

  public int slotsPeak() {
    return slotsPeak;
  }

  public long slotsPeakAtNs() {
    return slotsPeakAtNs;
  }

  /** Connections that applications can have: max_connections less the reserved ones. */
  public int slotsMax() {
    return config.maxConnections - config.reservedConnections;
  }

  /** "sorry, too many clients already". */
  public long refused() {
    return refused;
  }

  /** When that was said first, or {@link LoadStats#NEVER}. */
  public long firstRefusedNs() {
    return firstRefusedNs;
  }

  /** Queries answered with a result. */
  public long queries() {
    return queries;
  }

  /** Writes that a standby refused. */
  public long refusedWrites() {
    return refusedWrites;
  }

  @Override
  protected void attached() {
    connections = new DbConnections(context().memory());
    queryTimes =
        new Delays(this, this, connections, config.queryTime, TIMER_QUERY, Purposes.QUERY_TIME);
  }

  @Override
  public void start(long nowNs) {
    slots = 0;
    connections.forgetAll();
    queryTimes.restart();
    sockets().listen(config.listenPort, config.listenBacklog, config.listenOptions, LISTENER);
  }

  @Override
  public void died(long nowNs) {
    slots = 0;
  }

  @Override
  public void onFault(long nowNs, int what, long argument) {
    if (what == ACCEPT_WRITES) {
      takesWrites = true;
    }
  }

  @Override
  public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {
    if ((bits & Sockets.ACCEPTABLE) != 0) {
      acceptAll((int) socket);
      return;
    }
    connections.move(handle);
    if (connections.socket() != socket) {
      return;
    }
    if ((bits & Sockets.FAILED) != 0) {
      ended(handle, false);
      return;
    }
    if ((bits & Sockets.READABLE) != 0) {
      sockets().receive(socket);
    }
    if ((bits & Sockets.MESSAGE) != 0) {
      asked(nowNs, handle, mark);
      connections.move(handle);
    }
    if ((bits & Sockets.END_OF_STREAM) != 0 && connections.socket() == socket) {
      ended(handle, true);
    }
  }

  private void acceptAll(int listener) {
    for (; ; ) {
      int row = connections.create();
      long socket = sockets().accept(listener, row);
      connections.move(row);
      if (socket < 0) {
        connections.release();
        return;
      }
      connections.socket(socket);
      connections.enter(DbConnections.NEW);
    }
  }

  private void asked(long nowNs, int row, int mark) {
    switch (DbMarks.what(mark)) {
      case DbMarks.STARTUP -> greet(nowNs, row);
      case DbMarks.PING -> answer(DbMarks.OK, PONG_BYTES);
      case DbMarks.QUERY -> query(nowNs, row, mark);
      default -> close(row);
    }
  }

  private void greet(long nowNs, int row) {
    if (slots >= slotsMax()) {
      refused++;
      if (firstRefusedNs == LoadStats.NEVER) {
        firstRefusedNs = nowNs;
      }
      answer(DbMarks.TOO_MANY_CLIENTS, ERROR_BYTES);
      close(row);
      return;
    }
    if (++slots > slotsPeak) {
      slotsPeak = slots;
      slotsPeakAtNs = nowNs;
    }
    connections.setFlag(DbConnections.F_SLOT);
    connections.enter(DbConnections.IDLE);
    answer(DbMarks.OK, GREETING_BYTES);
  }

  private void query(long nowNs, int row, int mark) {
    if (DbMarks.isWrite(mark) && !takesWrites) {
      refusedWrites++;
      answer(DbMarks.READ_ONLY, ERROR_BYTES);
      return;
    }
    connections.enter(DbConnections.BUSY);
    if (queryTimes.isZero()) {
      expired(nowNs, TIMER_QUERY, connections.reference());
    } else {
      queryTimes.begin(nowNs, connections.reference());
    }
    connections.move(row);
  }

  private void answer(int status, int bytes) {
    sockets().send(connections.socket(), bytes, DbMarks.response(status));
  }

  /** The driver has closed, or the connection broke. */
  private void ended(int row, boolean isOpen) {
    if (!isOpen) {
      connections.socket(NO_SOCKET);
    }
    if (connections.state() == DbConnections.BUSY) {
      connections.setFlag(DbConnections.F_ENDED);
    } else {
      close(row);
    }
  }

  private static final long NO_SOCKET = TicketTable.NO_REFERENCE;

  private void close(int row) {
    connections.move(row);
    if (connections.socket() != NO_SOCKET) {
      sockets().close(connections.socket());
    }
    if (connections.flag(DbConnections.F_SLOT)) {
      slots--;
    }
    connections.release();
  }

  @Override
  public boolean readsAtOnce() {
    return true;
  }

  @Override
  public void onTimer(long nowNs, int kind, long argument) {
    queryTimes.fired(nowNs, argument);
  }

  @Override
  public void expired(long nowNs, int kind, long reference) {
    int row = TicketTable.rowOf(reference);
    connections.move(row);
    queries++;
    connections.enter(DbConnections.IDLE);
    if (connections.socket() != NO_SOCKET) {
      answer(DbMarks.OK, config.resultBytes);
    }
    connections.move(row);
    if (connections.flag(DbConnections.F_ENDED)) {
      close(row);
    }
  }
}
