package dev.halfopen.app;

import dev.halfopen.tcp.SocketOptions;

/** What a {@link Database} does; the defaults are PostgreSQL's. Set before the world is built. */
public final class DatabaseConfig {
  public int listenPort = 5432;
  public int listenBacklog = 200;

  /** max_connections. */
  public int maxConnections = 100;

  /** superuser_reserved_connections: not for applications. */
  public int reservedConnections = 3;

  /** From the query to its result. */
  public Distribution queryTime = Distribution.exponential(4e6);

  public int resultBytes = 400;

  /** A standby answers reads and refuses writes. */
  public boolean standby;

  /** SO_KEEPALIVE and SO_REUSEADDR, as PostgreSQL sets them on what it accepts. */
  public SocketOptions listenOptions = listenOptions(true);

  /** Options of the listener with or without SO_KEEPALIVE. */
  public static SocketOptions listenOptions(boolean keepalive) {
    SocketOptions o = new SocketOptions();
    o.reuseAddress = true;
    o.noDelay = true;
    o.keepalive = keepalive;
    return o;
  }
}
