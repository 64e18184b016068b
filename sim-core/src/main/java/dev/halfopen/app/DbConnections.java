package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;

/**
 * Connections of a database, each with its server process: 32 bytes, words 0-4 of a {@link
 * ConnectionTable}.
 */
final class DbConnections extends ConnectionTable {
  static final int WORDS = 8;

  /** The driver has not introduced itself yet. */
  static final int NEW = 1;

  static final int IDLE = 2;

  /** A query runs. */
  static final int BUSY = 3;

  /** It counts against max_connections. */
  static final int F_SLOT = FIRST_FLAG;

  /** The driver has closed while a query runs: the process learns of it when it answers. */
  static final int F_ENDED = FIRST_FLAG << 1;

  DbConnections(MemoryBudget budget) {
    super("databaseConnections", WORDS, budget);
  }

  @Override
  int create() {
    return create(WORDS);
  }
}
