package dev.halfopen.app;

import dev.halfopen.metrics.Gauge;
import dev.halfopen.net.Segment;
import dev.halfopen.tcp.Sockets;

/**
 * An HTTP server whose requests compute and query databases through connection pools in the same
 * process, as a Java application server does. A worker serves a request to its end: one whose query
 * hangs is held, also when its client has long gone. Requests that find no worker wait in the order
 * of their arrival.
 */
@SuppressWarnings("NullAway.Init") // start() comes before everything else
public final class AppServer extends Application
    implements Expiry, ConnectionPool.Client, AcceptLoop.Acceptor {
  /** {@link #onFault}: remember what each connection is doing, for the {@link Breakdown}. */
  public static final int MARK = 3;

  private static final int TIMER_CPU = 1;
  private static final int TIMER_IDLE = 2;
  private static final int FIRST_POOL_KIND = 16;

  /** Back from the first of the pools' kinds, beyond those of the steps. */
  private static final int ACCEPT_KIND = 1;

  private static final int FIN_KIND = 2;
  private static final int LISTENER = 0;
  private static final int OWNER_SHIFT = 24;

  private final AppServerConfig config;
  private final AppServerConfig.Step[] steps;
  private final DataSource[] sources;
  private final Breakdown breakdown = new Breakdown();
  private final Gauge connectionsOpen;
  private final Gauge files;

  /** Idle connections are listed where one may have to make room. */
  private final boolean listsIdle;

  private ServerConnections clients;
  private RowList idle;
  private AcceptLoop accepts;
  private Delays finDelays;
  private AppExchanges exchanges;
  private RowList waiting;
  private ConnectionPool[] pools;
  private Delays[] computing;
  private Delays idleTimeouts;
  private int busy;
  private int busyPeak;
  private long busyPeakAtNs;
  private int waitingPeak;
  private long waitingPeakAtNs;
  private long requests;
  private long answeredNobody;

  /** The configuration's steps and pools are read once. */
  public AppServer(AppServerConfig config) {
    this.config = config;
    this.steps = config.steps.toArray(new AppServerConfig.Step[0]);
    this.sources = config.pools.toArray(new DataSource[0]);
    this.connectionsOpen = new Gauge(config.connectionsMax);
    this.files = new Gauge(config.openFilesMax);
    this.listsIdle = config.connectionsMax > 0;
  }

  /** The handle of a socket: whose it is (0: a client's, else a pool's number) and its row. */
  static int handle(int owner, int row) {
    return owner << OWNER_SHIFT | row;
  }

  public PoolStats poolStats(int pool) {
    return sources[pool].stats();
  }

  public Breakdown breakdown() {
    return breakdown;
  }

  /** Clients' connections; a refusal is one that was closed as soon as it was accepted. */
  public Gauge connections() {
    return connectionsOpen;
  }

  /**
   * Open files of the process: sockets of clients and of pools; a refusal is an accept() or a
   * socket() that failed with EMFILE.
   */
  public Gauge files() {
    return files;
  }

  /** Workers that serve a request. */
  public int busy() {
    return busy;
  }

  public int busyPeak() {
    return busyPeak;
  }

  public long busyPeakAtNs() {
    return busyPeakAtNs;
  }

  /** The most requests that waited for a worker. */
  public int waitingPeak() {
    return waitingPeak;
  }

  public long waitingPeakAtNs() {
    return waitingPeakAtNs;
  }

  public long requests() {
    return requests;
  }

  /** Requests that were served although their client had gone. */
  public long answeredNobody() {
    return answeredNobody;
  }

  @Override
  protected void attached() {
    clients = new ServerConnections(context().memory());
    idle = new RowList(clients, ServerConnections.NEXT, ServerConnections.PREVIOUS);
    exchanges = new AppExchanges(context().memory());
    waiting = new RowList(exchanges, AppExchanges.NEXT, AppExchanges.PREVIOUS);
    idleTimeouts = Delays.timeout(this, this, clients, config.idleTimeoutNs, TIMER_IDLE);
    computing = new Delays[steps.length];
    for (int i = 0; i < steps.length; i++) {
      int purpose = Purposes.CPU_TIME + (i << 16);
      computing[i] =
          new Delays(this, this, exchanges, steps[i].cpu, TIMER_CPU + 2 * i + 2, purpose);
    }
    finDelays =
        new Delays(this, this, clients, config.finDelay, poolKind() - FIN_KIND, Purposes.FIN_DELAY);
    accepts =
        new AcceptLoop(this, this, clients, files, config.acceptTime, poolKind() - ACCEPT_KIND);
    pools = new ConnectionPool[sources.length];
    for (int i = 0; i < pools.length; i++) {
      int kind = poolKind() + i * ConnectionPool.KINDS;
      pools[i] = new ConnectionPool(this, this, sources[i], i, kind);
    }
  }

  @Override
  public void start(long nowNs) {
    busy = 0;
    clients.forgetAll();
    idle.clear();
    exchanges.forgetAll();
    waiting.clear();
    idleTimeouts.restart();
    for (Delays step : computing) {
      step.restart();
    }
    finDelays.restart();
    accepts.restart();
    AcceptLoop.listen(
        sockets(),
        config.listenPort,
        config.listenBacklog,
        config.listenOptions,
        config.listeners,
        LISTENER);
    for (ConnectionPool pool : pools) {
      pool.start(nowNs);
    }
  }

  private int poolKind() {
    return FIRST_POOL_KIND + 2 * steps.length;
  }

  @Override
  public void tellWaits(Waits waits) {
    waits.queued(waiting.size());
    int elsewhere = 0;
    for (ConnectionPool pool : pools) {
      elsewhere += pool.tellWaits(waits);
    }
    waits.working(busy - elsewhere);
  }

  @Override
  public void died(long nowNs) {
    busy = 0;
    connectionsOpen.clear();
    files.clear();
    for (ConnectionPool pool : pools) {
      pool.died();
    }
  }

  /** Counts what is still being served, at the end of a run. */
  public void finish() {
    for (int row = 1; row <= exchanges.highWater(); row++) {
      exchanges.move(row);
      if (exchanges.state() != 0 && breakdown.isMarked()) {
        breakdown.leave(exchanges.breakdownClass());
      }
    }
  }

  // ---- faults

  @Override
  public void onFault(long nowNs, int what, long argument) {
    if (what != MARK) {
      return;
    }
    breakdown.mark(nowNs);
    for (ConnectionPool pool : pools) {
      pool.mark();
    }
    for (int row = 1; row <= exchanges.highWater(); row++) {
      exchanges.move(row);
      int cls = Breakdown.NONE;
      if (exchanges.state() != 0 && exchanges.connection() != TicketTable.NO_ROW) {
        cls = classOf(steps[exchanges.step()].pool, exchanges.connection());
      }
      exchanges.breakdownClass(cls);
      if (exchanges.state() != 0) {
        breakdown.served(cls);
      }
    }
  }

  private int classOf(int pool, int connection) {
    int cls = pools[pool].classAtMark(connection);
    return cls == ConnectionPool.LATER ? Breakdown.LATER : cls;
  }

  // ---- clients

  @Override
  public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {
    if ((bits & Sockets.ACCEPTABLE) != 0) {
      accepts.ready(nowNs, (int) socket);
      return;
    }
    int owner = handle >>> OWNER_SHIFT;
    int row = handle & (1 << OWNER_SHIFT) - 1;
    if (owner == 0) {
      clientReady(nowNs, socket, row, bits, mark);
    } else {
      pools[owner - 1].onReady(nowNs, socket, row, bits, mark, errno);
    }
  }

  private void clientReady(long nowNs, long socket, int row, int bits, int mark) {
    clients.move(row);
    if (clients.socket() != socket) {
      return;
    }
    if ((bits & Sockets.FAILED) != 0) {
      free(row);
      return;
    }
    if ((bits & Sockets.READABLE) != 0) {
      sockets().receive(socket);
    }
    if ((bits & Sockets.MESSAGE) != 0) {
      arrived(nowNs, mark);
      clients.move(row);
    }
    if ((bits & Sockets.END_OF_STREAM) != 0 && clients.socket() == socket) {
      sockets().close(socket);
      free(row);
    }
  }

  @Override
  public void accepted(long nowNs, int row) {
    makeRoom();
    boolean full = connectionsOpen.isFull();
    connectionsOpen.up(nowNs);
    clients.move(row);
    if (full) {
      connectionsOpen.refuse(nowNs);
      close(row);
    } else {
      clients.enter(ServerConnections.IDLE);
      becomeIdle(nowNs, row);
    }
  }

  private void makeRoom() {
    if (connectionsOpen.isFull() && idle.size() > 0) {
      close(idle.oldest());
    }
  }

  /** The cursor's connection, which is in state IDLE, waits for a request. */
  private void becomeIdle(long nowNs, int row) {
    if (listsIdle) {
      idle.add(row);
    }
    idleTimeouts.beginAt(nowNs, clients.reference());
  }

  private void leaveIdle(int row) {
    if (listsIdle && clients.state() == ServerConnections.IDLE) {
      idle.remove(row);
    }
  }

  private void close(int row) {
    clients.move(row);
    sockets().close(clients.socket());
    free(row);
  }

  /** The socket is closed or gone. */
  private void free(int row) {
    clients.move(row);
    leaveIdle(row);
    if (clients.socket() != TicketTable.NO_REFERENCE) {
      connectionsOpen.down();
      files.down();
    }
    clients.release();
  }

  // ---- requests

  private void arrived(long nowNs, int mark) {
    requests++;
    leaveIdle(clients.row());
    clients.enter(ServerConnections.BUSY);
    clients.requests(clients.requests() + 1);
    int e = exchanges.create();
    exchanges.client(clients.reference());
    exchanges.mark(mark);
    exchanges.arrivalNs(nowNs);
    if (config.workers > 0 && busy >= config.workers) {
      exchanges.state(AppExchanges.WAITING);
      waiting.add(e);
      if (waiting.size() > waitingPeak) {
        waitingPeak = waiting.size();
        waitingPeakAtNs = nowNs;
      }
      return;
    }
    begin(nowNs, e);
  }

  private void begin(long nowNs, int e) {
    if (++busy > busyPeak) {
      busyPeak = busy;
      busyPeakAtNs = nowNs;
    }
    exchanges.move(e);
    exchanges.state(AppExchanges.SERVED);
    exchanges.step(-1);
    nextStep(nowNs, e);
  }

  private void nextStep(long nowNs, int e) {
    for (; ; ) {
      exchanges.move(e);
      int n = exchanges.step() + 1;
      if (n == steps.length) {
        end(nowNs, e, FailureCause.NONE);
        return;
      }
      exchanges.step(n);
      if (steps[n].pool >= 0) {
        exchanges.left(steps[n].times);
        pools[steps[n].pool].borrow(nowNs, e);
        return;
      }
      if (!computing[n].isZero()) {
        computing[n].begin(nowNs, exchanges.reference());
        return;
      }
    }
  }

  @Override
  public boolean openFile(long nowNs) {
    if (files.isFull()) {
      files.refuse(nowNs);
      return false;
    }
    files.up(nowNs);
    return true;
  }

  @Override
  public void closedFile() {
    files.down();
  }

  @Override
  public void borrowed(long nowNs, int e, int connection) {
    exchanges.move(e);
    exchanges.connection(connection);
    AppServerConfig.Step step = steps[exchanges.step()];
    if (breakdown.isMarked() && exchanges.breakdownClass() == Breakdown.NONE) {
      exchanges.breakdownClass(classOf(step.pool, connection));
    }
    pools[step.pool].query(nowNs, connection, step.write);
  }

  @Override
  public void answered(long nowNs, int e, int status) {
    exchanges.move(e);
    AppServerConfig.Step step = steps[exchanges.step()];
    int connection = exchanges.connection();
    exchanges.left(exchanges.left() - 1);
    if (status == DbMarks.OK && exchanges.left() > 0) {
      pools[step.pool].query(nowNs, connection, step.write);
      return;
    }
    exchanges.connection(TicketTable.NO_ROW);
    pools[step.pool].giveBack(nowNs, connection);
    if (status == DbMarks.OK) {
      nextStep(nowNs, e);
    } else {
      end(nowNs, e, FailureCause.READ_ONLY);
    }
  }

  @Override
  public void refused(long nowNs, int e, FailureCause cause) {
    end(nowNs, e, cause);
  }

  @Override
  public void broke(long nowNs, int e, FailureCause cause) {
    exchanges.move(e);
    exchanges.connection(TicketTable.NO_ROW);
    end(nowNs, e, cause);
  }

  /** Answers, if there is still somebody to be answered, and frees the worker. */
  private void end(long nowNs, int e, FailureCause cause) {
    exchanges.move(e);
    breakdown.end(nowNs, exchanges.arrivalNs(), exchanges.breakdownClass(), cause);
    long client = exchanges.client();
    int mark = exchanges.mark();
    exchanges.state(0);
    exchanges.destroy();
    respond(nowNs, client, mark, cause);
    busy--;
    int next = waiting.oldest();
    if (next != TicketTable.NO_ROW) {
      waiting.remove(next);
      begin(nowNs, next);
    }
  }

  private void respond(long nowNs, long client, int request, FailureCause cause) {
    if (!clients.isCurrent(client)) {
      answeredNobody++;
      return;
    }
    int row = TicketTable.rowOf(client);
    clients.move(row);
    int status = cause == FailureCause.NONE ? HttpMarks.OK : HttpMarks.INTERNAL_ERROR;
    int limit = config.requestsPerConnection;
    boolean close = HttpMarks.isClose(request) || (limit > 0 && clients.requests() >= limit);
    int wanted = HttpMarks.responseBytes(request);
    int bytes = wanted > 0 ? wanted : config.responseBytes;
    clients.enter(close ? ServerConnections.CLOSING : ServerConnections.IDLE);
    int sent = sockets().send(clients.socket(), bytes, HttpMarks.response(status, cause, close));
    clients.move(row);
    if (sent < 0 || (close && finDelays.isZero())) {
      clients.enter(ServerConnections.CLOSING);
      close(row);
    } else if (close) {
      finDelays.begin(nowNs, clients.reference());
    } else {
      becomeIdle(nowNs, row);
    }
  }

  @Override
  public void onDatagram(long nowNs, Segment datagram) {
    for (ConnectionPool pool : pools) {
      pool.onDatagram(nowNs, datagram);
    }
  }

  @Override
  public boolean readsAtOnce() {
    return true;
  }

  @Override
  public void onTimer(long nowNs, int kind, long argument) {
    if (kind >= poolKind()) {
      pools[(kind - poolKind()) / ConnectionPool.KINDS].onTimer(nowNs, kind, argument);
    } else if (kind == TIMER_IDLE) {
      idleTimeouts.fired(nowNs, argument);
    } else if (kind == poolKind() - FIN_KIND) {
      finDelays.fired(nowNs, argument);
    } else if (kind == poolKind() - ACCEPT_KIND) {
      accepts.fired(nowNs, (int) argument);
    } else {
      computing[(kind - TIMER_CPU - 2) / 2].fired(nowNs, argument);
    }
  }

  @Override
  public void expired(long nowNs, int kind, long reference) {
    int row = TicketTable.rowOf(reference);
    if (kind == TIMER_IDLE || kind == poolKind() - FIN_KIND) {
      close(row);
    } else {
      nextStep(nowNs, row);
    }
  }
}
