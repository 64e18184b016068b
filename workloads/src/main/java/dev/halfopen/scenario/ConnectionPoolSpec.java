package dev.halfopen.scenario;

/**
 * A connection pool and its driver; times in ns, 0 for none.
 *
 * @param to the database's name, host or group
 * @param minimumIdle -1: as many as the pool may have
 * @param jvmTtlNs -1: for ever
 */
public record ConnectionPoolSpec(
    String to,
    int toPort,
    int maximumPoolSize,
    int minimumIdle,
    long connectionTimeoutNs,
    long validationTimeoutNs,
    long aliveBypassWindowNs,
    long keepaliveTimeNs,
    long maxLifetimeNs,
    long idleTimeoutNs,
    double leak,
    Driver driver,
    long jvmTtlNs,
    long jvmNegativeTtlNs)
    implements AppSpec {
  /** What a pool varies its connections' ends by counts as little as a kernel's choice of ports. */
  @Override
  public boolean isRandom() {
    return leak > 0;
  }

  /** What the driver sets on its sockets. */
  public record Driver(
      long connectTimeoutNs, long socketTimeoutNs, boolean tcpKeepalive, long userTimeoutNs) {}
}
