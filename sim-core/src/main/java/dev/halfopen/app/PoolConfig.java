package dev.halfopen.app;

import dev.halfopen.tcp.SocketOptions;

/**
 * A connection pool and its driver; the defaults are those of HikariCP 6 and pgjdbc 42. Set before
 * the world is built.
 */
public final class PoolConfig {
  private static final long SECOND_NS = ClientFarmConfig.SECOND_NS;

  /** Where the database is, if no resolver is asked. */
  public int serverAddress;

  public int serverPort = 5432;

  /** The resolver's address; 0: none, {@link #serverAddress} counts. */
  public int resolverAddress;

  /** The number that {@link DnsServerConfig#name} gave the database's name. */
  public int name;

  /** networkaddress.cache.ttl; -1: for ever; 0: not at all. */
  public long jvmTtlNs = 30 * SECOND_NS;

  /** networkaddress.cache.negative.ttl. */
  public long jvmNegativeTtlNs = 10 * SECOND_NS;

  public int maximumPoolSize = 10;

  /** Idle connections that the pool keeps ready; -1: as many as it may have. */
  public int minimumIdle = -1;

  /** How long a request waits for a connection; also the driver's login timeout. */
  public long connectionTimeoutNs = 30 * SECOND_NS;

  public long validationTimeoutNs = 5 * SECOND_NS;

  /** A connection that was used less long ago is handed out unchecked. */
  public long aliveBypassWindowNs = SECOND_NS / 2;

  /** Idle connections are asked about that often; 0: never. */
  public long keepaliveTimeNs = 120 * SECOND_NS;

  /** A connection that is older is closed when it is idle; 0: never. */
  public long maxLifetimeNs = 1800 * SECOND_NS;

  /** Of idle connections beyond the least number; 0: never. */
  public long idleTimeoutNs = 600 * SECOND_NS;

  /** Borrowings in a million that are never given back. */
  public int leaksPerMillion;

  /** The driver's limit of connect(); 0: none but the kernel's. */
  public long connectTimeoutNs = 10 * SECOND_NS;

  /** The driver's limit of a read; 0: none. */
  public long socketTimeoutNs;

  /** The driver's tcpKeepAlive and TCP_USER_TIMEOUT. */
  public SocketOptions socketOptions = driver(false, 0);

  public int queryBytes = 120;

  /**
   * Socket options of the driver.
   *
   * @param tcpKeepalive SO_KEEPALIVE
   * @param userTimeoutMs TCP_USER_TIMEOUT; 0: none
   */
  public static SocketOptions driver(boolean tcpKeepalive, int userTimeoutMs) {
    SocketOptions o = new SocketOptions();
    o.noDelay = true;
    o.keepalive = tcpKeepalive;
    o.userTimeoutMs = userTimeoutMs;
    return o;
  }

  int minimumIdle() {
    return minimumIdle < 0 ? maximumPoolSize : Math.min(minimumIdle, maximumPoolSize);
  }
}
