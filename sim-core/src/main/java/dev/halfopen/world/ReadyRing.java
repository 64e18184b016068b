package dev.halfopen.world;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.Readiness;

/** Readiness of the event at hand, in order; the loop drains it before the next event. */
final class ReadyRing implements Readiness {
  private static final String NAME = "readiness";
  private static final int WORDS = 4;

  private final MemoryBudget budget;
  private long[] ring = new long[WORDS * 64];
  private int head;
  private int size;

  ReadyRing(MemoryBudget budget) {
    this.budget = budget;
    budget.reserve(NAME, MemoryBudget.arrayBytes(ring.length, Long.BYTES));
  }

  @Override
  public void post(Host host, long socket, int handle, int bits, int mark, int errno) {
    int capacity = ring.length / WORDS;
    if (size == capacity) {
      grow(capacity);
      capacity *= 2;
    }
    int at = (head + size & capacity - 1) * WORDS;
    ring[at] = host.id();
    ring[at + 1] = socket;
    ring[at + 2] = (long) handle << 32 | mark & 0xFFFFFFFFL;
    ring[at + 3] = (long) bits << 32 | errno;
    size++;
  }

  private void grow(int capacity) {
    budget.reserve(NAME, MemoryBudget.arrayBytes(ring.length * 2L, Long.BYTES));
    budget.release(NAME, MemoryBudget.arrayBytes(ring.length, Long.BYTES));
    long[] bigger = new long[ring.length * 2];
    for (int i = 0; i < size; i++) {
      System.arraycopy(ring, (head + i & capacity - 1) * WORDS, bigger, i * WORDS, WORDS);
    }
    ring = bigger;
    head = 0;
  }

  /** So short that the compiler inlines it even where it has had enough. */
  int size() {
    return size;
  }

  int hostId() {
    return (int) ring[head * WORDS];
  }

  long socket() {
    return ring[head * WORDS + 1];
  }

  int handle() {
    return (int) (ring[head * WORDS + 2] >>> 32);
  }

  int mark() {
    return (int) ring[head * WORDS + 2];
  }

  int bits() {
    return (int) (ring[head * WORDS + 3] >>> 32);
  }

  int errno() {
    return (int) ring[head * WORDS + 3];
  }

  void pop() {
    head = head + 1 & ring.length / WORDS - 1;
    size--;
  }
}
