package dev.halfopen.scenario;

/**
 * A server that answers each request after a service time.
 *
 * @param idleTimeoutNs closes a connection that idles this long; 0: never
 * @param requestsPerConnection closes after these; 0: no limit
 * @param tcpKeepalive SO_KEEPALIVE on what it accepts
 */
public record HttpServerSpec(
    int port,
    int backlog,
    LimitsSpec limits,
    TimeSpec serviceTime,
    long idleTimeoutNs,
    int requestsPerConnection,
    boolean tcpKeepalive)
    implements AppSpec {
  @Override
  public boolean isRandom() {
    return serviceTime.isRandom();
  }
}
