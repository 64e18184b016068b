package dev.halfopen.scenario;

import dev.halfopen.tcp.SocketOptions;

/**
 * What bounds a server or proxy; 0: no limit.
 *
 * @param workers processes or threads
 * @param connectionsPerWorker of an event-driven worker; 0: a worker is a thread that serves one
 *     request at a time
 * @param areThreads whether the workers are threads of one process
 * @param openFiles of each process
 * @param listeners sockets on the port, by SO_REUSEPORT where more than one
 * @param acceptTime from one accept() to the next
 */
public record LimitsSpec(
    int workers,
    boolean areThreads,
    int connectionsPerWorker,
    int openFiles,
    int listeners,
    TimeSpec acceptTime) {
  private static final String UNLIMITED = "unlimited";

  /**
   * Reads the keys of an application.
   *
   * @param workers default of {@code workers}, which are processes
   */
  static LimitsSpec ofProcesses(MapReader app, int listeners, String workers) {
    return read(app, listeners, false, app.count("workers", workers, "1..1024"));
  }

  /**
   * Reads the keys of an application.
   *
   * @param workers default of {@code workers}, which are threads unless {@code
   *     connectionsPerWorker} is given: their number or "unlimited"
   */
  static LimitsSpec ofThreads(MapReader app, int listeners, String workers) {
    return read(app, listeners, true, app.countOr("workers", UNLIMITED, workers, "1..1000000"));
  }

  private static LimitsSpec read(MapReader app, int listeners, boolean mayBeThreads, int count) {
    int each = app.countOr("connectionsPerWorker", UNLIMITED, UNLIMITED, "1..100000000");
    return new LimitsSpec(
        count,
        mayBeThreads && each == 0,
        each,
        app.countOr("openFiles", UNLIMITED, UNLIMITED, "1..1000000000"),
        listeners,
        TimeSpec.read(app, "acceptTime"));
  }

  /**
   * Socket options of a web server: of a listener, inherited by what it accepts, or of a client.
   */
  static SocketOptions options(boolean tcpKeepalive) {
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

  /** Open files over all processes: threads share those of theirs. */
  public int openFilesMax() {
    return saturated((long) openFiles * (areThreads ? 1 : Math.max(1, workers)));
  }

  private static int saturated(long n) {
    return (int) Math.min(Integer.MAX_VALUE, n);
  }
}
