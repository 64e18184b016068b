package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;

/**
 * Connections of an origin server: 32 bytes.
 *
 * <pre>
 * words 0-4 of a {@link ConnectionTable}   5 requests so far   7 previous in its list
 *                                          6 request's mark
 * </pre>
 */
final class ServerConnections extends ConnectionTable {
  static final int WORDS = 8;
  static final int PREVIOUS = 7;

  static final int IDLE = 1;
  static final int BUSY = 2;

  /** The response is out; close() is yet to come. */
  static final int CLOSING = 3;

  /** The request waits for a worker. */
  static final int WAITING = 4;

  private static final int REQUESTS = FIRST_OWN;
  private static final int MARK = 6;

  ServerConnections(MemoryBudget budget) {
    super("serverConnections", WORDS, budget);
  }

  @Override
  int create() {
    return create(WORDS);
  }

  int requests() {
    return get(REQUESTS);
  }

  void requests(int n) {
    put(REQUESTS, n);
  }

  int mark() {
    return get(MARK);
  }

  void mark(int mark) {
    put(MARK, mark);
  }
}
