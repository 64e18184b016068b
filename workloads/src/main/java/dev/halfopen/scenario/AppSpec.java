package dev.halfopen.scenario;

/** What runs on a host; one record for each role. */
public interface AppSpec {
  /** The port it listens on; 0: none. */
  default int port() {
    return 0;
  }

  /** What it passes to listen(). */
  default int backlog() {
    return 0;
  }

  /** Whether something in it is drawn at random, by its own distributions or choices. */
  default boolean isRandom() {
    return false;
  }
}
