package dev.halfopen.scenario;

/** Reads the keys that bound a server or proxy. */
final class LimitsReader {
  private LimitsReader() {}

  /**
   * Reads them.
   *
   * @param workers words and default of {@code workers}: nginx has at least one, a server without
   *     the key any number of threads
   */
  static LimitsSpec read(MapReader app, int listeners, String workers) {
    int count =
        workers.equals("unlimited")
            ? app.countOr("workers", "unlimited", "unlimited", "1..1000000")
            : app.count("workers", workers, "1..1024");
    int connections = app.countOr("connectionsPerWorker", "unlimited", "unlimited", "1..100000000");
    int files = app.countOr("openFiles", "unlimited", "unlimited", "1..1000000000");
    AppSpec.ServiceTime accept = AppReader.time(app, "acceptTime");
    return new LimitsSpec(count, connections, files, listeners, accept);
  }
}
