package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;

/**
 * Requests at an application server: 64 bytes.
 *
 * <pre>
 * word 0 ticket          3 client's connection   7 step            10 class
 *      1 next (or free)  5 request's mark        8 queries to go   11 state
 *      2 previous        6 pool's connection     12 arrival (ns)   9, 14, 15 -
 * </pre>
 */
final class AppExchanges extends TicketTable {
  static final int WORDS = 16;
  static final int NEXT = LINK;
  static final int PREVIOUS = 2;

  /** It waits for a worker. */
  static final int WAITING = 1;

  static final int SERVED = 2;

  private static final int CLIENT = 3;
  private static final int MARK = 5;
  private static final int CONNECTION = 6;
  private static final int STEP = 7;
  private static final int LEFT = 8;
  private static final int CLASS = 10;
  private static final int STATE = 11;
  private static final int ARRIVAL = 12;

  AppExchanges(MemoryBudget budget) {
    super("appExchanges", WORDS, budget);
  }

  int create() {
    return create(WORDS);
  }

  /** Reference of the client's connection, stale where that has gone. */
  long client() {
    return longAt(CLIENT);
  }

  void client(long reference) {
    longAt(CLIENT, reference);
  }

  int mark() {
    return get(MARK);
  }

  void mark(int mark) {
    put(MARK, mark);
  }

  int connection() {
    return get(CONNECTION);
  }

  void connection(int row) {
    put(CONNECTION, row);
  }

  int step() {
    return get(STEP);
  }

  void step(int n) {
    put(STEP, n);
  }

  int left() {
    return get(LEFT);
  }

  void left(int n) {
    put(LEFT, n);
  }

  int breakdownClass() {
    return get(CLASS);
  }

  void breakdownClass(int c) {
    put(CLASS, c);
  }

  int state() {
    return get(STATE);
  }

  void state(int state) {
    put(STATE, state);
  }

  long arrivalNs() {
    return longAt(ARRIVAL);
  }

  void arrivalNs(long ns) {
    longAt(ARRIVAL, ns);
  }
}
