package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;

/**
 * A reverse proxy's connections to its upstreams: 64 bytes.
 *
 * <pre>
 * words 0-4 of a {@link ConnectionTable}  8 upstream           11 response's bytes
 *       5 previous idle                   9 exchange row or 0  12 last read or begin of waiting (ns)
 *       6, 7 next, previous, by upstream 10 requests so far    14, 15 -
 * </pre>
 */
final class UpstreamConnections extends ConnectionTable {
  static final int WORDS = 16;
  static final int PREVIOUS = FIRST_OWN;
  static final int PEER_NEXT = 6;
  static final int PEER_PREVIOUS = 7;

  static final int CONNECTING = 1;
  static final int BUSY = 2;
  static final int IDLE = 3;

  /** The response is complete; the connection waits for its end. */
  static final int CLOSING = 4;

  static final int F_END_SEEN = FIRST_FLAG;

  /** It came from the pool for the request that is under way. */
  static final int F_CACHED = FIRST_FLAG << 1;

  /** The request under way has been sent. */
  static final int F_SENT = FIRST_FLAG << 2;

  private static final int PEER = 8;
  private static final int EXCHANGE = 9;
  private static final int REQUESTS = 10;
  private static final int BYTES = 11;
  private static final int SINCE = 12;

  UpstreamConnections(MemoryBudget budget) {
    super("upstreamConnections", WORDS, budget);
  }

  @Override
  int create() {
    return create(WORDS);
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
