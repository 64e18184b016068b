package dev.halfopen.app;

import dev.halfopen.tcp.SocketOptions;

/** What {@link HeldConnections} opens, holds and sends. Set before the world is built. */
public final class HeldConnectionsConfig {
  /** A page's connections at the most: the number of each takes 7 bits. */
  public static final int PER_REQUEST_MOST = 128;

  /** Name, rate, arrivals and sizes of the requests, which begin once all connections are open. */
  public final ClientFarmConfig requests = new ClientFarmConfig();

  /** Servers in turn: connection i goes to the i-th, modulo their number. */
  public int[] serverAddresses = {};

  public int serverPort = 80;

  /** A multiple of {@link #perRequest}. */
  public int connections = 1000;

  public long opensPerSecond = 1000;

  /**
   * Connections, one beside the other, on which a request is sent; it ends with its last answer.
   */
  public int perRequest = 1;

  public SocketOptions socketOptions = SocketOptions.DEFAULT;
}
