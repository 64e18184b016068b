package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;

/**
 * Connections of a pool: 64 bytes.
 *
 * <pre>
 * word 0 ticket              3 socket         7 last access (ns)  11 class at the moment of mark()
 *      1 next idle (or free) 5 state | flags  9 owner             12-15 -
 *      2 previous idle       6 errno         10 birth
 * </pre>
 */
final class PoolConnections extends TicketTable {
  static final int WORDS = 16;
  static final int NEXT = LINK;
  static final int PREVIOUS = 2;

  /** The driver waits for the address of the name. */
  static final int RESOLVING = 1;

  static final int CONNECTING = 2;

  /** The driver introduces itself. */
  static final int STARTING = 3;

  static final int IDLE = 4;

  /** Checked for whom it is to be handed to: the owner is the borrower. */
  static final int VALIDATING = 5;

  /** Checked because it has been idle for long. */
  static final int PINGING = 6;

  /** Handed out, no query under way: the owner is the exchange, as in the states after it. */
  static final int BORROWED = 7;

  static final int BUSY = 8;

  /** Handed out and never given back. */
  static final int LEAKED = 9;

  /** To be closed when it comes back. */
  static final int F_EVICTED = 16;

  /** The server has closed; the driver finds that when it reads. */
  static final int F_END_SEEN = 32;

  /** The socket is gone; the driver finds that when it writes. */
  static final int F_BROKEN = 64;

  private static final int SOCKET = 3;
  private static final int STATE = 5;
  private static final int ERRNO = 6;
  private static final int LAST_ACCESS = 7;
  private static final int OWNER = 9;
  private static final int BIRTH = 10;
  private static final int CLASS = 11;
  private static final int STATE_MASK = 15;

  PoolConnections(MemoryBudget budget) {
    super("poolConnections", WORDS, budget);
  }

  /** The next of the idle ones: one that became idle before this one, or 0. */
  int nextIdle() {
    return get(NEXT);
  }

  int create() {
    return create(WORDS);
  }

  long socket() {
    return longAt(SOCKET);
  }

  void socket(long socket) {
    longAt(SOCKET, socket);
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

  int errno() {
    return get(ERRNO);
  }

  void errno(int errno) {
    put(ERRNO, errno);
  }

  long lastAccessNs() {
    return longAt(LAST_ACCESS);
  }

  void lastAccessNs(long ns) {
    longAt(LAST_ACCESS, ns);
  }

  int owner() {
    return get(OWNER);
  }

  void owner(int row) {
    put(OWNER, row);
  }

  int birth() {
    return get(BIRTH);
  }

  void birth(int n) {
    put(BIRTH, n);
  }

  int classAtMark() {
    return get(CLASS);
  }

  void classAtMark(int c) {
    put(CLASS, c);
  }
}
