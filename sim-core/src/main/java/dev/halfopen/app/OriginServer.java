package dev.halfopen.app;

import dev.halfopen.engine.RandomStreams;
import dev.halfopen.metrics.Gauge;
import dev.halfopen.metrics.Occupancy;
import dev.halfopen.tcp.Sockets;

/**
 * An HTTP server that answers each request after its service time, any number at once or as many as
 * it has workers. It closes first where the request said so, where the connection has had its
 * requests, or when it has been idle too long; and after the client otherwise.
 */
@SuppressWarnings("NullAway.Init") // start() comes before everything else
public final class OriginServer extends Application implements Expiry, AcceptLoop.Acceptor {
  private static final int TIMER_SERVICE = 1;
  private static final int TIMER_FIN = 2;
  private static final int TIMER_IDLE = 3;
  private static final int TIMER_ACCEPT = 4;
  private static final int LISTENER = 0;

  private final OriginServerConfig config;
  private final Gauge workers;
  private final Occupancy inService = new Occupancy();
  private final Gauge connectionsOpen;
  private final Gauge files;

  /** Idle connections are listed where one may have to make room. */
  private final boolean listsIdle;

  private ServerConnections connections;
  private RowList idle;
  private RowList waiting;
  private AcceptLoop accepts;
  private Delays serviceTimes;
  private Delays finDelays;
  private Delays idleTimeouts;
  private long accepted;
  private long requests;
  private long responses;
  private long closesFirst;
  private long drawn;
  private int waitingPeak;

  public OriginServer(OriginServerConfig config) {
    this.config = config;
    this.workers = new Gauge(config.workers);
    this.connectionsOpen = new Gauge(config.connectionsMax);
    this.files = new Gauge(config.openFilesMax);
    this.listsIdle = config.connectionsMax > 0;
  }

  /** Connections accepted. */
  public long accepted() {
    return accepted;
  }

  /** Complete requests received. */
  public long requests() {
    return requests;
  }

  /** Responses sent. */
  public long responses() {
    return responses;
  }

  /** Connections that this server closed before it had seen the client's FIN. */
  public long closesFirst() {
    return closesFirst;
  }

  public int openConnections() {
    return connections.live();
  }

  /** Workers that serve a request; a refusal is a request that had to wait. */
  public Gauge workers() {
    return workers;
  }

  /** Requests in service over time. */
  public Occupancy inService() {
    return inService;
  }

  /** Open connections; a refusal is one that was closed as soon as it was accepted. */
  public Gauge connections() {
    return connectionsOpen;
  }

  /** Open files; a refusal is an accept() that failed with EMFILE. */
  public Gauge files() {
    return files;
  }

  /** The most requests that ever waited for a worker. */
  public int waitingPeak() {
    return waitingPeak;
  }

  @Override
  public void tellWaits(Waits waits) {
    waits.queued(waiting.size());
    waits.working(workers.value());
  }

  @Override
  public void died(long nowNs) {
    workers.clear();
    inService.clear(nowNs);
    connectionsOpen.clear();
    files.clear();
  }

  @Override
  protected void attached() {
    connections = new ServerConnections(context().memory());
    idle = new RowList(connections, ServerConnections.NEXT, ServerConnections.PREVIOUS);
    waiting = new RowList(connections, ServerConnections.NEXT, ServerConnections.PREVIOUS);
    serviceTimes =
        new Delays(
            this, this, connections, config.serviceTime, TIMER_SERVICE, Purposes.SERVICE_TIME);
    finDelays = new Delays(this, this, connections, config.finDelay, TIMER_FIN, Purposes.FIN_DELAY);
    idleTimeouts = Delays.timeout(this, this, connections, config.idleTimeoutNs, TIMER_IDLE);
    accepts = new AcceptLoop(this, this, connections, files, config.acceptTime, TIMER_ACCEPT);
  }

  @Override
  public void start(long nowNs) {
    connections.forgetAll();
    idle.clear();
    waiting.clear();
    serviceTimes.restart();
    finDelays.restart();
    idleTimeouts.restart();
    accepts.restart();
    AcceptLoop.listen(
        sockets(),
        config.listenPort,
        config.listenBacklog,
        config.listenOptions,
        config.listeners,
        LISTENER);
  }

  @Override
  public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {
    if ((bits & Sockets.ACCEPTABLE) != 0) {
      accepts.ready(nowNs, (int) socket);
      return;
    }
    connections.move(handle);
    if (connections.socket() != socket) {
      return;
    }
    if ((bits & Sockets.FAILED) != 0) {
      clientGone(handle);
      return;
    }
    if ((bits & Sockets.READABLE) != 0) {
      sockets().receive(socket);
    }
    if ((bits & Sockets.MESSAGE) != 0) {
      requests++;
      requested(nowNs, handle, mark);
      connections.move(handle);
    }
    if ((bits & Sockets.END_OF_STREAM) != 0 && connections.socket() == socket) {
      sockets().close(socket);
      clientGone(handle);
    }
  }

  // ---- connections

  @Override
  public void accepted(long nowNs, int row) {
    accepted++;
    makeRoom();
    connectionsOpen.up(nowNs);
    connections.move(row);
    if (config.connectionsMax > 0 && connectionsOpen.value() > config.connectionsMax) {
      connectionsOpen.refuse(nowNs);
      connections.enter(ServerConnections.CLOSING);
      closeFirst(row);
    } else {
      becomeIdle(nowNs, row);
    }
  }

  private void makeRoom() {
    if (connectionsOpen.isFull() && idle.size() > 0) {
      int oldest = idle.oldest();
      connections.move(oldest);
      closeFirst(oldest);
    }
  }

  private void becomeIdle(long nowNs, int row) {
    connections.enter(ServerConnections.IDLE);
    if (listsIdle) {
      idle.add(row);
    }
    idleTimeouts.beginAt(nowNs, connections.reference());
  }

  private void closeFirst(int row) {
    closesFirst++;
    sockets().close(connections.socket());
    free(row);
  }

  /** A thread that serves the request goes on, one that is yet to begin will not know either. */
  private void clientGone(int row) {
    connections.move(row);
    int state = connections.state();
    boolean held = state == ServerConnections.BUSY || state == ServerConnections.WAITING;
    if (config.workers > 0 && held) {
      closed();
      connections.socket(TicketTable.NO_REFERENCE);
    } else {
      free(row);
    }
  }

  private void closed() {
    connectionsOpen.down();
    files.down();
  }

  /** The socket is closed or gone. */
  private void free(int row) {
    connections.move(row);
    if (connections.state() == ServerConnections.IDLE && listsIdle) {
      idle.remove(row);
    }
    if (connections.socket() != TicketTable.NO_REFERENCE) {
      closed();
    }
    connections.release();
  }

  // ---- requests

  private void requested(long nowNs, int row, int mark) {
    if (connections.state() == ServerConnections.IDLE && listsIdle) {
      idle.remove(row);
    }
    connections.mark(mark);
    connections.requests(connections.requests() + 1);
    if (workers.isFull()) {
      workers.refuse(nowNs);
      connections.enter(ServerConnections.WAITING);
      waiting.add(row);
      waitingPeak = Math.max(waitingPeak, waiting.size());
    } else {
      beginService(nowNs, row);
    }
  }

  private void beginService(long nowNs, int row) {
    workers.up(nowNs);
    inService.change(nowNs, 1);
    connections.enter(ServerConnections.BUSY);
    if (serviceTimes.isZero()) {
      respond(nowNs, row);
    } else {
      serviceTimes.begin(nowNs, connections.reference());
    }
  }

  private void served(long nowNs, int row) {
    respond(nowNs, row);
    if (waiting.size() > 0 && !workers.isFull()) {
      int next = waiting.oldest();
      waiting.remove(next);
      connections.move(next);
      beginService(nowNs, next);
    }
  }

  private void respond(long nowNs, int row) {
    workers.down();
    inService.change(nowNs, -1);
    if (connections.socket() == TicketTable.NO_REFERENCE) {
      free(row);
      return;
    }
    int request = connections.mark();
    int limit = config.requestsPerConnection;
    boolean close = HttpMarks.isClose(request) || (limit > 0 && connections.requests() >= limit);
    int wanted = HttpMarks.responseBytes(request);
    int bytes = wanted > 0 ? wanted : drawBytes();
    int mark = HttpMarks.response(HttpMarks.OK, FailureCause.NONE, close);
    connections.enter(ServerConnections.CLOSING);
    responses++;
    int sent = sockets().send(connections.socket(), bytes, mark);
    connections.move(row);
    if (sent < 0 || (close && finDelays.isZero())) {
      closeFirst(row);
    } else if (close) {
      finDelays.begin(nowNs, connections.reference());
    } else {
      becomeIdle(nowNs, row);
    }
  }

  private int drawBytes() {
    long bits =
        RandomStreams.bits(
            context().seed(), context().randomNode(), Purposes.SERVER_BYTES, drawn++);
    return Math.max(1, config.responseBytes.sampleInt(bits));
  }

  @Override
  public boolean readsAtOnce() {
    return true;
  }

  @Override
  public void onTimer(long nowNs, int kind, long argument) {
    switch (kind) {
      case TIMER_SERVICE -> serviceTimes.fired(nowNs, argument);
      case TIMER_FIN -> finDelays.fired(nowNs, argument);
      case TIMER_ACCEPT -> accepts.fired(nowNs, (int) argument);
      default -> idleTimeouts.fired(nowNs, argument);
    }
  }

  @Override
  public void expired(long nowNs, int kind, long reference) {
    int row = TicketTable.rowOf(reference);
    connections.move(row);
    if (kind == TIMER_SERVICE) {
      served(nowNs, row);
    } else {
      closeFirst(row);
    }
  }
}
