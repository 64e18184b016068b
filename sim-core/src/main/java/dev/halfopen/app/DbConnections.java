package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;

/**
 * Connections of a database, each with its server process: 32 bytes.
 *
 * <pre>
 * word 0 ticket   2 state 4 | flags   5, 6, 7 -
 *      1 (free)   3 socket
 * </pre>
 */
final class DbConnections extends TicketTable {
  static final int WORDS = 8;

  /** The driver has not introduced itself yet. */
  static final int NEW = 1;

  static final int IDLE = 2;

  /** A query runs. */
  static final int BUSY = 3;

  /** It counts against max_connections. */
  static final int F_SLOT = 16;

  /** The driver has closed while a query runs: the process learns of it when it answers. */
  static final int F_ENDED = 32;

  private static final int STATE = 2;
  private static final int SOCKET = 3;
  private static final int STATE_MASK = 15;

  DbConnections(MemoryBudget budget) {
    super("databaseConnections", WORDS, budget);
  }

  int create() {
    return create(WORDS);
  }

  int state() {
    return get(STATE) & STATE_MASK;
  }

  /** What timers knew of the earlier state is stale. */
  void enter(int state) {
    renewTicket();
    put(STATE, get(STATE) & ~STATE_MASK | state);
  }

  boolean flag(int flag) {
    return (get(STATE) & flag) != 0;
  }

  void setFlag(int flag) {
    put(STATE, get(STATE) | flag);
  }

  void clearFlags() {
    put(STATE, get(STATE) & STATE_MASK);
  }

  long socket() {
    return longAt(SOCKET);
  }

  void socket(long socket) {
    longAt(SOCKET, socket);
  }
}
