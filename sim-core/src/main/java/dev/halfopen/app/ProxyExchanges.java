package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;

/**
 * Client connections of a reverse proxy, each with the one request that is under way on it; and the
 * upstream requests that a page is made of, which have no client connection of their own.
 *
 * <pre>
 * words 0-4 of a {@link ConnectionTable}   7 request's bytes    10 root cause so far
 *       5 requests so far                  8 upstream row or 0  11 previous idle; see below
 *       6 request's mark                   9 tries left         12.. one bit per upstream: tried
 * </pre>
 *
 * A page that is under way lists its parts through word 1 and counts those that are open in word
 * 11; there a part names its page. A page's bytes are those of its responses so far.
 */
final class ProxyExchanges extends ConnectionTable {
  static final int IDLE = 1;
  static final int BUSY = 2;

  /** A request that waits for its parts. */
  static final int PAGE = 3;

  /** An upstream request of a page. */
  static final int PART = 4;

  static final int PREVIOUS = 11;

  private static final int REQUESTS = FIRST_OWN;
  private static final int MARK = 6;
  private static final int BYTES = 7;
  private static final int UPSTREAM = 8;
  private static final int TRIES = 9;
  private static final int CAUSE = 10;
  private static final int PAGE_OR_OPEN = PREVIOUS;
  private static final int TRIED = 12;

  private final int words;

  ProxyExchanges(int upstreams, MemoryBudget budget) {
    super("proxyExchanges", wordsFor(upstreams), budget);
    words = wordsFor(upstreams);
  }

  /** A power of two: 16 words, one cache line, up to 128 upstreams. */
  private static int wordsFor(int upstreams) {
    int words = 16;
    while (words < TRIED + (upstreams + 31) / 32) {
      words *= 2;
    }
    return words;
  }

  @Override
  int create() {
    return create(words);
  }

  int requests() {
    return get(REQUESTS);
  }

  int mark() {
    return get(MARK);
  }

  /** Bytes of the request, as far as they have arrived. */
  int bytes() {
    return get(BYTES);
  }

  void bytes(int n) {
    put(BYTES, n);
  }

  /** The upstream connection that serves the request, or 0. */
  int upstream() {
    return get(UPSTREAM);
  }

  void upstream(int row) {
    put(UPSTREAM, row);
  }

  int tries() {
    return get(TRIES);
  }

  void tries(int n) {
    put(TRIES, n);
  }

  FailureCause cause() {
    return FailureCause.of(get(CAUSE));
  }

  void cause(FailureCause cause) {
    put(CAUSE, cause.index());
  }

  boolean isPart() {
    return state() == PART;
  }

  /** The row of a part's page. */
  int page() {
    return get(PAGE_OR_OPEN);
  }

  void page(int row) {
    put(PAGE_OR_OPEN, row);
  }

  /** Parts of a page that are not answered yet. */
  int openParts() {
    return get(PAGE_OR_OPEN);
  }

  void openParts(int n) {
    put(PAGE_OR_OPEN, n);
  }

  /** The first part of a page, the next one of a part; 0 at the end. */
  int nextPart() {
    return get(NEXT);
  }

  void nextPart(int row) {
    put(NEXT, row);
  }

  boolean isTried(int upstream) {
    return (get(TRIED + (upstream >>> 5)) & (1 << upstream)) != 0;
  }

  void setTried(int upstream) {
    put(TRIED + (upstream >>> 5), get(TRIED + (upstream >>> 5)) | (1 << upstream));
  }

  /** A complete request has arrived: it may be tried {@code tries} times. */
  void begin(int mark, int tries) {
    renewTicket();
    if (state() != PART) {
      state(BUSY);
    }
    put(REQUESTS, get(REQUESTS) + 1);
    put(MARK, mark);
    put(UPSTREAM, NO_ROW);
    put(TRIES, tries);
    put(CAUSE, 0);
    for (int i = TRIED; i < words; i++) {
      put(i, 0);
    }
  }

  /** The response has been sent. */
  void end() {
    renewTicket();
    state(IDLE);
    put(BYTES, 0);
    put(UPSTREAM, NO_ROW);
  }
}
