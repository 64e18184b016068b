package dev.halfopen.scenario;

import java.util.Set;

/** What runs on a host. */
public sealed interface AppSpec {
  /** The port it listens on. */
  int port();

  /** What it passes to listen(). */
  int backlog();

  /**
   * A reverse proxy as nginx is one.
   *
   * @param clientIdleTimeoutNs closes a client's connection that idles this long; 0: never
   * @param clientRequestsPerConnection closes a client's connection after these; 0: no limit
   * @param fanOut upstream requests that a request of a client is made of
   */
  record ReverseProxy(
      int port,
      int backlog,
      long clientIdleTimeoutNs,
      int clientRequestsPerConnection,
      LimitsSpec limits,
      int fanOut,
      UpstreamSide upstream)
      implements AppSpec {}

  /**
   * How a proxy treats its servers.
   *
   * @param toGroup the group of hosts, served in turn
   * @param idlePool idle connections that each worker keeps; 0: none is used twice
   * @param requestsPerConnection the proxy closes a connection after these
   * @param maxFails failures within {@code failTimeoutNs} that take a server out for that long; 0:
   *     never
   */
  record UpstreamSide(
      String toGroup,
      int toPort,
      Closer closer,
      int idlePool,
      int requestsPerConnection,
      long idleTimeoutNs,
      long connectTimeoutNs,
      long readTimeoutNs,
      int maxFails,
      long failTimeoutNs,
      Set<RetryOn> retryOn) {}

  /** Who closes an upstream connection that is not kept. */
  enum Closer {
    /** HTTP/1.1 with an empty Connection header and no pool: the proxy, as soon as it has all. */
    PROXY,
    /** The proxy waits for the end of the stream: the server always. */
    UPSTREAM,
    /** {@code Connection: close}: both, as soon as each is done. */
    RACE
  }

  /** What makes a proxy try the next server. */
  enum RetryOn {
    ERROR,
    TIMEOUT,
    /** POSTs too, though the server may have executed them. */
    NON_IDEMPOTENT
  }

  /**
   * A server that answers each request after a service time.
   *
   * @param idleTimeoutNs closes a connection that idles this long; 0: never
   * @param requestsPerConnection closes after these; 0: no limit
   */
  record HttpServer(
      int port,
      int backlog,
      LimitsSpec limits,
      ServiceTime serviceTime,
      long idleTimeoutNs,
      int requestsPerConnection)
      implements AppSpec {}

  /**
   * How long a server thinks.
   *
   * @param ns the constant, the mean of the exponential, the median of the log-normal
   * @param p99Ns of the log-normal; 0 elsewhere
   */
  record ServiceTime(Distribution distribution, long ns, long p99Ns) {}

  /** The shape of a service time. */
  enum Distribution {
    CONSTANT,
    EXPONENTIAL,
    LOG_NORMAL
  }
}
