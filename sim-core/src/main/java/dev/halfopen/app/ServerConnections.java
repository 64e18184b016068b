package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;

/**
 * Connections of an origin server: 32 bytes.
 *
 * <pre>
 * word 0 ticket         2 state    5 requests so far   7 previous in its list
 *      1 next in list   3 socket   6 request's mark
 * </pre>
 */
final class ServerConnections extends TicketTable {
  static final int WORDS = 8;
  static final int NEXT = LINK;
  static final int PREVIOUS = 7;

  static final int IDLE = 1;
  static final int BUSY = 2;

  /** The response is out; close() is yet to come. */
  static final int CLOSING = 3;

  /** The request waits for a worker. */
  static final int WAITING = 4;

  private static final int STATE = 2;
  private static final int SOCKET = 3;
  private static final int REQUESTS = 5;
  private static final int MARK = 6;

  ServerConnections(MemoryBudget budget) {
    super("serverConnections", WORDS, budget);
  }

  int create() {
    return create(WORDS);
  }

  int state() {
    return get(STATE);
  }

  /** What timers knew of the earlier state is stale. */
  void enter(int state) {
    renewTicket();
    put(STATE, state);
  }

  long socket() {
    return longAt(SOCKET);
  }

  void socket(long socket) {
    longAt(SOCKET, socket);
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
