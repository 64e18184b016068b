package dev.halfopen.scenario;

import dev.halfopen.tcp.SocketOptions;

/**
 * What bounds a server or proxy; 0: no limit.
 *
 * @param workers processes or threads
 * @param connectionsPerWorker of an event-driven worker; 0: a worker is a thread that serves one
 *     request at a time
 * @param openFiles of each worker
 * @param listeners sockets on the port, by SO_REUSEPORT where more than one
 * @param acceptTime from one accept() to the next
 */
public record LimitsSpec(
    int workers, int connectionsPerWorker, int openFiles, int listeners, TimeSpec acceptTime) {
  private static final String UNLIMITED = "unlimited";

  /**
   * Reads the keys of an application.
   *
   * @param workers default of {@code workers}, which are processes
   */
  static LimitsSpec ofProcesses(MapReader app, int listeners, String workers) {
    return read(app, listeners, app.count("workers", workers, "1..1024"));
  }

  /**
   * Reads the keys of an application.
   *
   * @param workers default of {@code workers}, which are threads: their number or "unlimited"
   */
  static LimitsSpec ofThreads(MapReader app, int listeners, String workers) {
    return read(app, listeners, app.countOr("workers", UNLIMITED, workers, "1..1000000"));
  }

  private static LimitsSpec read(MapReader app, int listeners, int count) {
    return new LimitsSpec(
        count,
        app.countOr("connectionsPerWorker", UNLIMITED, UNLIMITED, "1..100000000"),
        app.countOr("openFiles", UNLIMITED, UNLIMITED, "1..1000000000"),
        listeners,
        TimeSpec.read(app, "acceptTime"));
  }

  /** Options of a web server's listener; inherited by what it accepts. */
  static SocketOptions listenOptions(boolean tcpKeepalive) {
    SocketOptions options = new SocketOptions();
    options.keepalive = tcpKeepalive;
    return options;
  }

  /** Requests that can be served at a time; 0: no limit. */
  public int threads() {
    return connectionsPerWorker > 0 ? 0 : workers;
  }

  /** Connections over all workers. */
  public int connectionsMax() {
    return saturated((long) connectionsPerWorker * Math.max(1, workers));
  }

  /** Open files over all workers. */
  public int openFilesMax() {
    return saturated((long) openFiles * Math.max(1, workers));
  }

  private static int saturated(long n) {
    return (int) Math.min(Integer.MAX_VALUE, n);
  }
}
