package dev.halfopen.tcp;

import dev.halfopen.engine.MemoryBudget;
import java.util.Arrays;

/**
 * Which ports of the local range may be free towards one (source, destination, destination port): a
 * bitmap, made once the tuple is crowded. A set bit is a candidate that the demux must confirm, so
 * that all may be set at first; a clear bit is a port known to be taken.
 */
final class PortPool {
  /** As the memory bill shows them. */
  static final String NAME = "portPools";

  private static final int FIRST_WAITING = 64;

  /** Most pools have nothing that waits. */
  private static final int[] NO_PORTS = {};

  private static final long[] NO_INSTANTS = {};

  private final MemoryBudget budget;
  final int local;
  final int remote;
  final int remotePort;
  final int first;
  final int count;
  private final long[] candidate;

  /** TIME_WAITs that become candidates after tcp_tw_reuse_delay, oldest first. */
  private int[] waitingPort = NO_PORTS;

  private long[] waitingUntilNs = NO_INSTANTS;
  private int waitHead;
  private int waitSize;

  PortPool(MemoryBudget budget, int local, int remote, int remotePort, int first, int count) {
    this.budget = budget;
    this.local = local;
    this.remote = remote;
    this.remotePort = remotePort;
    this.first = first;
    this.count = count;
    int words = (count + 63) / 64;
    budget.reserve(NAME, MemoryBudget.arrayBytes(words, Long.BYTES));
    candidate = new long[words];
  }

  boolean is(int l, int r, int rp) {
    return l == local && r == remote && rp == remotePort;
  }

  boolean isCandidate(int index) {
    return (candidate[index >>> 6] & 1L << index) != 0;
  }

  /** All ports are candidates. */
  void setAll() {
    Arrays.fill(candidate, -1L);
  }

  void set(int index) {
    candidate[index >>> 6] |= 1L << index;
  }

  void clear(int index) {
    candidate[index >>> 6] &= ~(1L << index);
  }

  /** A port entered TIME_WAIT and may be reused from that instant on. */
  void becomesCandidate(int index, long atNs) {
    if (waitSize == waitingPort.length) {
      growWaiting();
    }
    int at = waitHead + waitSize & waitingPort.length - 1;
    waitingPort[at] = index;
    waitingUntilNs[at] = atNs;
    waitSize++;
  }

  private static long waitingBytes(int n) {
    return MemoryBudget.arrayBytes(n, Integer.BYTES) + MemoryBudget.arrayBytes(n, Long.BYTES);
  }

  private void growWaiting() {
    int n = waitingPort.length;
    int larger = Math.max(FIRST_WAITING, n * 2);
    budget.reserve(NAME, waitingBytes(larger));
    if (n > 0) {
      budget.release(NAME, waitingBytes(n));
    }
    int[] ports = new int[larger];
    long[] until = new long[larger];
    for (int i = 0; i < n; i++) {
      ports[i] = waitingPort[waitHead + i & n - 1];
      until[i] = waitingUntilNs[waitHead + i & n - 1];
    }
    waitingPort = ports;
    waitingUntilNs = until;
    waitHead = 0;
  }

  void releaseWaiting(long nowNs) {
    while (waitSize > 0 && waitingUntilNs[waitHead] <= nowNs) {
      set(waitingPort[waitHead]);
      waitHead = waitHead + 1 & waitingPort.length - 1;
      waitSize--;
    }
  }

  /**
   * Least candidate index >= from of the given parity (step 2) or any (step 1), below end; or -1.
   */
  int next(int from, int end, int step) {
    if (from >= end) {
      return -1;
    }
    long pattern = step == 1 ? -1L : (from & 1) == 0 ? 0x5555555555555555L : 0xAAAAAAAAAAAAAAAAL;
    int w = from >>> 6;
    long bits = candidate[w] & pattern & -1L << from;
    while (bits == 0) {
      if (++w >= candidate.length || w << 6 >= end) {
        return -1;
      }
      bits = candidate[w] & pattern;
    }
    int i = (w << 6) + Long.numberOfTrailingZeros(bits);
    return i < end ? i : -1;
  }
}
