package dev.halfopen.app;

import dev.halfopen.tcp.SocketOptions;

/** What a {@link ReverseProxy} does; the defaults are nginx's. Set before the world is built. */
public final class ReverseProxyConfig {
  /** Which nginx configuration decides who closes an upstream connection first. */
  public enum Closer {
    /** HTTP/1.1 with an empty Connection header: the proxy, once the response is complete. */
    PROXY,

    /** "Connection: close" and a proxy that waits for the end of the stream. */
    UPSTREAM,

    /**
     * HTTP/1.0, nginx's default before 1.30: the upstream closes after its response and the proxy
     * as soon as it has handled the response ({@link #closeDelay}); whoever is first.
     */
    RACE
  }

  /**
   * Measured (O11): the proxy wins 12 % of the races (9.4 and 12.3 % in two runs). Two exponential
   * delays race, so that share is {@code fin / (fin + close)} of their means.
   */
  public static final double RACE_CLOSE_MEAN_NS = 220_000;

  /** The mean of the upstream's delay between response and FIN in that race. */
  public static final double RACE_FIN_MEAN_NS = 30_000;

  public int listenPort = 80;
  public int listenBacklog = 511;

  /** Listening sockets on the port, by SO_REUSEPORT where more than one; each its own queues. */
  public int listeners = 1;

  /** From one accept() to the next; 0: whatever waits is taken at once. */
  public Distribution acceptTime = Distribution.constant(0);

  /**
   * Connections open at the same time on both sides, over all workers (nginx: {@code
   * worker_connections} times the workers). At the limit the client connection idle longest makes
   * room; where none is idle a new one is closed at once, and a request that would need one towards
   * an upstream fails with 500. 0: no limit.
   */
  public int connectionsMax;

  /**
   * Open files for connections. At the limit accept() fails and is tried again after 0.5 s, and
   * socket() fails, so that the request does, with 500. 0: no limit.
   */
  public int openFilesMax;

  /** Upstream requests that one request of a client is made of, all asked for at once. */
  public int fanOut = 1;

  /** Addresses of the upstream servers, in configuration order; all on {@link #upstreamPort}. */
  public int[] upstreamAddresses = {};

  public int upstreamPort = 8080;

  public Closer closer = Closer.PROXY;

  /** Idle upstream connections kept over all upstreams (nginx: {@code keepalive}); 0: none. */
  public int idlePool;

  /** Idle time after which a kept upstream connection is closed; 0: never. */
  public long idleTimeoutNs = 60 * ClientFarmConfig.SECOND_NS;

  /** Requests after which an upstream connection is not kept (nginx: 1000); 0: no limit. */
  public int requestsPerConnection = 1000;

  /** Failures that take an upstream down for {@link #failTimeoutSeconds}; 0: never down. */
  public int maxFails = 1;

  /**
   * Compared, as nginx does it, in whole seconds of the host's clock: over 10 s means 10 to 11 s.
   */
  public int failTimeoutSeconds = 10;

  /** Where in its second the host's clock stands at time 0, ns; -1: drawn from the seed. */
  public long clockPhaseNs = -1;

  public boolean retryOnError = true;
  public boolean retryOnTimeout = true;

  /** Whether a POST that may have been executed is tried again too (nginx: non_idempotent). */
  public boolean retryNonIdempotent;

  /** Tries of a request over all upstreams; 0: as many as there are upstreams. */
  public int triesMax;

  public long connectTimeoutNs = 60 * ClientFarmConfig.SECOND_NS;

  /** Longest silence of an upstream that owes a response; 0: unlimited. */
  public long readTimeoutNs = 60 * ClientFarmConfig.SECOND_NS;

  /** In a {@link Closer#RACE}: from the complete response to the proxy's close(). */
  public Distribution closeDelay = Distribution.exponential(RACE_CLOSE_MEAN_NS);

  /** Requests after which the proxy closes a client connection; 0: no limit. */
  public int clientRequestsPerConnection;

  /** Idle time after which the proxy closes a client connection; 0: never. */
  public long clientIdleTimeoutNs;

  /** Size of nginx's own 502 and 504 pages with their header. */
  public int errorBytes = 312;

  public SocketOptions listenOptions = SocketOptions.DEFAULT;
  public SocketOptions upstreamOptions = SocketOptions.DEFAULT;
}
