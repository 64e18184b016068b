package dev.halfopen.tcp;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.RandomStreams;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Local ports for connect(), in the kernel's order ({@code __inet_hash_connect}), one host. Ports
 * are free per 4-tuple. While a tuple is not crowded the demux is asked port by port, as the kernel
 * does; then a {@link PortPool} finds the same port without the walk, and what the walk would have
 * looked at is counted all the same.
 */
final class PortAllocator {
  static final int NONE = -1;

  /** INET_TABLE_PERTURB_SIZE. */
  private static final int PERTURB_SIZE = 1 << 16;

  /** A connect that went by more ports than this makes the tuple's pool. */
  private static final int CROWDED = 16;

  /** The same where TIME_WAITs may be taken over: making the pool looks at every port. */
  private static final int CROWDED_WITH_REUSE = 256;

  private static final int PURPOSE_OFFSET = 20;
  private static final int PURPOSE_PERTURB = 21;
  private static final int PURPOSE_ADVANCE = 22;

  /**
   * Offsets change with time: {@code secure_ipv4_port_ephemeral} since 5.18 hashes 10 s periods.
   */
  private static final long EPOCH_NS = 10_000_000_000L;

  private final Stack s;
  private final HostTcp host;

  /** Random numbers of {@link #PURPOSE_ADVANCE}. */
  private final long advanceStream;

  /** Random numbers of the offsets towards one remote port, the one that was asked for last. */
  private long offsetStream;

  private int offsetPort = -1;

  /** What the present period adds to the offsets, and when it began. */
  private long periodHash;

  private long periodFromNs = -EPOCH_NS;

  private int[] perturb = new int[0];
  private int hint;
  private long advances;
  private long tried;

  /** Scratch of {@link #findCandidates}: when TIME_WAITs can be taken over 48 | port's index 16. */
  private long[] later = new long[0];

  private PortPools pools = new PortPools();

  /** What the last {@link #choose} decided: the TIME_WAIT row that is taken over, 0 for none. */
  int reusedTimeWait;

  /** The demux hash of the tuple that it decided on. */
  int chosenHash;

  PortAllocator(Stack s, HostTcp host) {
    this.s = s;
    this.host = host;
    this.advanceStream =
        RandomStreams.stream(host.host().seed(), host.host().id(), PURPOSE_ADVANCE);
  }

  long tried() {
    return tried;
  }

  /** A local port for a connection from here to there, or {@link #NONE}. */
  int choose(int local, int remote, int remotePort) {
    return host.sysctl().kernel().portSearch() == KernelProfile.PortSearch.PARITY
        ? byParity(local, remote, remotePort)
        : linear(local, remote, remotePort);
  }

  /** Of a destination, whenever. */
  private long offsetHash(int local, int remote, int remotePort) {
    if (remotePort != offsetPort) {
      offsetPort = remotePort;
      int purpose = PURPOSE_OFFSET + remotePort * 64;
      offsetStream = RandomStreams.stream(host.host().seed(), host.host().id(), purpose);
    }
    return RandomStreams.bits(offsetStream, (long) local << 32 | remote & 0xFFFFFFFFL);
  }

  private long periodHash() {
    long sinceNs = s.nowNs - periodFromNs;
    if (sinceNs < 0 || sinceNs >= EPOCH_NS) {
      long period = s.nowNs / EPOCH_NS;
      periodFromNs = period * EPOCH_NS;
      periodHash = RandomStreams.mix(period + 1);
    }
    return periodHash;
  }

  // ---- since 4.2: two parities

  private int byParity(int local, int remote, int remotePort) {
    int low = host.portFirst;
    int high = host.portLast + 1;
    int remaining = high - low;
    if (remaining > 1) {
      remaining &= ~1;
    }
    long hash = offsetHash(local, remote, remotePort) ^ periodHash();
    if (perturb.length == 0) {
      seedPerturb();
    }
    int index = (int) hash & PERTURB_SIZE - 1;
    int offset = offset(hash, remaining);
    PortPool pool = pools.find(local, remote, remotePort);
    if (pool != null) {
      pool.releaseWaiting(s.nowNs);
    }
    for (int parity = 0; parity < 2; parity++) {
      int scanned =
          pool == null
              ? probe(local, remote, remotePort, low + offset, high, remaining)
              : search(pool, offset, high - low, remaining);
      if (found != NONE) {
        tried += scanned / 2 + 1;
        advances++;
        int random = 2 * RandomStreams.below(RandomStreams.bits(advanceStream, advances), 8);
        perturb[index] += Math.max(scanned, random) + 2;
        taken(pool, local, remote, remotePort, scanned);
        return found;
      }
      tried += (remaining + 1) / 2;
      offset++;
      if (remaining <= 1) {
        break;
      }
    }
    if (pool == null) {
      makePool(local, remote, remotePort);
    }
    return NONE;
  }

  /** A connect() from here to there will come soon: where it will probably look is read ahead. */
  void soon(int local, int remote, int remotePort) {
    int remaining = host.portLast + 1 - host.portFirst & ~1;
    if (perturb.length == 0 || remaining == 0) {
      return;
    }
    int at = offset(offsetHash(local, remote, remotePort) ^ periodHash(), remaining);
    PortPool pool = pools.find(local, remote, remotePort);
    int free = pool == null ? at : pool.next(at, pool.count, 2);
    int port = host.portFirst + Math.max(0, free);
    s.touch.opening(local, remote, port << 16 | remotePort);
  }

  /** Where the walk over the ports begins. */
  private int offset(long hash, int remaining) {
    int index = (int) hash & PERTURB_SIZE - 1;
    return Integer.remainderUnsigned(perturb[index] + (int) (hash >>> 32), remaining) & ~1;
  }

  private void seedPerturb() {
    perturb = new int[PERTURB_SIZE];
    for (int i = 0; i < PERTURB_SIZE; i++) {
      perturb[i] =
          (int) RandomStreams.bits(host.host().seed(), host.host().id(), PURPOSE_PERTURB, i);
    }
  }

  private int found;

  /** Walks one parity as the kernel does; sets found, returns how far it went. */
  private int probe(int local, int remote, int remotePort, int firstPort, int high, int remaining) {
    int port = firstPort;
    for (int i = 0; i < remaining; i += 2, port += 2) {
      if (port >= high) {
        port -= remaining;
      }
      if (isFree(local, remote, remotePort, port)) {
        found = port;
        return i;
      }
    }
    found = NONE;
    return remaining;
  }

  /** The same over the bitmap: from the offset to the end, then from the wrap on. */
  private int search(PortPool pool, int offset, int size, int remaining) {
    int steps = (remaining + 1) / 2;
    int toEnd = Math.min(steps, (size - offset + 1) / 2);
    int at = offset;
    int end = offset + 2 * toEnd;
    for (int i = pool.next(at, Math.min(end, size), 2);
        i >= 0;
        i = pool.next(i + 2, Math.min(end, size), 2)) {
      if (confirm(pool, i)) {
        return i - offset;
      }
    }
    int wrapped = offset + 2 * toEnd - remaining;
    int wrapEnd = wrapped + 2 * (steps - toEnd);
    for (int i = pool.next(wrapped, wrapEnd, 2); i >= 0; i = pool.next(i + 2, wrapEnd, 2)) {
      if (confirm(pool, i)) {
        return 2 * toEnd + i - wrapped;
      }
    }
    found = NONE;
    return remaining;
  }

  private boolean confirm(PortPool pool, int index) {
    int port = pool.first + index;
    if (isFree(pool.local, pool.remote, pool.remotePort, port)) {
      found = port;
      return true;
    }
    if (!host.isBound(port) && !host.binder.isBound(port)) {
      pool.clear(index);
    }
    return false;
  }

  // ---- before 4.2: linear, one hint for all destinations

  private int linear(int local, int remote, int remotePort) {
    int low = host.portFirst;
    int remaining = host.portLast - low + 1;
    long hash = offsetHash(local, remote, remotePort) ^ RandomStreams.mix(0);
    int offset = hint + (int) (hash >>> 33);
    PortPool pool = pools.find(local, remote, remotePort);
    if (pool != null) {
      pool.releaseWaiting(s.nowNs);
    }
    int start = Integer.remainderUnsigned(offset + 1, remaining);
    int distance = linearDistance(pool, local, remote, remotePort, start, remaining);
    if (found == NONE) {
      tried += remaining;
      if (pool == null) {
        makePool(local, remote, remotePort);
      }
      return NONE;
    }
    tried += distance + 1;
    hint += distance + 1;
    taken(pool, local, remote, remotePort, distance);
    return found;
  }

  private int linearDistance(
      @Nullable PortPool pool, int local, int remote, int remotePort, int start, int remaining) {
    int low = host.portFirst;
    if (pool == null) {
      for (int i = 0; i < remaining; i++) {
        int at = start + i < remaining ? start + i : start + i - remaining;
        if (isFree(local, remote, remotePort, low + at)) {
          found = low + at;
          return i;
        }
      }
      found = NONE;
      return remaining;
    }
    for (int i = pool.next(start, remaining, 1); i >= 0; i = pool.next(i + 1, remaining, 1)) {
      if (confirm(pool, i)) {
        return i - start;
      }
    }
    for (int i = pool.next(0, start, 1); i >= 0; i = pool.next(i + 1, start, 1)) {
      if (confirm(pool, i)) {
        return remaining - start + i;
      }
    }
    found = NONE;
    return remaining;
  }

  // ---- both

  /** {@code __inet_check_established}: free, or a TIME_WAIT that may be taken over. */
  private boolean isFree(int local, int remote, int remotePort, int port) {
    if (host.isBound(port) || host.binder.isBound(port)) {
      return false;
    }
    int ports = port << 16 | remotePort;
    int hash = Demux.hash(local, remote, ports);
    int at = s.demux.find(hash, local, remote, ports);
    reusedTimeWait = 0;
    chosenHash = hash;
    return at < 0 || takesOver(at);
  }

  /** Whether what the demux has at that position is a TIME_WAIT that may be taken over. */
  private boolean takesOver(int at) {
    if (s.demux.tagAt(at) != Demux.TIME_WAIT || !s.timeWait.mayReuse(host)) {
      return false;
    }
    reusedTimeWait = s.demux.rowAt(at);
    return true;
  }

  /** Whether a bound port may connect there: no such 4-tuple, or a TIME_WAIT with timestamps. */
  boolean isFreeBound(int local, int remote, int ports) {
    int hash = Demux.hash(local, remote, ports);
    int at = s.demux.find(hash, local, remote, ports);
    reusedTimeWait = 0;
    chosenHash = hash;
    if (at < 0) {
      return true;
    }
    if (s.demux.tagAt(at) != Demux.TIME_WAIT || !s.timeWait.mayReuseBound()) {
      return false;
    }
    reusedTimeWait = s.demux.rowAt(at);
    return true;
  }

  /** The found port is in use from now on: no candidate for a connect that comes by again. */
  private void taken(@Nullable PortPool pool, int local, int remote, int remotePort, int distance) {
    if (pool != null) {
      pool.clear(found - pool.first);
    } else if (distance > (host.mayReuseTowards(remote) ? CROWDED_WITH_REUSE : CROWDED)) {
      makePool(local, remote, remotePort);
    }
  }

  private void makePool(int local, int remote, int remotePort) {
    int first = host.portFirst;
    int count = host.portLast - first + 1;
    PortPool pool = new PortPool(s.budget, local, remote, remotePort, first, count);
    pools.add(pool);
    if (host.mayReuseTowards(remote)) {
      findCandidates(pool);
    } else {
      pool.setAll();
    }
  }

  /** Looks at all ports, which tells when the TIME_WAITs there are may be taken over. */
  private void findCandidates(PortPool pool) {
    int count = pool.count;
    if (later.length < count) {
      s.budget.reserve(PortPool.NAME, MemoryBudget.arrayBytes(count, Long.BYTES));
      later = new long[count];
    }
    int n = 0;
    for (int i = 0; i < count; i++) {
      int ports = pool.first + i << 16 | pool.remotePort;
      int hash = Demux.hash(pool.local, pool.remote, ports);
      int at = s.demux.find(hash, pool.local, pool.remote, ports);
      if (at < 0 || s.demux.tagAt(at) == Demux.TIME_WAIT && s.timeWait.mayReuse(host)) {
        pool.set(i);
      } else if (s.demux.tagAt(at) == Demux.TIME_WAIT && s.timeWait.mayReuseLater(host)) {
        later[n++] = s.timeWait.reusableUnits(host) << 16 | i;
      }
    }
    Arrays.sort(later, 0, n);
    for (int i = 0; i < n; i++) {
      pool.becomesCandidate((int) later[i] & 0xFFFF, TimeWaitService.nsOfUnits(later[i] >>> 16));
    }
  }

  /** The range has changed: pools are made anew when they are needed. */
  void forgetPools() {
    pools = new PortPools();
  }

  /** Whether any tuple is so crowded that {@link #reusableLater} has somebody to tell. */
  boolean wantsToKnow() {
    return !pools.isEmpty();
  }

  /** A 4-tuple of this host is free again. */
  void released(int local, int remote, int ports) {
    PortPool pool = pools.find(local, remote, ports & 0xFFFF);
    if (pool != null) {
      int index = (ports >>> 16) - pool.first;
      if (index >= 0 && index < pool.count) {
        pool.set(index);
      }
    }
  }

  /** A 4-tuple entered TIME_WAIT and can be taken over after the delay. */
  void reusableLater(int local, int remote, int ports, long atNs) {
    PortPool pool = pools.find(local, remote, ports & 0xFFFF);
    if (pool != null) {
      int index = (ports >>> 16) - pool.first;
      if (index >= 0 && index < pool.count) {
        pool.becomesCandidate(index, atNs);
      }
    }
  }
}
