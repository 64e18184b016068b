package dev.halfopen.scenario;

import java.util.Set;

/**
 * A reverse proxy as nginx is one.
 *
 * @param clientIdleTimeoutNs closes a client's connection that idles this long; 0: never
 * @param clientRequestsPerConnection closes a client's connection after these; 0: no limit
 * @param clientTcpKeepalive SO_KEEPALIVE on what it accepts, nginx's so_keepalive
 * @param fanOut upstream requests that a request of a client is made of
 */
public record ReverseProxySpec(
    int port,
    int backlog,
    long clientIdleTimeoutNs,
    int clientRequestsPerConnection,
    boolean clientTcpKeepalive,
    LimitsSpec limits,
    int fanOut,
    UpstreamSide upstream)
    implements AppSpec {
  @Override
  public boolean isRandom() {
    return upstream.closer() == Closer.RACE;
  }

  /**
   * How a proxy treats its servers.
   *
   * @param toGroup the group of hosts, served in turn
   * @param idlePool idle connections that each worker keeps; 0: none is used twice
   * @param requestsPerConnection the proxy closes a connection after these
   * @param maxFails failures within {@code failTimeoutNs} that take a server out for that long; 0:
   *     never
   * @param tcpKeepalive SO_KEEPALIVE on its connections, nginx's proxy_socket_keepalive
   */
  public record UpstreamSide(
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
      Set<RetryOn> retryOn,
      boolean tcpKeepalive) {}

  /** Who closes an upstream connection that is not kept. */
  public enum Closer {
    /** HTTP/1.1 with an empty Connection header and no pool: the proxy, as soon as it has all. */
    PROXY,
    /** The proxy waits for the end of the stream: the server always. */
    UPSTREAM,
    /** {@code Connection: close}: both, as soon as each is done. */
    RACE
  }

  /** What makes a proxy try the next server. */
  public enum RetryOn {
    ERROR,
    TIMEOUT,
    /** POSTs too, though the server may have executed them. */
    NON_IDEMPOTENT
  }
}
