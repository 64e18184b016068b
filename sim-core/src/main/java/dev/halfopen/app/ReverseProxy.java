package dev.halfopen.app;

import dev.halfopen.engine.RandomStreams;
import dev.halfopen.tcp.Errno;
import dev.halfopen.tcp.Sockets;

/**
 * A reverse proxy as nginx is one: it takes a request from a client connection, chooses an
 * upstream, takes an idle connection from the pool or opens one, and passes the response on once it
 * is complete. A try that failed is repeated at another upstream as far as retryOn, the number of
 * tries and the request's method allow ({@code ngx_http_upstream_next}).
 *
 * <p>Sockets of clients have a positive handle, their exchange row; those of upstreams a negative
 * one.
 */
@SuppressWarnings("NullAway.Init") // start() comes before everything else
public final class ReverseProxy extends Application implements Expiry {
  private static final int TIMER_CONNECT = 1;
  private static final int TIMER_READ = 2;
  private static final int TIMER_CLOSE = 3;
  private static final int TIMER_IDLE = 4;
  private static final int TIMER_CLIENT_IDLE = 5;
  private static final int LISTENER = 0;

  private final ReverseProxyConfig config;
  private final Upstreams upstreams;
  private final ProxyStats stats = new ProxyStats();
  private final boolean askToClose;
  private final int triesMax;
  private long clockPhaseNs;

  private ProxyExchanges exchanges;
  private UpstreamConnections connections;
  private IdlePool pool;
  private Delays connectTimeouts;
  private Delays readTimeouts;
  private Delays closeDelays;
  private Delays idleTimeouts;
  private Delays clientIdleTimeouts;

  public ReverseProxy(ReverseProxyConfig config) {
    this.config = config;
    int n = config.upstreamAddresses.length;
    this.upstreams = new Upstreams(n, config.maxFails, config.failTimeoutSeconds);
    this.askToClose = config.closer != ReverseProxyConfig.Closer.PROXY;
    this.triesMax = config.triesMax > 0 ? config.triesMax : n;
  }

  public ProxyStats stats() {
    return stats;
  }

  /** The most idle upstream connections there have been. */
  public int idlePeak() {
    return pool.peak();
  }

  /** Upstream connections that are open or being opened. */
  public int upstreamConnections() {
    return connections.live();
  }

  @Override
  public void start(long nowNs) {
    AppContext context = context();
    exchanges = new ProxyExchanges(upstreams.count(), context.memory());
    connections = new UpstreamConnections(context.memory());
    pool = new IdlePool(connections, config.idlePool, upstreams.count());
    connectTimeouts =
        Delays.timeout(this, this, connections, config.connectTimeoutNs, TIMER_CONNECT);
    readTimeouts = Delays.timeout(this, this, connections, config.readTimeoutNs, TIMER_READ);
    idleTimeouts = Delays.timeout(this, this, connections, config.idleTimeoutNs, TIMER_IDLE);
    clientIdleTimeouts =
        Delays.timeout(this, this, exchanges, config.clientIdleTimeoutNs, TIMER_CLIENT_IDLE);
    closeDelays =
        new Delays(this, this, connections, config.closeDelay, TIMER_CLOSE, Purposes.CLOSE_DELAY);
    clockPhaseNs =
        config.clockPhaseNs >= 0
            ? config.clockPhaseNs
            : Long.remainderUnsigned(
                RandomStreams.bits(context.seed(), host().id(), Purposes.CLOCK_PHASE, 0),
                ClientFarmConfig.SECOND_NS);
    sockets().listen(config.listenPort, config.listenBacklog, config.listenOptions, LISTENER);
  }

  /** {@code ngx_time()}: the wall clock in whole seconds; starts beyond every fail_timeout. */
  private long clockSeconds(long nowNs) {
    return (nowNs + clockPhaseNs) / ClientFarmConfig.SECOND_NS + 2L * config.failTimeoutSeconds + 2;
  }

  // ---- events

  @Override
  public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {
    if ((bits & Sockets.ACCEPTABLE) != 0) {
      acceptAll(nowNs, (int) socket);
    } else if (handle > 0) {
      exchanges.move(handle);
      if (exchanges.socket() == socket) {
        clientReady(nowNs, handle, bits, mark);
      }
    } else {
      connections.move(-handle);
      if (connections.socket() == socket) {
        upstreamReady(nowNs, -handle, bits, mark, errno);
      }
    }
  }

  @Override
  public void onTimer(long nowNs, int kind, long argument) {
    switch (kind) {
      case TIMER_CONNECT -> connectTimeouts.fired(nowNs, argument);
      case TIMER_READ -> readTimeouts.fired(nowNs, argument);
      case TIMER_CLOSE -> closeDelays.fired(nowNs, argument);
      case TIMER_IDLE -> idleTimeouts.fired(nowNs, argument);
      default -> clientIdleTimeouts.fired(nowNs, argument);
    }
  }

  @Override
  public void expired(long nowNs, int kind, long reference) {
    int row = TicketTable.rowOf(reference);
    if (kind == TIMER_CLIENT_IDLE) {
      exchanges.move(row);
      closeClient(row);
      return;
    }
    connections.move(row);
    switch (kind) {
      case TIMER_CONNECT -> tryFailed(nowNs, row, FailureCause.CONNECT_TIMEOUT, true);
      case TIMER_READ -> readExpired(nowNs, row, reference);
      default -> dismiss(row);
    }
  }

  /** The silence counts from the last bytes; a lane knows only when the request was sent. */
  private void readExpired(long nowNs, int row, long reference) {
    long deadlineNs = connections.sinceNs() + config.readTimeoutNs;
    if (deadlineNs > nowNs) {
      readTimeouts.beginAlone(deadlineNs, reference);
    } else {
      tryFailed(nowNs, row, FailureCause.READ_TIMEOUT, true);
    }
  }

  // ---- clients

  private void acceptAll(long nowNs, int listener) {
    for (; ; ) {
      int row = exchanges.create();
      long socket = sockets().accept(listener, row);
      exchanges.move(row);
      if (socket < 0) {
        freeExchange(row);
        return;
      }
      exchanges.socket(socket);
      exchanges.state(ProxyExchanges.IDLE);
      stats.clientConnections++;
      clientIdleTimeouts.beginAt(nowNs, exchanges.reference());
    }
  }

  private void freeExchange(int row) {
    exchanges.move(row);
    exchanges.state(0);
    exchanges.socket(TicketTable.NO_REFERENCE);
    exchanges.destroy();
  }

  private void clientReady(long nowNs, int row, int bits, int mark) {
    long socket = exchanges.socket();
    if ((bits & Sockets.FAILED) != 0) {
      clientGone(row);
      return;
    }
    if ((bits & Sockets.READABLE) != 0) {
      int n = sockets().receive(socket);
      exchanges.bytes(exchanges.bytes() + Math.max(0, n));
    }
    if ((bits & Sockets.MESSAGE) != 0) {
      stats.requests++;
      exchanges.begin(mark, triesMax);
      serve(nowNs, row);
      exchanges.move(row);
    }
    if ((bits & Sockets.END_OF_STREAM) != 0 && exchanges.socket() == socket) {
      sockets().close(socket);
      clientGone(row);
    }
  }

  /** The client's socket is gone: its request is given up, as nginx does unless told otherwise. */
  private void clientGone(int row) {
    exchanges.move(row);
    int upstream = exchanges.upstream();
    if (upstream != TicketTable.NO_ROW) {
      stats.clientAborts++;
      dismiss(upstream);
    }
    freeExchange(row);
  }

  private void closeClient(int row) {
    sockets().close(exchanges.socket());
    freeExchange(row);
  }

  /** Sends a response to the client of the exchange and makes it wait for the next request. */
  private void answer(long nowNs, int row, int status, FailureCause cause, int bytes) {
    exchanges.move(row);
    int limit = config.clientRequestsPerConnection;
    boolean close = limit > 0 && exchanges.requests() >= limit;
    int mark = HttpMarks.response(status, cause, close);
    exchanges.end();
    int sent = sockets().send(exchanges.socket(), bytes, mark);
    exchanges.move(row);
    if (sent < 0 || close) {
      closeClient(row);
    } else {
      clientIdleTimeouts.beginAt(nowNs, exchanges.reference());
    }
  }

  private void answerFailure(long nowNs, int row, int status, FailureCause cause) {
    if (status == HttpMarks.GATEWAY_TIMEOUT) {
      stats.gatewayTimeout++;
    } else {
      stats.badGateway++;
    }
    stats.failedByCause[cause.index()]++;
    answer(nowNs, row, status, cause, config.errorBytes);
  }

  // ---- tries

  /** Tries upstreams until one has been asked or the request has failed. */
  private void serve(long nowNs, int row) {
    for (; ; ) {
      exchanges.move(row);
      int peer = upstreams.choose(clockSeconds(nowNs), exchanges);
      if (peer == Upstreams.NONE) {
        stats.noLiveUpstreams++;
        FailureCause own = exchanges.cause();
        FailureCause root = own == FailureCause.NONE ? upstreams.downCause() : own;
        answerFailure(nowNs, row, HttpMarks.BAD_GATEWAY, root);
        return;
      }
      int errno = pool.size() > 0 ? reuse(nowNs, row, peer) : Errno.EAGAIN;
      boolean cached = errno != Errno.EAGAIN;
      if (!cached) {
        errno = connect(nowNs, row, peer);
      }
      if (errno == Errno.NONE) {
        return;
      }
      FailureCause cause = FailureCause.ofErrno(errno);
      if (!mayRetry(nowNs, row, peer, cause, false, cached, cached)) {
        answerFailure(nowNs, row, HttpMarks.BAD_GATEWAY, cause);
        return;
      }
    }
  }

  /**
   * @return 0 if the request went out on a pooled connection, EAGAIN if there is none, else the
   *     error
   */
  private int reuse(long nowNs, int row, int peer) {
    int upstream = pool.take(peer);
    if (upstream == TicketTable.NO_ROW) {
      return Errno.EAGAIN;
    }
    connections.move(upstream);
    connections.exchange(row);
    connections.setFlag(UpstreamConnections.F_CACHED);
    exchanges.upstream(upstream);
    stats.reused++;
    int errno = sendRequest(nowNs, upstream, row);
    if (errno != Errno.NONE) {
      exchanges.upstream(TicketTable.NO_ROW);
      dismiss(upstream);
    }
    return errno;
  }

  /**
   * @return 0 if a connection is being opened, else the error
   */
  private int connect(long nowNs, int row, int peer) {
    int upstream = connections.create();
    connections.peer(peer);
    connections.exchange(row);
    connections.enter(UpstreamConnections.CONNECTING);
    long socket =
        sockets()
            .connect(
                host().firstAddress(),
                config.upstreamAddresses[peer],
                config.upstreamPort,
                config.upstreamOptions,
                -upstream);
    connections.move(upstream);
    connections.socket(socket);
    if (socket < 0) {
      freeConnection(upstream);
      return (int) -socket;
    }
    stats.opened++;
    exchanges.upstream(upstream);
    connectTimeouts.beginAt(nowNs, connections.reference());
    return Errno.NONE;
  }

  /**
   * @return 0 or the error
   */
  private int sendRequest(long nowNs, int upstream, int row) {
    exchanges.move(row);
    connections.enter(UpstreamConnections.BUSY);
    connections.clearFlag(UpstreamConnections.F_END_SEEN);
    connections.setFlag(UpstreamConnections.F_SENT);
    connections.bytes(0);
    connections.sinceNs(nowNs);
    connections.requests(connections.requests() + 1);
    readTimeouts.beginAt(nowNs, connections.reference());
    int mark = HttpMarks.withClose(exchanges.mark(), askToClose);
    int sent = sockets().send(connections.socket(), exchanges.bytes(), mark);
    connections.move(upstream);
    return sent < 0 ? -sent : Errno.NONE;
  }

  /**
   * {@code ngx_http_upstream_next}: books a failed try and says whether there may be another.
   *
   * @param cached the connection came from the pool: such a failure costs no try
   * @param requestSent a POST that may have been executed is not repeated
   */
  private boolean mayRetry(
      long nowNs,
      int row,
      int peer,
      FailureCause cause,
      boolean timeout,
      boolean cached,
      boolean requestSent) {
    exchanges.move(row);
    stats.peerFailures[cause.index()]++;
    upstreams.failed(peer, clockSeconds(nowNs), cause);
    exchanges.cause(cause);
    int tries = upstreams.isSingle() ? 0 : exchanges.tries() - 1;
    if (cached && !timeout) {
      tries++;
    }
    exchanges.tries(tries);
    boolean wanted = timeout ? config.retryOnTimeout : config.retryOnError;
    boolean repeatable = !(requestSent && HttpMarks.isPost(exchanges.mark()));
    boolean retry = tries > 0 && wanted && repeatable;
    if (retry) {
      stats.retries++;
    }
    return retry;
  }

  /** The try that the upstream connection stood for has failed. */
  private void tryFailed(long nowNs, int upstream, FailureCause cause, boolean timeout) {
    connections.move(upstream);
    int row = connections.exchange();
    int peer = connections.peer();
    boolean cached = connections.flag(UpstreamConnections.F_CACHED);
    boolean sent = connections.flag(UpstreamConnections.F_SENT);
    exchanges.move(row);
    exchanges.upstream(TicketTable.NO_ROW);
    dismiss(upstream);
    if (mayRetry(nowNs, row, peer, cause, timeout, cached, sent)) {
      serve(nowNs, row);
    } else {
      int status = timeout ? HttpMarks.GATEWAY_TIMEOUT : HttpMarks.BAD_GATEWAY;
      answerFailure(nowNs, row, status, cause);
    }
  }

  // ---- upstream connections

  private void upstreamReady(long nowNs, int upstream, int bits, int mark, int errno) {
    long socket = connections.socket();
    if ((bits & Sockets.FAILED) != 0) {
      upstreamFailed(nowNs, upstream, errno);
      return;
    }
    boolean ended = (bits & Sockets.END_OF_STREAM) != 0;
    if (ended) {
      connections.setFlag(UpstreamConnections.F_END_SEEN);
    }
    if ((bits & Sockets.CONNECTED) != 0 && !sendFirst(nowNs, upstream)) {
      return;
    }
    if ((bits & Sockets.READABLE) != 0) {
      int n = sockets().receive(socket);
      connections.bytes(connections.bytes() + Math.max(0, n));
      connections.sinceNs(nowNs);
    }
    if ((bits & Sockets.MESSAGE) != 0 && connections.state() == UpstreamConnections.BUSY) {
      responded(nowNs, upstream, mark);
      connections.move(upstream);
    }
    if (ended && connections.socket() == socket) {
      upstreamEnded(nowNs, upstream);
    }
  }

  private boolean sendFirst(long nowNs, int upstream) {
    int errno = sendRequest(nowNs, upstream, connections.exchange());
    if (errno != Errno.NONE) {
      tryFailed(nowNs, upstream, FailureCause.ofErrno(errno), false);
    }
    return errno == Errno.NONE;
  }

  /** The response is complete: the client gets it, the connection is kept or closed. */
  private void responded(long nowNs, int upstream, int mark) {
    int row = connections.exchange();
    int bytes = connections.bytes();
    upstreams.succeeded(connections.peer());
    stats.answered++;
    answer(nowNs, row, HttpMarks.status(mark), HttpMarks.cause(mark), bytes);
    connections.move(upstream);
    connections.exchange(TicketTable.NO_ROW);
    if (isKept(mark)) {
      keep(nowNs, upstream);
    } else if (!askToClose) {
      dismiss(upstream);
    } else if (config.closer == ReverseProxyConfig.Closer.RACE && !closeDelays.isZero()) {
      connections.enter(UpstreamConnections.CLOSING);
      closeDelays.begin(nowNs, connections.reference());
    } else if (config.closer == ReverseProxyConfig.Closer.RACE) {
      dismiss(upstream);
    } else {
      connections.enter(UpstreamConnections.CLOSING);
    }
  }

  private boolean isKept(int mark) {
    int limit = config.requestsPerConnection;
    return !askToClose
        && config.idlePool > 0
        && !HttpMarks.isClose(mark)
        && !connections.flag(UpstreamConnections.F_END_SEEN)
        && (limit == 0 || connections.requests() < limit);
  }

  private void keep(long nowNs, int upstream) {
    if (pool.isFull()) {
      dismiss(pool.oldest());
      connections.move(upstream);
    }
    connections.enter(UpstreamConnections.IDLE);
    pool.add(upstream, connections.peer());
    idleTimeouts.beginAt(nowNs, connections.reference());
  }

  /** The upstream's FIN has come. In a race the proxy still takes its time to close. */
  private void upstreamEnded(long nowNs, int upstream) {
    switch (connections.state()) {
      case UpstreamConnections.CLOSING -> {
        if (config.closer != ReverseProxyConfig.Closer.RACE) {
          dismiss(upstream);
        }
      }
      case UpstreamConnections.IDLE -> dismiss(upstream);
      default -> tryFailed(nowNs, upstream, FailureCause.PREMATURE_CLOSE, false);
    }
  }

  private void upstreamFailed(long nowNs, int upstream, int errno) {
    int was = connections.state();
    connections.socket(TicketTable.NO_REFERENCE);
    if (was == UpstreamConnections.CONNECTING || was == UpstreamConnections.BUSY) {
      tryFailed(nowNs, upstream, FailureCause.ofErrno(errno), false);
    } else {
      dismiss(upstream);
    }
  }

  /** Closes the connection, if it still is one, counts who was first, and frees the row. */
  private void dismiss(int upstream) {
    connections.move(upstream);
    if (connections.state() == UpstreamConnections.IDLE) {
      pool.remove(upstream, connections.peer());
    }
    if (!sockets().isOpen(connections.socket())) {
      stats.closesByError++;
    } else {
      if (connections.flag(UpstreamConnections.F_END_SEEN)) {
        stats.closesByUpstream++;
      } else {
        stats.closesByProxy++;
      }
      sockets().close(connections.socket());
    }
    freeConnection(upstream);
  }

  private void freeConnection(int upstream) {
    connections.move(upstream);
    connections.enter(0);
    connections.socket(TicketTable.NO_REFERENCE);
    connections.destroy();
  }
}
