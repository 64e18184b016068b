package dev.halfopen.app;

import dev.halfopen.tcp.Errno;
import dev.halfopen.tcp.Sockets;

/**
 * The upstream side of a {@link ReverseProxy}: chooses an upstream for a request, takes an idle
 * connection from the pool or opens one, and keeps or closes it afterwards. A try that failed is
 * repeated at another upstream as far as retryOn, the number of tries and the request's method
 * allow ({@code ngx_http_upstream_next}).
 */
@SuppressWarnings("NullAway.Init") // start() comes before everything else
final class UpstreamTries implements Expiry {
  private final ReverseProxy proxy;
  private final ReverseProxyConfig config;
  private final Upstreams upstreams;
  private final ProxyStats stats;
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

  UpstreamTries(ReverseProxy proxy, ReverseProxyConfig config, ProxyStats stats) {
    this.proxy = proxy;
    this.config = config;
    this.stats = stats;
    int n = config.upstreamAddresses.length;
    this.upstreams = new Upstreams(n, config.maxFails, config.failTimeoutSeconds);
    this.askToClose = config.closer != ReverseProxyConfig.Closer.PROXY;
    this.triesMax = config.triesMax > 0 ? config.triesMax : n;
  }

  void attached(ProxyExchanges requests, long phaseNs) {
    exchanges = requests;
    clockPhaseNs = phaseNs;
    connections = new UpstreamConnections(proxy.context().memory());
    pool = new IdlePool(connections, config.idlePool, upstreams.count());
    connectTimeouts = timeout(config.connectTimeoutNs, ReverseProxy.TIMER_CONNECT);
    readTimeouts = timeout(config.readTimeoutNs, ReverseProxy.TIMER_READ);
    idleTimeouts = timeout(config.idleTimeoutNs, ReverseProxy.TIMER_IDLE);
    closeDelays =
        new Delays(
            proxy,
            this,
            connections,
            config.closeDelay,
            ReverseProxy.TIMER_CLOSE,
            Purposes.CLOSE_DELAY);
  }

  void start() {
    connections.forgetAll();
    pool.clear();
    connectTimeouts.restart();
    readTimeouts.restart();
    idleTimeouts.restart();
    closeDelays.restart();
  }

  /** The proxy's process has ended: what it knew of its upstreams went with it. */
  void forget() {
    upstreams.forget();
  }

  private Delays timeout(long ns, int kind) {
    return Delays.timeout(proxy, this, connections, ns, kind);
  }

  private Sockets sockets() {
    return proxy.context().sockets();
  }

  /** Tries of a request, at most. */
  int most() {
    return triesMax;
  }

  int idlePeak() {
    return pool.peak();
  }

  int live() {
    return connections.live();
  }

  /** {@code ngx_time()}: the wall clock in whole seconds; starts beyond every fail_timeout. */
  private long clockSeconds(long nowNs) {
    return (nowNs + clockPhaseNs) / ClientFarmConfig.SECOND_NS + 2L * config.failTimeoutSeconds + 2;
  }

  // ---- events

  void onReady(long nowNs, long socket, int upstream, int bits, int mark, int errno) {
    connections.move(upstream);
    if (connections.socket() == socket) {
      upstreamReady(nowNs, upstream, bits, mark, errno);
    }
  }

  void onTimer(long nowNs, int kind, long argument) {
    switch (kind) {
      case ReverseProxy.TIMER_CONNECT -> connectTimeouts.fired(nowNs, argument);
      case ReverseProxy.TIMER_READ -> readTimeouts.fired(nowNs, argument);
      case ReverseProxy.TIMER_CLOSE -> closeDelays.fired(nowNs, argument);
      default -> idleTimeouts.fired(nowNs, argument);
    }
  }

  @Override
  public void expired(long nowNs, int kind, long reference) {
    int row = TicketTable.rowOf(reference);
    connections.move(row);
    switch (kind) {
      case ReverseProxy.TIMER_CONNECT -> tryFailed(nowNs, row, FailureCause.CONNECT_TIMEOUT, true);
      case ReverseProxy.TIMER_READ -> readExpired(nowNs, row, reference);
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

  // ---- tries

  /** Tries upstreams until one has been asked or the request has failed. */
  void serve(long nowNs, int row) {
    for (; ; ) {
      exchanges.move(row);
      int peer = upstreams.choose(clockSeconds(nowNs), exchanges);
      if (peer == Upstreams.NONE) {
        stats.noLiveUpstreams++;
        FailureCause own = exchanges.cause();
        FailureCause root = own == FailureCause.NONE ? upstreams.downCause() : own;
        proxy.answerFailure(nowNs, row, HttpMarks.BAD_GATEWAY, root);
        return;
      }
      int errno = pool.size() > 0 ? reuse(nowNs, row, peer) : Errno.EAGAIN;
      boolean cached = errno != Errno.EAGAIN;
      if (!cached) {
        FailureCause none = proxy.openUpstream(nowNs);
        exchanges.move(row);
        if (none != FailureCause.NONE) {
          // Its own shortage, not the server's: ngx_event_connect_peer fails, and no other is
          // tried.
          proxy.answerFailure(nowNs, row, HttpMarks.INTERNAL_ERROR, none);
          return;
        }
        errno = connect(nowNs, row, peer);
      }
      if (errno == Errno.NONE) {
        return;
      }
      FailureCause cause = FailureCause.ofErrno(errno);
      if (!mayRetry(nowNs, row, peer, cause, false, cached, cached)) {
        stats.lost(peer, cause, nowNs);
        proxy.answerFailure(nowNs, row, HttpMarks.BAD_GATEWAY, cause);
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
                proxy.context().host().firstAddress(),
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
    boolean repeatable =
        config.retryNonIdempotent || !(requestSent && HttpMarks.isPost(exchanges.mark()));
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
    long sinceNs = sentNs(nowNs);
    exchanges.move(row);
    exchanges.upstream(TicketTable.NO_ROW);
    dismiss(upstream);
    if (mayRetry(nowNs, row, peer, cause, timeout, cached, sent)) {
      serve(nowNs, row);
    } else {
      stats.lost(peer, cause, sinceNs);
      int status = timeout ? HttpMarks.GATEWAY_TIMEOUT : HttpMarks.BAD_GATEWAY;
      proxy.answerFailure(nowNs, row, status, cause);
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
    proxy.answer(nowNs, row, HttpMarks.status(mark), HttpMarks.cause(mark), bytes);
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

  /** The client of the connection's request has gone. */
  void giveUp(long nowNs, int upstream) {
    connections.move(upstream);
    stats.lost(connections.peer(), FailureCause.CLIENT_TIMEOUT, sentNs(nowNs));
    dismiss(upstream);
  }

  /** When the request of the connection under the cursor was sent; now, if it has not been. */
  private long sentNs(long nowNs) {
    return connections.flag(UpstreamConnections.F_SENT) ? connections.sinceNs() : nowNs;
  }

  /** Requests that wait for their upstreams. */
  void tellWaits(Waits waits) {
    for (int row = 1; row <= connections.highWater(); row++) {
      connections.move(row);
      boolean connecting = connections.state() == UpstreamConnections.CONNECTING;
      if (connecting || connections.state() == UpstreamConnections.BUSY) {
        int n = sockets().timeouts(connections.socket());
        waits.on(config.upstreamAddresses[connections.peer()], connecting, n);
      }
    }
  }

  /** Closes the connection, if it still is one, counts who was first, and frees the row. */
  void dismiss(int upstream) {
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
    proxy.closedOne();
    connections.move(upstream);
    connections.release();
  }
}
