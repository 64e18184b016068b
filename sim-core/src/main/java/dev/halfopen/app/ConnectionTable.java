package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;

/**
 * Connections of an application: each has a state, flags and a socket. The words that a subclass
 * may use begin with {@link #FIRST_OWN}.
 *
 * <pre>
 * word 0 ticket               2 state 4 | flags 4 | label 24
 *      1 next in list or free 3 socket
 * </pre>
 */
abstract class ConnectionTable extends TicketTable {
  static final int NEXT = LINK;

  /** The first flag; smaller values are the state's. */
  protected static final int FIRST_FLAG = 16;

  protected static final int FIRST_OWN = 5;

  private static final int STATE = 2;
  private static final int SOCKET = 3;
  private static final int STATE_MASK = FIRST_FLAG - 1;
  private static final int LABEL_SHIFT = 8;
  private static final int BELOW_LABEL = (1 << LABEL_SHIFT) - 1;

  ConnectionTable(String name, int words, MemoryBudget budget) {
    super(name, words, budget);
  }

  /** Takes a row, all zero, and moves the cursor to it. */
  abstract int create();

  /** 0 for a free row. */
  final int state() {
    return get(STATE) & STATE_MASK;
  }

  /** Timers go on to be valid. */
  final void state(int state) {
    put(STATE, get(STATE) & ~STATE_MASK | state);
  }

  /** What timers knew of the earlier state is stale. */
  final void enter(int state) {
    renewTicket();
    state(state);
  }

  /** Whether any of these is set. */
  final boolean flag(int flags) {
    return (get(STATE) & flags) != 0;
  }

  final void setFlag(int flag) {
    put(STATE, get(STATE) | flag);
  }

  final void clearFlag(int flag) {
    put(STATE, get(STATE) & ~flag);
  }

  /** A number of 24 bits for the subclass to name, where it has no more than four flags. */
  protected final int label() {
    return get(STATE) >>> LABEL_SHIFT;
  }

  protected final void label(int number) {
    put(STATE, get(STATE) & BELOW_LABEL | number << LABEL_SHIFT);
  }

  final long socket() {
    return longAt(SOCKET);
  }

  final void socket(long socket) {
    longAt(SOCKET, socket);
  }

  /** Gives the cursor's row back, whose socket is closed or gone. */
  final void release() {
    put(STATE, 0);
    socket(NO_REFERENCE);
    destroy();
  }
}
