package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;

/**
 * Requests under way on held connections: 32 bytes.
 *
 * <pre>
 * word 0 ticket    2 due (ns)    6 group of connections
 *      1 next free 4 number      7 answers that are missing 16 | one has failed 1
 * </pre>
 */
final class Pages extends TicketTable {
  static final int WORDS = 8;
  private static final int DUE = 2;
  private static final int NUMBER = 4;
  private static final int GROUP = 6;
  private static final int MISSING = 7;
  private static final int F_FAILED = 1 << 16;
  private static final int MISSING_MASK = F_FAILED - 1;

  Pages(MemoryBudget budget) {
    super("pages", WORDS, budget);
  }

  int create(long dueNs, long number, int group, int missing) {
    int row = create(WORDS);
    longAt(DUE, dueNs);
    longAt(NUMBER, number);
    put(GROUP, group);
    put(MISSING, missing);
    return row;
  }

  long dueNs() {
    return longAt(DUE);
  }

  long number() {
    return longAt(NUMBER);
  }

  int group() {
    return get(GROUP);
  }

  /** An answer has come or never will; whether it was the last one. */
  boolean isLast(boolean failed) {
    int word = get(MISSING) - 1;
    put(MISSING, failed ? word | F_FAILED : word);
    return (word & MISSING_MASK) == 0;
  }

  boolean hasFailed() {
    return (get(MISSING) & F_FAILED) != 0;
  }

  boolean isUnderWay() {
    return (get(MISSING) & MISSING_MASK) != 0;
  }
}
