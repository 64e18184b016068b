package dev.halfopen.app;

import dev.halfopen.engine.RandomStreams;
import dev.halfopen.tcp.Sockets;

/**
 * An HTTP server that answers each request after its service time, any number at once (a limit of
 * workers belongs into {@link #beginService}). It closes first where the request said so, where the
 * connection has had its requests, or when it has been idle too long; and after the client
 * otherwise.
 */
@SuppressWarnings("NullAway.Init") // start() comes before everything else
public final class OriginServer extends Application implements Expiry {
  private static final int TIMER_SERVICE = 1;
  private static final int TIMER_FIN = 2;
  private static final int TIMER_IDLE = 3;
  private static final int LISTENER = 0;

  private final OriginServerConfig config;
  private ServerConnections connections;
  private Delays serviceTimes;
  private Delays finDelays;
  private Delays idleTimeouts;
  private long accepted;
  private long requests;
  private long responses;
  private long closesFirst;
  private long drawn;

  public OriginServer(OriginServerConfig config) {
    this.config = config;
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

  @Override
  public void start(long nowNs) {
    connections = new ServerConnections(context().memory());
    serviceTimes =
        new Delays(
            this, this, connections, config.serviceTime, TIMER_SERVICE, Purposes.SERVICE_TIME);
    finDelays = new Delays(this, this, connections, config.finDelay, TIMER_FIN, Purposes.FIN_DELAY);
    idleTimeouts = Delays.timeout(this, this, connections, config.idleTimeoutNs, TIMER_IDLE);
    sockets().listen(config.listenPort, config.listenBacklog, config.listenOptions, LISTENER);
  }

  @Override
  public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {
    if ((bits & Sockets.ACCEPTABLE) != 0) {
      acceptAll(nowNs, (int) socket);
      return;
    }
    connections.move(handle);
    if (connections.socket() != socket) {
      return;
    }
    if ((bits & Sockets.FAILED) != 0) {
      free(handle);
      return;
    }
    if ((bits & Sockets.READABLE) != 0) {
      sockets().receive(socket);
    }
    if ((bits & Sockets.MESSAGE) != 0) {
      requests++;
      beginService(nowNs, handle, mark);
      connections.move(handle);
    }
    if ((bits & Sockets.END_OF_STREAM) != 0 && connections.socket() == socket) {
      sockets().close(socket);
      free(handle);
    }
  }

  private void acceptAll(long nowNs, int listener) {
    for (; ; ) {
      int row = connections.create();
      long socket = sockets().accept(listener, row);
      connections.move(row);
      if (socket < 0) {
        free(row);
        return;
      }
      connections.socket(socket);
      connections.enter(ServerConnections.IDLE);
      accepted++;
      idleTimeouts.beginAt(nowNs, connections.reference());
    }
  }

  private void beginService(long nowNs, int row, int mark) {
    connections.enter(ServerConnections.BUSY);
    connections.mark(mark);
    connections.requests(connections.requests() + 1);
    if (serviceTimes.isZero()) {
      respond(nowNs, row);
    } else {
      serviceTimes.begin(nowNs, connections.reference());
    }
  }

  private void respond(long nowNs, int row) {
    int request = connections.mark();
    int limit = config.requestsPerConnection;
    boolean close = HttpMarks.isClose(request) || (limit > 0 && connections.requests() >= limit);
    int wanted = HttpMarks.responseBytes(request);
    int bytes = wanted > 0 ? wanted : drawBytes();
    int mark = HttpMarks.response(HttpMarks.OK, FailureCause.NONE, close);
    connections.enter(close ? ServerConnections.CLOSING : ServerConnections.IDLE);
    responses++;
    int sent = sockets().send(connections.socket(), bytes, mark);
    connections.move(row);
    if (sent < 0 || (close && finDelays.isZero())) {
      closeFirst(row);
    } else if (close) {
      finDelays.begin(nowNs, connections.reference());
    } else {
      idleTimeouts.beginAt(nowNs, connections.reference());
    }
  }

  private int drawBytes() {
    long bits = RandomStreams.bits(context().seed(), host().id(), Purposes.SERVER_BYTES, drawn++);
    return Math.max(1, config.responseBytes.sampleInt(bits));
  }

  private void closeFirst(int row) {
    closesFirst++;
    sockets().close(connections.socket());
    free(row);
  }

  private void free(int row) {
    connections.move(row);
    connections.enter(0);
    connections.socket(TicketTable.NO_REFERENCE);
    connections.destroy();
  }

  @Override
  public void onTimer(long nowNs, int kind, long argument) {
    switch (kind) {
      case TIMER_SERVICE -> serviceTimes.fired(nowNs, argument);
      case TIMER_FIN -> finDelays.fired(nowNs, argument);
      default -> idleTimeouts.fired(nowNs, argument);
    }
  }

  @Override
  public void expired(long nowNs, int kind, long reference) {
    int row = TicketTable.rowOf(reference);
    connections.move(row);
    if (kind == TIMER_SERVICE) {
      respond(nowNs, row);
    } else {
      closeFirst(row);
    }
  }
}
