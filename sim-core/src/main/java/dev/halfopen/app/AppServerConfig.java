package dev.halfopen.app;

import dev.halfopen.tcp.SocketOptions;
import java.util.ArrayList;
import java.util.List;

/** What an {@link AppServer} does with a request. Set before the world is built. */
public final class AppServerConfig {
  public int listenPort = 8080;
  public int listenBacklog = 100;

  /** Listening sockets on the port, by SO_REUSEPORT where more than one; each its own queues. */
  public int listeners = 1;

  /** From one accept() on a listener to the next; 0: whatever waits is taken at once. */
  public Distribution acceptTime = Distribution.constant(0);

  /** Threads: requests that are served at once; others wait. 0: no limit. */
  public int workers = 200;

  /** Clients' connections open at the same time, as {@link OriginServerConfig} has it; 0: any. */
  public int connectionsMax;

  /**
   * Open files, sockets of clients and of pools together (RLIMIT_NOFILE of the process). At the
   * limit accept() fails and is tried again later, and a pool's socket() fails. 0: no limit.
   */
  public int openFilesMax;

  /** Requests after which the server closes the connection with its response; 0: no limit. */
  public int requestsPerConnection;

  /** From the response to close(), where the request said "Connection: close". */
  public Distribution finDelay = Distribution.constant(0);

  /** Idle time after which the server closes a client's connection; 0: never. */
  public long idleTimeoutNs = 60 * ClientFarmConfig.SECOND_NS;

  /** Size of a response for which the request names none. */
  public int responseBytes = 1000;

  public final List<DataSource> pools = new ArrayList<>();

  /** What a request does, one after the other. */
  final List<Step> steps = new ArrayList<>();

  public SocketOptions listenOptions = DatabaseConfig.listenOptions(false);

  /** A step of a request: computing, or queries on one connection of a pool. */
  static final class Step {
    final Distribution cpu;
    final int pool;
    final int times;
    final boolean write;

    Step(Distribution cpu, int pool, int times, boolean write) {
      this.cpu = cpu;
      this.pool = pool;
      this.times = times;
      this.write = write;
    }
  }

  /** The request computes for a while; cores are not limited. */
  public AppServerConfig cpu(Distribution ns) {
    steps.add(new Step(ns, -1, 0, false));
    return this;
  }

  /** The request borrows a connection, sends so many queries on it and gives it back. */
  public AppServerConfig query(int pool, int times, boolean write) {
    steps.add(new Step(Distribution.constant(0), pool, times, write));
    return this;
  }
}
