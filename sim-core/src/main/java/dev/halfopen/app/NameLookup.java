package dev.halfopen.app;

import dev.halfopen.net.Segment;

/**
 * How a JVM finds the address of a name: its own cache for a fixed time, whatever the record's TTL
 * (networkaddress.cache.ttl, 30 s unless set; failures 10 s), then glibc's resolver: a query, once
 * more after 5 s, failure after another 5 s (resolv.conf timeout and attempts).
 */
final class NameLookup {
  /** No answer yet: the owner is told by {@link Waiter#resolved}. */
  static final int PENDING = 0;

  /** The name could not be resolved: UnknownHostException. */
  static final int FAILED = -1;

  static final long FOR_EVER = -1;

  private static final long QUERY_TIMEOUT_NS = 5_000_000_000L;
  private static final int ATTEMPTS = 2;
  private static final int QUERY_BYTES = 38;
  private static final int SOURCE_PORT = 40_000;

  private final Application owner;
  private final Waiter waiter;
  private final PoolConfig config;
  private final int timerKind;
  private final Segment query = new Segment();

  private int address;
  private long validUntilNs;
  private boolean known;
  private boolean asking;
  private int attempt;
  private int id;

  /** Who waits for an answer. */
  interface Waiter {
    /** An address, or {@link #FAILED}. */
    void resolved(long nowNs, int address);
  }

  NameLookup(Application owner, Waiter waiter, PoolConfig config, int timerKind) {
    this.owner = owner;
    this.waiter = waiter;
    this.config = config;
    this.timerKind = timerKind;
  }

  /** Begins anew in a new process, which knows nothing. */
  void forget() {
    known = false;
    asking = false;
    attempt = 0;
    id = 0;
  }

  /** The address, {@link #FAILED}, or {@link #PENDING}. */
  int lookUp(long nowNs) {
    if (config.resolverAddress == 0) {
      return config.serverAddress;
    }
    if (known && (validUntilNs == FOR_EVER || nowNs < validUntilNs)) {
      return address;
    }
    if (!asking) {
      asking = true;
      attempt = 0;
      ask(nowNs);
    }
    return PENDING;
  }

  private void ask(long nowNs) {
    attempt++;
    id++;
    query.source = owner.context().host().firstAddress();
    query.destination = config.resolverAddress;
    query.ports = SOURCE_PORT << 16 | DnsServer.PORT;
    query.seq = id;
    query.ack = 0;
    query.mark = config.name;
    query.options = Segment.OPT_DATAGRAM;
    query.length = QUERY_BYTES;
    owner.sendRaw(query);
    owner.timerAt(nowNs + QUERY_TIMEOUT_NS, timerKind, id);
  }

  /** Whether the datagram answers the query of this lookup. */
  boolean onDatagram(long nowNs, Segment answer) {
    if (!asking || answer.mark != config.name || answer.seq != id) {
      return false;
    }
    done(nowNs, answer.ack == DnsServerConfig.NOBODY ? FAILED : answer.ack);
    return true;
  }

  void onTimer(long nowNs, long argument) {
    if (!asking || argument != id) {
      return;
    }
    if (attempt < ATTEMPTS) {
      ask(nowNs);
    } else {
      done(nowNs, FAILED);
    }
  }

  private void done(long nowNs, int result) {
    asking = false;
    known = true;
    address = result;
    long ttlNs = result == FAILED ? config.jvmNegativeTtlNs : config.jvmTtlNs;
    validUntilNs = ttlNs == FOR_EVER ? FOR_EVER : nowNs + ttlNs;
    waiter.resolved(nowNs, result);
  }
}
