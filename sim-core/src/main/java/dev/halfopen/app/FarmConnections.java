package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;

/**
 * Client connections of a farm, each with the one request that is under way on it: 64 bytes, or 128
 * where requests are tried again.
 *
 * <pre>
 * word 0 ticket              5 due (ns)         11 request's mark
 *      1 next idle (or free) 7 number (or -1)   12 request's bytes
 *      2 previous idle; page 9 state 4 | flags 4 | server 24  13 connect() called (ns)
 *      3 socket             10 requests so far  15 tries of the request
 *     16 wait before the last try (ns)          18 the try began (ns)
 * </pre>
 *
 * While its request is under way, and is one of several of a page, word 2 names the page.
 */
final class FarmConnections extends TicketTable {
  static final int WORDS = 16;
  static final int NEXT = LINK;
  static final int PREVIOUS = 2;

  static final int CONNECTING = 1;
  static final int BUSY = 2;
  static final int IDLE = 3;

  /** Its request waits for the next try; it may have a socket or none. */
  static final int RETRYING = 4;

  private static final int WORDS_RETRYING = 32;

  private static final int PAGE = PREVIOUS;
  private static final int SOCKET = 3;
  private static final int DUE = 5;
  private static final int NUMBER = 7;
  private static final int STATE = 9;
  private static final int REQUESTS = 10;
  private static final int MARK = 11;
  private static final int BYTES = 12;
  private static final int CONNECT = 13;

  private static final int TRIES = 15;
  private static final int WAIT = 16;
  private static final int TRY = 18;

  private static final int STATE_MASK = 15;
  private static final int F_RETRIED = 16;
  private static final int SERVER_SHIFT = 8;
  private static final int BELOW_SERVER = (1 << SERVER_SHIFT) - 1;

  private final int words;

  FarmConnections(boolean retrying, MemoryBudget budget) {
    super("clientConnections", retrying ? WORDS_RETRYING : WORDS, budget);
    words = retrying ? WORDS_RETRYING : WORDS;
  }

  int create() {
    return create(words);
  }

  long socket() {
    return longAt(SOCKET);
  }

  void socket(long socket) {
    longAt(SOCKET, socket);
  }

  /** When the request was due. */
  long dueNs() {
    return longAt(DUE);
  }

  /** The request's number in its load, or -1 if it belongs to the warm-up. */
  long number() {
    return longAt(NUMBER);
  }

  int state() {
    return get(STATE) & STATE_MASK;
  }

  void state(int state) {
    put(STATE, (get(STATE) & ~STATE_MASK) | state);
  }

  /** Which of the load's servers the connection leads to. */
  int server() {
    return get(STATE) >>> SERVER_SHIFT;
  }

  void server(int index) {
    put(STATE, get(STATE) & BELOW_SERVER | index << SERVER_SHIFT);
  }

  /** The page that the request is one of; only where pages have several. */
  int page() {
    return get(PAGE);
  }

  void page(int row) {
    put(PAGE, row);
  }

  boolean isRetried() {
    return (get(STATE) & F_RETRIED) != 0;
  }

  void setRetried() {
    put(STATE, get(STATE) | F_RETRIED);
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
    put(STATE, get(STATE) & ~F_RETRIED);
    put(MARK, mark);
    put(BYTES, bytes);
    put(TRIES, 0);
  }
}
