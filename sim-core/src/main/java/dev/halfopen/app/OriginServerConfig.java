package dev.halfopen.app;

import dev.halfopen.tcp.SocketOptions;

/** What an {@link OriginServer} does. Set before the world is built. */
public final class OriginServerConfig {
  public int listenPort = 8080;
  public int listenBacklog = 511;

  /** Listening sockets on the port, by SO_REUSEPORT where more than one; each its own queues. */
  public int listeners = 1;

  /** From one accept() on a listener to the next; 0: whatever waits is taken at once. */
  public Distribution acceptTime = Distribution.constant(0);

  /**
   * Requests served at the same time, by a thread each, which does not notice when its client goes
   * away; others wait in the order of their coming. 0: no limit.
   */
  public int workers;

  /**
   * Connections open at the same time. At the limit the one idle longest makes room for a new one,
   * which is accepted and closed at once where none is idle ({@code ngx_get_connection}). 0: no
   * limit.
   */
  public int connectionsMax;

  /** Open files for connections; at the limit accept() fails and is tried again later. 0: none. */
  public int openFilesMax;

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
