package dev.halfopen.app;

/**
 * A connection pool as the applications of its host know it. It does nothing by itself: the {@link
 * AppServer} that names it opens its connections, in the same process.
 */
public final class DataSource extends Application {
  private final PoolConfig config;
  private final PoolStats stats = new PoolStats();

  public DataSource(PoolConfig config) {
    this.config = config;
  }

  PoolConfig config() {
    return config;
  }

  /** Connections that the pool may have. */
  public int sizeMax() {
    return config.maximumPoolSize;
  }

  public PoolStats stats() {
    return stats;
  }

  @Override
  public void start(long nowNs) {}

  @Override
  public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {
    throw new IllegalStateException("its sockets belong to the application that uses it");
  }

  @Override
  public boolean readsAtOnce() {
    return true;
  }

  @Override
  public void onTimer(long nowNs, int kind, long argument) {
    throw new IllegalStateException("its timers belong to the application that uses it");
  }
}
