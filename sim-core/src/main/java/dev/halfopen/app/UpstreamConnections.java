package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;

/**
 * A reverse proxy's connections to its upstreams: 64 bytes.
 *
 * <pre>
 * word 0 ticket                    5 socket             10 requests so far
 *      1 next idle (or free)       7 state 4 | flags    11 response's bytes
 *      2 previous idle             8 upstream           12 last read or begin of waiting (ns)
 *      3, 4 the same, by upstream  9 exchange row or 0  14, 15 -
 * </pre>
 */
final class UpstreamConnections extends TicketTable {
  static final int WORDS = 16;
  static final int NEXT = LINK;
  static final int PREVIOUS = 2;
  static final int PEER_NEXT = 3;
  static final int PEER_PREVIOUS = 4;

  static final int CONNECTING = 1;
  static final int BUSY = 2;
  static final int IDLE = 3;

  /** The response is complete; the connection waits for its end. */
  static final int CLOSING = 4;

  static final int F_END_SEEN = 16;

  /** It came from the pool for the request that is under way. */
  static final int F_CACHED = 32;

  /** The request under way has been sent. */
  static final int F_SENT = 64;

  private static final int SOCKET = 5;
  private static final int STATE = 7;
  private static final int PEER = 8;
  private static final int EXCHANGE = 9;
  private static final int REQUESTS = 10;
  private static final int BYTES = 11;
  private static final int SINCE = 12;
  private static final int STATE_MASK = 15;

  UpstreamConnections(MemoryBudget budget) {
    super("upstreamConnections", WORDS, budget);
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
    put(STATE, (get(STATE) & ~STATE_MASK) | state);
  }

  boolean flag(int flag) {
    return (get(STATE) & flag) != 0;
  }

  void setFlag(int flag) {
    put(STATE, get(STATE) | flag);
  }

  void clearFlag(int flag) {
    put(STATE, get(STATE) & ~flag);
  }

  int peer() {
    return get(PEER);
  }

  void peer(int upstream) {
    put(PEER, upstream);
  }

  int exchange() {
    return get(EXCHANGE);
  }

  void exchange(int row) {
    put(EXCHANGE, row);
  }

  int requests() {
    return get(REQUESTS);
  }

  void requests(int n) {
    put(REQUESTS, n);
  }

  /** Bytes of the response, as far as they have arrived. */
  int bytes() {
    return get(BYTES);
  }

  void bytes(int n) {
    put(BYTES, n);
  }

  long sinceNs() {
    return longAt(SINCE);
  }

  void sinceNs(long ns) {
    longAt(SINCE, ns);
  }
}
