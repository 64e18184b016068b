package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;

/**
 * Connections of a pool: 64 bytes.
 *
 * <pre>
 * words 0-4 of a {@link ConnectionTable}   6 errno             9 owner  11 class at mark()
 *       5 previous idle                    7 last access (ns) 10 birth  12-15 -
 * </pre>
 */
final class PoolConnections extends ConnectionTable {
  static final int WORDS = 16;
  static final int PREVIOUS = FIRST_OWN;

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
  static final int F_EVICTED = FIRST_FLAG;

  /** The server has closed; the driver finds that when it reads. */
  static final int F_END_SEEN = FIRST_FLAG << 1;

  /** The socket is gone; the driver finds that when it writes. */
  static final int F_BROKEN = FIRST_FLAG << 2;

  private static final int ERRNO = 6;
  private static final int LAST_ACCESS = 7;
  private static final int OWNER = 9;
  private static final int BIRTH = 10;
  private static final int CLASS = 11;

  PoolConnections(MemoryBudget budget) {
    super("poolConnections", WORDS, budget);
  }

  /** The next of the idle ones: one that became idle before this one, or 0. */
  int nextIdle() {
    return get(NEXT);
  }

  @Override
  int create() {
    return create(WORDS);
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

  /** Forgets a connection. */
  void release(int c) {
    move(c);
    birth(0);
    release();
  }

  int classAtMark() {
    return get(CLASS);
  }

  void classAtMark(int c) {
    put(CLASS, c);
  }
}
