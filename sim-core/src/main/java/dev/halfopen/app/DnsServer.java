package dev.halfopen.app;

import dev.halfopen.net.Segment;

/**
 * A resolver with the authority behind it: it answers from its cache until a record's TTL is over,
 * whatever the authority says meanwhile. A query and its answer are a datagram each.
 */
public final class DnsServer extends Application {
  /** {@link #onFault}: the argument is {@link #change}. */
  public static final int SET_NAME = 2;

  static final int PORT = 53;

  /** 12 of header, a name of 20, type and class; the answer has 16 more. */
  private static final int ANSWER_BYTES = 54;

  private final int[] address;
  private final long[] ttlNs;
  private final int[] cached;
  private final long[] cachedUntilNs;
  private final boolean caches;
  private final Segment answer = new Segment();
  private long queries;

  /** The configuration is read once. */
  public DnsServer(DnsServerConfig config) {
    int n = config.records.size();
    address = new int[n];
    ttlNs = new long[n];
    cached = new int[n];
    cachedUntilNs = new long[n];
    caches = config.cache;
    for (int i = 0; i < n; i++) {
      address[i] = config.records.get(i).address;
      ttlNs[i] = config.records.get(i).ttlNs;
    }
  }

  /** The argument of a change of a name. */
  public static long change(int name, int newAddress) {
    return (long) name << 32 | newAddress & 0xFFFFFFFFL;
  }

  /** Queries answered. */
  public long queries() {
    return queries;
  }

  @Override
  public void start(long nowNs) {
    java.util.Arrays.fill(cachedUntilNs, 0);
  }

  @Override
  public void onFault(long nowNs, int what, long argument) {
    if (what == SET_NAME) {
      address[(int) (argument >>> 32)] = (int) argument;
    }
  }

  @Override
  public void onDatagram(long nowNs, Segment query) {
    queries++;
    int name = query.mark;
    if (!caches || nowNs >= cachedUntilNs[name]) {
      cached[name] = address[name];
      cachedUntilNs[name] = nowNs + ttlNs[name];
    }
    answer.source = query.destination;
    answer.destination = query.source;
    answer.ports = query.ports << 16 | query.ports >>> 16;
    answer.seq = query.seq;
    answer.ack = cached[name];
    answer.mark = name;
    answer.options = Segment.OPT_DATAGRAM;
    answer.length = ANSWER_BYTES;
    sendRaw(answer);
  }

  @Override
  public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {
    throw new IllegalStateException("no socket was opened");
  }

  @Override
  public boolean readsAtOnce() {
    return true;
  }

  @Override
  public void onTimer(long nowNs, int kind, long argument) {
    throw new IllegalStateException("no timer was set");
  }
}
