package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;

/**
 * Requests that wait for a connection of a pool: 32 bytes.
 *
 * <pre>
 * word 0 ticket          2 previous    5 begin of waiting (ns)   7 -
 *      1 next (or free)  3 exchange    4 whether it is in the queue
 * </pre>
 */
final class Borrowers extends TicketTable {
  static final int WORDS = 8;
  static final int NEXT = LINK;
  static final int PREVIOUS = 2;
  private static final int EXCHANGE = 3;
  private static final int QUEUED = 4;
  private static final int SINCE = 5;

  Borrowers(MemoryBudget budget) {
    super("poolBorrowers", WORDS, budget);
  }

  int create() {
    return create(WORDS);
  }

  int exchange() {
    return get(EXCHANGE);
  }

  void exchange(int row) {
    put(EXCHANGE, row);
  }

  boolean isQueued() {
    return get(QUEUED) != 0;
  }

  void setQueued(boolean queued) {
    put(QUEUED, queued ? 1 : 0);
  }

  long sinceNs() {
    return longAt(SINCE);
  }

  void sinceNs(long ns) {
    longAt(SINCE, ns);
  }
}
