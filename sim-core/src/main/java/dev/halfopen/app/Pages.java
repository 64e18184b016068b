package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;

/**
 * Pages under way that a client puts together itself, from several requests at once: 32 bytes. A
 * page is over with the last of its requests, and has failed if one of them has: by the first one's
 * cause.
 *
 * <pre>
 * word 0 ticket    2 due (ns)    6 who asks: a machine, or a group of connections
 *      1 next free 4 number      7 answers that are missing 16 | first failure: cause 7, seen as 7
 * </pre>
 */
final class Pages extends TicketTable {
  /** Requests of a page at the most: 16 bits. */
  static final int REQUESTS_MOST = (1 << 16) - 1;

  static final int WORDS = 8;
  private static final int DUE = 2;
  private static final int NUMBER = 4;
  private static final int OWNER = 6;
  private static final int PROGRESS = 7;
  private static final int MISSING_MASK = REQUESTS_MOST;
  private static final int CAUSE_SHIFT = 16;
  private static final int SEEN_SHIFT = 23;
  private static final int SEVEN_BITS = 127;
  private static final int F_COUNTED = 1 << 30;

  Pages(MemoryBudget budget) {
    super("pages", WORDS, budget);
  }

  int create(long dueNs, long number, int owner, int requests) {
    int row = create(WORDS);
    longAt(DUE, dueNs);
    longAt(NUMBER, number);
    put(OWNER, owner);
    put(PROGRESS, requests);
    return row;
  }

  long dueNs() {
    return longAt(DUE);
  }

  long number() {
    return longAt(NUMBER);
  }

  int owner() {
    return get(OWNER);
  }

  /** One of its requests has failed, and is yet to be ended. */
  void fail(FailureCause cause, SeenAs seenAs) {
    if (cause() == FailureCause.NONE) {
      int first = cause.index() << CAUSE_SHIFT | seenAs.index() << SEEN_SHIFT;
      put(PROGRESS, get(PROGRESS) | first);
    }
  }

  /** One of its requests has ended; whether it was the last one. */
  boolean end() {
    int word = get(PROGRESS) - 1;
    put(PROGRESS, word);
    return (word & MISSING_MASK) == 0;
  }

  /** Nobody waits for the rest of it: gives the row back. */
  void abandon() {
    put(PROGRESS, 0);
    destroy();
  }

  /** Of the request that failed first; NONE if none has. */
  FailureCause cause() {
    return FailureCause.of(get(PROGRESS) >>> CAUSE_SHIFT & SEVEN_BITS);
  }

  /** How that request's failure looked. */
  SeenAs seenAs() {
    return SeenAs.of(get(PROGRESS) >>> SEEN_SHIFT & SEVEN_BITS);
  }

  boolean isUnderWay() {
    return (get(PROGRESS) & MISSING_MASK) != 0;
  }

  /** True for the first call for this page. */
  boolean count() {
    int word = get(PROGRESS);
    put(PROGRESS, word | F_COUNTED);
    return (word & F_COUNTED) == 0;
  }
}
