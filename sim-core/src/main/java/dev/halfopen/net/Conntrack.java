package dev.halfopen.net;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.RandomStreams;
import dev.halfopen.engine.RecordTable;
import dev.halfopen.metrics.Gauge;

/**
 * Connection tracking before a host's stack (net/netfilter/nf_conntrack_core.c, {@code
 * nf_conntrack_in}): an entry for every connection that packets come or go for, with a timeout by
 * state; a packet that needs a new one when the table is full throws out entries that were never
 * established, or is dropped.
 *
 * <p>Entries are chained by hash; those whose time has come are found by a wheel of seconds, which
 * holds each at its deadline or before. A row that is freed stays where it is in the wheel, for the
 * next entry that takes it or until its second has come: a full table under a flood, where each new
 * entry takes the row of one thrown out, hardly touches the wheel. Departures from Linux: an entry
 * is gone when its time has come, where Linux may find it up to a minute later; one node an entry,
 * not one for each direction; no window tracking.
 */
public final class Conntrack extends RecordTable {
  private static final int WORDS = 16;
  private static final int NEXT = 0;
  private static final int REMOTE = 1;
  private static final int LOCAL = 2;
  private static final int PORTS = 3;
  private static final int STATE = 4;
  private static final int DEADLINE = 5;
  private static final int WHEEL_SECOND = 7;
  private static final int WHEEL_NEXT = 8;
  private static final int WHEEL_PREVIOUS = 9;

  static final int SYN_SENT = 1;
  static final int SYN_RECV = 2;
  static final int ESTABLISHED = 3;
  static final int FIN_WAIT = 4;
  static final int CLOSE_WAIT = 5;
  static final int LAST_ACK = 6;
  static final int TIME_WAIT = 7;
  static final int CLOSE = 8;
  private static final int STATES = 9;
  private static final int STATE_MASK = 15;

  /** IPS_ASSURED: both sides have spoken and the handshake is complete; not thrown out. */
  private static final int F_ASSURED = 16;

  /** The host itself sent the first packet. */
  private static final int F_LOCAL_ORIGIN = 32;

  /** IPS_SEEN_REPLY. */
  private static final int F_REPLIED = 64;

  /**
   * NF_CT_EVICTION_RANGE is 8 buckets, in which Linux has a node for each direction: twice the
   * nodes of this table.
   */
  private static final int EVICTION_BUCKETS = 16;

  private static final long SECOND_NS = 1_000_000_000L;
  private static final int WHEEL_SECONDS = 512;

  private final int max;
  private final boolean loose;
  private final int[] timeoutSeconds = new int[STATES];
  private final int[] buckets;
  private final int[] wheel = new int[WHEEL_SECONDS];
  private final Gauge entries;
  private long wheelSecond;
  private int row;
  private long earlyDrops;

  /** An empty table. */
  public Conntrack(ConntrackConfig config, MemoryBudget budget) {
    super("conntrack", WORDS, NEXT, budget);
    if (config.max < 1) {
      throw new IllegalArgumentException("nf_conntrack_max " + config.max);
    }
    max = config.max;
    loose = config.loose;
    entries = new Gauge(max);
    buckets = new int[config.buckets > 0 ? config.buckets : max];
    budget.reserve("conntrack", MemoryBudget.arrayBytes(buckets.length, Integer.BYTES));
    timeoutSeconds[SYN_SENT] = config.timeoutSynSent;
    timeoutSeconds[SYN_RECV] = config.timeoutSynRecv;
    timeoutSeconds[ESTABLISHED] = config.timeoutEstablished;
    timeoutSeconds[FIN_WAIT] = config.timeoutFinWait;
    timeoutSeconds[CLOSE_WAIT] = config.timeoutCloseWait;
    timeoutSeconds[LAST_ACK] = config.timeoutLastAck;
    timeoutSeconds[TIME_WAIT] = config.timeoutTimeWait;
    timeoutSeconds[CLOSE] = config.timeoutClose;
  }

  /** Entries; a refusal is a packet dropped because the table was full. */
  public Gauge entries() {
    return entries;
  }

  /** Entries thrown out to make room (early_drop of {@code conntrack -S}). */
  public long earlyDrops() {
    return earlyDrops;
  }

  /** A packet from outside; false: "nf_conntrack: table full, dropping packet". */
  public boolean arrives(long nowNs, Segment s) {
    return passes(nowNs, s.source, s.destination, s.ports, s.flags, false);
  }

  /** A packet of the host's own. */
  public boolean leaves(long nowNs, Segment s) {
    int ports = s.ports << 16 | s.ports >>> 16;
    return passes(nowNs, s.destination, s.source, ports, s.flags, true);
  }

  private boolean passes(
      long nowNs, int remote, int local, int ports, int flags, boolean fromLocal) {
    expire(nowNs);
    int bucket = bucketOf(remote, local, ports);
    if (!find(bucket, remote, local, ports)) {
      int state = firstState(flags);
      if (state == 0) {
        // INVALID, tcp_new(): nothing is created, and without a rule for it the packet passes.
        return true;
      }
      if (entries.isFull() && !makeRoom(bucket)) {
        entries.refuse(nowNs);
        return false;
      }
      create(nowNs, bucket, remote, local, ports);
      put(STATE, fromLocal ? F_LOCAL_ORIGIN : 0);
      enter(nowNs, state);
      return true;
    }
    boolean original = fromLocal == ((get(STATE) & F_LOCAL_ORIGIN) != 0);
    seen(nowNs, bucket, flags, original);
    return true;
  }

  // ---- states

  /** {@code tcp_new}. */
  private int firstState(int flags) {
    if ((flags & Segment.RST) != 0) {
      return 0;
    }
    if ((flags & Segment.SYN) != 0) {
      return (flags & Segment.ACK) == 0 ? SYN_SENT : 0;
    }
    return loose && (flags & Segment.FIN) == 0 ? ESTABLISHED : 0;
  }

  /** {@code nf_conntrack_tcp_packet} for the entry under the cursor. */
  private void seen(long nowNs, int bucket, int flags, boolean original) {
    int word = get(STATE);
    int old = word & STATE_MASK;
    if ((flags & Segment.RST) != 0 && !original && (word & F_REPLIED) == 0) {
      remove(bucket);
      return;
    }
    if (!original) {
      put(STATE, get(STATE) | F_REPLIED);
    }
    int state = next(old, flags, original);
    if (state == 0) {
      return;
    }
    boolean wasOpen = old == SYN_RECV || old == ESTABLISHED;
    if (state == ESTABLISHED && wasOpen && (get(STATE) & F_REPLIED) != 0) {
      put(STATE, get(STATE) | F_ASSURED);
    }
    if (state == SYN_SENT && old != SYN_SENT) {
      // A new connection over an old entry, from whoever asks for it.
      put(STATE, get(STATE) & ~(F_ASSURED | F_REPLIED));
      if (!original) {
        put(STATE, get(STATE) ^ F_LOCAL_ORIGIN);
      }
    }
    enter(nowNs, state);
  }

  /**
   * {@code tcp_conntracks}: the next state, 0 where the packet is ignored and the timeout runs on.
   */
  private static int next(int old, int flags, boolean original) {
    if ((flags & Segment.RST) != 0) {
      return CLOSE;
    }
    if ((flags & Segment.SYN) != 0) {
      return (flags & Segment.ACK) == 0 ? afterSyn(old, original) : afterSynAck(old, original);
    }
    return (flags & Segment.FIN) != 0 ? afterFin(old) : afterAck(old, original);
  }

  private static int afterSyn(int old, boolean original) {
    if (old == TIME_WAIT || old == CLOSE) {
      return SYN_SENT;
    }
    return old == SYN_SENT && original ? SYN_SENT : 0;
  }

  private static int afterSynAck(int old, boolean original) {
    return old == SYN_SENT && !original ? SYN_RECV : 0;
  }

  private static int afterFin(int old) {
    return switch (old) {
      case SYN_RECV, ESTABLISHED -> FIN_WAIT;
      case FIN_WAIT, CLOSE_WAIT, LAST_ACK -> LAST_ACK;
      case TIME_WAIT -> TIME_WAIT;
      case CLOSE -> CLOSE;
      default -> 0;
    };
  }

  private static int afterAck(int old, boolean original) {
    return switch (old) {
      case SYN_RECV -> original ? ESTABLISHED : SYN_RECV;
      case ESTABLISHED -> ESTABLISHED;
      case FIN_WAIT, CLOSE_WAIT -> CLOSE_WAIT;
      case LAST_ACK, TIME_WAIT -> TIME_WAIT;
      case CLOSE -> CLOSE;
      default -> 0;
    };
  }

  private void enter(long nowNs, int state) {
    put(STATE, (get(STATE) & ~STATE_MASK) | state);
    long deadlineNs = nowNs + timeoutSeconds[state] * SECOND_NS;
    put(DEADLINE, (int) (deadlineNs >>> 32));
    put(DEADLINE + 1, (int) deadlineNs);
    long second = deadlineNs / SECOND_NS + 1;
    // An entry that is looked at before its time is put off then; one that is late must move now.
    if (get(WHEEL_SECOND) == 0 || second < get(WHEEL_SECOND)) {
      unlink();
      link(second);
    }
  }

  private long deadlineNs() {
    return (long) get(DEADLINE) << 32 | get(DEADLINE + 1) & 0xFFFFFFFFL;
  }

  // ---- hash chains

  private int bucketOf(int remote, int local, int ports) {
    long hash =
        RandomStreams.mix((long) remote << 32 | ports & 0xFFFFFFFFL) ^ RandomStreams.mix(local);
    return (int) ((hash >>> 32) * buckets.length >>> 32);
  }

  private void move(int to) {
    row = to;
    at(to);
  }

  /** Moves the cursor to the entry, if there is one. */
  private boolean find(int bucket, int remote, int local, int ports) {
    for (int r = buckets[bucket]; r != 0; r = get(NEXT)) {
      move(r);
      if (get(REMOTE) == remote && get(LOCAL) == local && get(PORTS) == ports) {
        return true;
      }
    }
    return false;
  }

  private void create(long nowNs, int bucket, int remote, int local, int ports) {
    move(allocate());
    entries.up(nowNs);
    put(NEXT, buckets[bucket]);
    put(REMOTE, remote);
    put(LOCAL, local);
    put(PORTS, ports);
    buckets[bucket] = row;
  }

  /** Removes the entry under the cursor. */
  private void remove(int bucket) {
    int gone = row;
    put(STATE, 0);
    int next = get(NEXT);
    if (buckets[bucket] == gone) {
      buckets[bucket] = next;
    } else {
      int r = buckets[bucket];
      at(r);
      while (get(NEXT) != gone) {
        at(get(NEXT));
      }
      put(NEXT, next);
    }
    entries.down();
    free(gone);
  }

  /** {@code early_drop}: the first bucket from here on that has entries not assured loses them. */
  private boolean makeRoom(int bucket) {
    for (int i = 0; i < EVICTION_BUCKETS; i++) {
      int b = (bucket + i) % buckets.length;
      int dropped = 0;
      for (int r = buckets[b]; r != 0; ) {
        move(r);
        r = get(NEXT);
        if ((get(STATE) & F_ASSURED) == 0) {
          remove(b);
          dropped++;
        }
      }
      if (dropped > 0) {
        earlyDrops += dropped;
        return true;
      }
    }
    return false;
  }

  // ---- wheel

  /** Removes what ran out before the second at hand. */
  private void expire(long nowNs) {
    long second = nowNs / SECOND_NS;
    if (second <= wheelSecond) {
      return;
    }
    long from = Math.max(wheelSecond + 1, second - WHEEL_SECONDS + 1);
    wheelSecond = second;
    for (long s = from; s <= second; s++) {
      int r = wheel[(int) s & WHEEL_SECONDS - 1];
      while (r != 0) {
        move(r);
        r = get(WHEEL_NEXT);
        look();
      }
    }
  }

  private void look() {
    if ((get(STATE) & STATE_MASK) == 0) {
      unlink(); // a free row
      return;
    }
    long endSecond = deadlineNs() / SECOND_NS + 1;
    if (endSecond <= wheelSecond) {
      unlink();
      remove(bucketOf(get(REMOTE), get(LOCAL), get(PORTS)));
    } else {
      unlink();
      link(endSecond);
    }
  }

  /** Puts the entry under the cursor into the wheel, where it goes no further. */
  private void link(long second) {
    long at = Math.max(wheelSecond + 1, Math.min(second, wheelSecond + WHEEL_SECONDS - 1));
    int slot = (int) at & WHEEL_SECONDS - 1;
    int first = wheel[slot];
    put(WHEEL_SECOND, (int) at);
    put(WHEEL_NEXT, first);
    put(WHEEL_PREVIOUS, 0);
    wheel[slot] = row;
    if (first != 0) {
      at(first);
      put(WHEEL_PREVIOUS, row);
      at(row);
    }
  }

  private void unlink() {
    int second = get(WHEEL_SECOND);
    if (second == 0) {
      return;
    }
    int next = get(WHEEL_NEXT);
    int previous = get(WHEEL_PREVIOUS);
    put(WHEEL_SECOND, 0);
    if (previous == 0) {
      wheel[second & WHEEL_SECONDS - 1] = next;
    } else {
      at(previous);
      put(WHEEL_NEXT, next);
    }
    if (next != 0) {
      at(next);
      put(WHEEL_PREVIOUS, previous);
    }
    at(row);
  }
}
