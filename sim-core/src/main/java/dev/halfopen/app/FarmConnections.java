package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;

/**
 * Client connections of a farm, each with the one request that is under way on it: 64 bytes, or 128
 * where requests are tried again.
 *
 * <pre>
 * words 0-4 of a {@link ConnectionTable}  10 requests so far   13 connect() called (ns)
 *       5 previous idle; page             11 request's mark    15 tries of the request
 *       6 due (ns)                        12 request's bytes   16 wait before the last try (ns)
 *       8 number (or -1)                                       18 the try began (ns)
 * </pre>
 *
 * While its request is under way, and is one of several of a page, word 5 names the page.
 */
final class FarmConnections extends ConnectionTable {
  static final int WORDS = 16;
  static final int PREVIOUS = FIRST_OWN;

  static final int CONNECTING = 1;
  static final int BUSY = 2;
  static final int IDLE = 3;

  /** Its request waits for the next try; it may have a socket or none. */
  static final int RETRYING = 4;

  /** The request has been sent a second time, because its connection was stale. */
  static final int F_RETRIED = FIRST_FLAG;

  private static final int WORDS_RETRYING = 32;

  private static final int PAGE = PREVIOUS;
  private static final int DUE = 6;
  private static final int NUMBER = 8;
  private static final int REQUESTS = 10;
  private static final int MARK = 11;
  private static final int BYTES = 12;
  private static final int CONNECT = 13;

  private static final int TRIES = 15;
  private static final int WAIT = 16;
  private static final int TRY = 18;

  private final int words;

  FarmConnections(boolean retrying, MemoryBudget budget) {
    super("clientConnections", retrying ? WORDS_RETRYING : WORDS, budget);
    words = retrying ? WORDS_RETRYING : WORDS;
  }

  @Override
  int create() {
    return create(words);
  }

  /** When the request was due. */
  long dueNs() {
    return longAt(DUE);
  }

  /** The request's number in its load, or -1 if it belongs to the warm-up. */
  long number() {
    return longAt(NUMBER);
  }

  /** Which of the load's servers the connection leads to. */
  int server() {
    return label();
  }

  void server(int index) {
    label(index);
  }

  /** The page that the request is one of; only where pages have several. */
  int page() {
    return get(PAGE);
  }

  void page(int row) {
    put(PAGE, row);
  }

  /** Requests sent on this connection, the one under way included. */
  int requests() {
    return get(REQUESTS);
  }

  void requests(int n) {
    put(REQUESTS, n);
  }

  int mark() {
    return get(MARK);
  }

  int bytes() {
    return get(BYTES);
  }

  long connectNs() {
    return longAt(CONNECT);
  }

  void connectNs(long ns) {
    longAt(CONNECT, ns);
  }

  int tries() {
    return get(TRIES);
  }

  void tries(int n) {
    put(TRIES, n);
  }

  /** What was waited before the last try; like the next, only where requests are tried again. */
  long waitNs() {
    return longAt(WAIT);
  }

  void waitNs(long ns) {
    longAt(WAIT, ns);
  }

  /** When the try that is under way began. */
  long tryNs() {
    return longAt(TRY);
  }

  void tryNs(long ns) {
    longAt(TRY, ns);
  }

  /** Puts a new request here; what timers knew of an earlier one is stale. */
  void request(long dueNs, long number, int mark, int bytes) {
    renewTicket();
    longAt(DUE, dueNs);
    longAt(NUMBER, number);
    clearFlag(F_RETRIED);
    put(MARK, mark);
    put(BYTES, bytes);
    put(TRIES, 0);
  }
}
