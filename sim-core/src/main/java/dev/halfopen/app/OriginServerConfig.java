package dev.halfopen.app;

import dev.halfopen.tcp.SocketOptions;

/** What an {@link OriginServer} does. Set before the world is built. */
public final class OriginServerConfig {
  public int listenPort = 8080;
  public int listenBacklog = 511;

  /** From the complete request to the response. */
  public Distribution serviceTime = Distribution.constant(0);

  /** Size of a response for which the request names none. */
  public Distribution responseBytes = Distribution.constant(1000);

  /** From the response to close(), where the request said "Connection: close". */
  public Distribution finDelay = Distribution.constant(0);

  /** Requests after which the server closes the connection with its response; 0: no limit. */
  public int requestsPerConnection;

  /** Idle time after which the server closes a connection; 0: never. */
  public long idleTimeoutNs;

  public SocketOptions listenOptions = SocketOptions.DEFAULT;
}
