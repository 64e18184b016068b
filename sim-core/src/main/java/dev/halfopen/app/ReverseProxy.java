package dev.halfopen.app;

import dev.halfopen.engine.RandomStreams;
import dev.halfopen.metrics.Gauge;
import dev.halfopen.tcp.Sockets;

/**
 * A reverse proxy as nginx is one: it takes a request from a client connection, has it tried at its
 * upstreams ({@link UpstreamTries}), and passes the response on once it is complete. A request may
 * be a page, made of several upstream requests.
 *
 * <p>Sockets of clients have a positive handle, their exchange row; those of upstreams a negative
 * one.
 */
@SuppressWarnings("NullAway.Init") // start() comes before everything else
public final class ReverseProxy extends Application implements Expiry, AcceptLoop.Acceptor {
  static final int TIMER_CONNECT = 1;
  static final int TIMER_READ = 2;
  static final int TIMER_CLOSE = 3;
  static final int TIMER_IDLE = 4;
  private static final int TIMER_CLIENT_IDLE = 5;
  private static final int TIMER_ACCEPT = 6;
  private static final int LISTENER = 0;

  private final ReverseProxyConfig config;
  private final ProxyStats stats;
  private final Gauge connectionsOpen;
  private final Gauge files;
  private final UpstreamTries tries;

  private ProxyExchanges exchanges;
  private RowList idle;
  private AcceptLoop accepts;
  private Delays clientIdleTimeouts;

  public ReverseProxy(ReverseProxyConfig config) {
    this.config = config;
    if (config.fanOut < 1) {
      throw new IllegalArgumentException("fan-out of " + config.fanOut);
    }
    this.connectionsOpen = new Gauge(config.connectionsMax);
    this.files = new Gauge(config.openFilesMax);
    this.stats = new ProxyStats(config.upstreamAddresses.length);
    this.tries = new UpstreamTries(this, config, stats);
  }

  public ProxyStats stats() {
    return stats;
  }

  /** The most idle upstream connections there have been. */
  public int idlePeak() {
    return tries.idlePeak();
  }

  /** Upstream connections that are open or being opened. */
  public int upstreamConnections() {
    return tries.live();
  }

  /** Connections on both sides; a refusal is a client or an upstream that got none. */
  public Gauge connections() {
    return connectionsOpen;
  }

  /** Open files; a refusal is an accept() or socket() that failed with EMFILE. */
  public Gauge files() {
    return files;
  }

  @Override
  public void died(long nowNs) {
    connectionsOpen.clear();
    files.clear();
    tries.forget();
  }

  @Override
  public void tellWaits(Waits waits) {
    tries.tellWaits(waits);
  }

  @Override
  protected void attached() {
    exchanges = new ProxyExchanges(config.upstreamAddresses.length, context().memory());
    idle = new RowList(exchanges, ProxyExchanges.NEXT, ProxyExchanges.PREVIOUS);
    tries.attached(exchanges, clockPhaseNs());
    accepts = new AcceptLoop(this, this, exchanges, files, config.acceptTime, TIMER_ACCEPT);
    clientIdleTimeouts =
        Delays.timeout(this, this, exchanges, config.clientIdleTimeoutNs, TIMER_CLIENT_IDLE);
  }

  @Override
  public void start(long nowNs) {
    exchanges.forgetAll();
    idle.clear();
    tries.start();
    accepts.restart();
    clientIdleTimeouts.restart();
    AcceptLoop.listen(
        sockets(),
        config.listenPort,
        config.listenBacklog,
        config.listenOptions,
        config.listeners,
        LISTENER);
  }

  private long clockPhaseNs() {
    if (config.clockPhaseNs >= 0) {
      return config.clockPhaseNs;
    }
    long bits =
        RandomStreams.bits(context().seed(), context().randomNode(), Purposes.CLOCK_PHASE, 0);
    return Long.remainderUnsigned(bits, ClientFarmConfig.SECOND_NS);
  }

  // ---- events

  @Override
  public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {
    if ((bits & Sockets.ACCEPTABLE) != 0) {
      accepts.ready(nowNs, (int) socket);
    } else if (handle > 0) {
      exchanges.move(handle);
      if (exchanges.socket() == socket) {
        clientReady(nowNs, handle, bits, mark);
      }
    } else {
      tries.onReady(nowNs, socket, -handle, bits, mark, errno);
    }
  }

  @Override
  public void onTimer(long nowNs, int kind, long argument) {
    if (kind == TIMER_CLIENT_IDLE) {
      clientIdleTimeouts.fired(nowNs, argument);
    } else if (kind == TIMER_ACCEPT) {
      accepts.fired(nowNs, (int) argument);
    } else {
      tries.onTimer(nowNs, kind, argument);
    }
  }

  /** A client connection has been idle too long. */
  @Override
  public void expired(long nowNs, int kind, long reference) {
    int row = TicketTable.rowOf(reference);
    exchanges.move(row);
    closeClient(row);
  }

  // ---- clients

  @Override
  public void accepted(long nowNs, int row) {
    stats.clientConnections++;
    makeRoom();
    exchanges.move(row);
    boolean full = connectionsOpen.isFull();
    connectionsOpen.up(nowNs);
    if (full) {
      connectionsOpen.refuse(nowNs);
      exchanges.state(ProxyExchanges.BUSY);
      closeClient(row);
    } else {
      becomeIdle(nowNs, row);
    }
  }

  /** {@code ngx_drain_connections}, as far as it matters: the client idle longest must go. */
  private void makeRoom() {
    if (connectionsOpen.isFull() && idle.size() > 0) {
      int oldest = idle.oldest();
      exchanges.move(oldest);
      closeClient(oldest);
    }
  }

  /**
   * Takes a file and a connection for an upstream; the cursor of the exchanges may move.
   *
   * @return NONE, or what there is none left of
   */
  FailureCause openUpstream(long nowNs) {
    if (files.isFull()) {
      files.refuse(nowNs);
      return FailureCause.EMFILE;
    }
    makeRoom();
    if (connectionsOpen.isFull()) {
      connectionsOpen.refuse(nowNs);
      return FailureCause.WORKER_CONNECTIONS;
    }
    files.up(nowNs);
    connectionsOpen.up(nowNs);
    return FailureCause.NONE;
  }

  /** A connection's file has been closed. */
  void closedOne() {
    files.down();
    connectionsOpen.down();
  }

  private void becomeIdle(long nowNs, int row) {
    exchanges.state(ProxyExchanges.IDLE);
    if (config.connectionsMax > 0) {
      idle.add(row);
    }
    clientIdleTimeouts.beginAt(nowNs, exchanges.reference());
  }

  private void leaveIdle(int row) {
    if (config.connectionsMax > 0 && exchanges.state() == ProxyExchanges.IDLE) {
      idle.remove(row);
    }
  }

  private void clientReady(long nowNs, int row, int bits, int mark) {
    long socket = exchanges.socket();
    if ((bits & Sockets.FAILED) != 0) {
      clientGone(nowNs, row);
      return;
    }
    if ((bits & Sockets.READABLE) != 0) {
      int n = sockets().receive(socket);
      exchanges.bytes(exchanges.bytes() + Math.max(0, n));
    }
    if ((bits & Sockets.MESSAGE) != 0) {
      stats.requests++;
      leaveIdle(row);
      exchanges.begin(mark, tries.most());
      if (config.fanOut == 1) {
        tries.serve(nowNs, row);
      } else {
        servePage(nowNs, row);
      }
      exchanges.move(row);
    }
    if ((bits & Sockets.END_OF_STREAM) != 0 && exchanges.socket() == socket) {
      sockets().close(socket);
      clientGone(nowNs, row);
    }
  }

  /** The client's socket is gone: its request is given up, as nginx does unless told otherwise. */
  private void clientGone(long nowNs, int row) {
    exchanges.move(row);
    if (exchanges.state() == ProxyExchanges.PAGE) {
      stats.clientAborts++;
      giveUpParts(nowNs, row);
    } else if (exchanges.upstream() != TicketTable.NO_ROW) {
      stats.clientAborts++;
      tries.giveUp(nowNs, exchanges.upstream());
    }
    freeClient(row);
  }

  private void closeClient(int row) {
    sockets().close(exchanges.socket());
    freeClient(row);
  }

  private void freeClient(int row) {
    exchanges.move(row);
    leaveIdle(row);
    closedOne();
    freeRow(row);
  }

  private void freeRow(int row) {
    exchanges.move(row);
    exchanges.release();
  }

  // ---- answers

  /** The exchange's request is answered: to its client, or to the page it is a part of. */
  void answer(long nowNs, int row, int status, FailureCause cause, int bytes) {
    exchanges.move(row);
    if (exchanges.isPart()) {
      partDone(nowNs, status, cause, bytes);
    } else {
      respond(nowNs, row, status, cause, bytes);
    }
  }

  /** Sends a response to the client of the exchange and makes it wait for the next request. */
  private void respond(long nowNs, int row, int status, FailureCause cause, int bytes) {
    int limit = config.clientRequestsPerConnection;
    boolean close = limit > 0 && exchanges.requests() >= limit;
    int mark = HttpMarks.response(status, cause, close);
    exchanges.end();
    int sent = sockets().send(exchanges.socket(), bytes, mark);
    exchanges.move(row);
    if (sent < 0 || close) {
      exchanges.state(ProxyExchanges.BUSY);
      closeClient(row);
    } else {
      becomeIdle(nowNs, row);
    }
  }

  void answerFailure(long nowNs, int row, int status, FailureCause cause) {
    switch (status) {
      case HttpMarks.GATEWAY_TIMEOUT -> stats.gatewayTimeout++;
      case HttpMarks.INTERNAL_ERROR -> stats.internalError++;
      default -> stats.badGateway++;
    }
    stats.failedByCause[cause.index()]++;
    answer(nowNs, row, status, cause, config.errorBytes);
  }

  // ---- pages

  /** Asks for all parts at once; the page is complete with the last of them. */
  private void servePage(long nowNs, int page) {
    int mark = exchanges.mark();
    int bytes = exchanges.bytes();
    exchanges.state(ProxyExchanges.PAGE);
    exchanges.openParts(config.fanOut);
    exchanges.nextPart(TicketTable.NO_ROW);
    exchanges.bytes(0);
    for (int i = 0; i < config.fanOut; i++) {
      addPart(page, mark, bytes);
    }
    exchanges.move(page);
    int part = exchanges.nextPart();
    for (int i = 0; i < config.fanOut; i++) {
      exchanges.move(part);
      int next = exchanges.nextPart();
      tries.serve(nowNs, part);
      part = next;
    }
  }

  private void addPart(int page, int mark, int bytes) {
    exchanges.move(page);
    int next = exchanges.nextPart();
    int part = exchanges.create();
    exchanges.state(ProxyExchanges.PART);
    exchanges.socket(TicketTable.NO_REFERENCE);
    exchanges.bytes(bytes);
    exchanges.begin(mark, tries.most());
    exchanges.page(page);
    exchanges.nextPart(next);
    exchanges.move(page);
    exchanges.nextPart(part);
  }

  /**
   * The part under the cursor is answered; it keeps its row until the page is complete, so that the
   * list holds.
   */
  private void partDone(long nowNs, int status, FailureCause cause, int bytes) {
    int page = exchanges.page();
    exchanges.upstream(TicketTable.NO_ROW);
    exchanges.move(page);
    exchanges.bytes(exchanges.bytes() + bytes);
    if (status != HttpMarks.OK && exchanges.tries() >= 0) {
      // The first failure is the page's: its status is kept where tries are of no more use.
      exchanges.tries(-status);
      exchanges.cause(cause);
    }
    exchanges.openParts(exchanges.openParts() - 1);
    if (exchanges.openParts() == 0) {
      int first = exchanges.tries() < 0 ? -exchanges.tries() : HttpMarks.OK;
      FailureCause why = exchanges.cause();
      int all = exchanges.bytes();
      freeParts(page);
      respond(nowNs, page, first, why, first == HttpMarks.OK ? all : config.errorBytes);
    }
  }

  private void giveUpParts(long nowNs, int page) {
    exchanges.move(page);
    for (int part = exchanges.nextPart(); part != TicketTable.NO_ROW; ) {
      exchanges.move(part);
      int next = exchanges.nextPart();
      if (exchanges.upstream() != TicketTable.NO_ROW) {
        tries.giveUp(nowNs, exchanges.upstream());
      }
      part = next;
    }
    freeParts(page);
  }

  private void freeParts(int page) {
    exchanges.move(page);
    for (int part = exchanges.nextPart(); part != TicketTable.NO_ROW; ) {
      exchanges.move(part);
      int next = exchanges.nextPart();
      freeRow(part);
      part = next;
    }
    exchanges.move(page);
  }
}
