package dev.halfopen.engine;

import java.util.Arrays;

/**
 * The bucket that is being dispatched: a sorted run of what it held when it was opened, and a heap
 * of the events that were appended to it since ("late").
 */
final class OpenBucket {
  /** Late events that find so many waiting in the heap are a sign that the bucket is too wide. */
  private static final int SHALLOW = 8;

  /** Later than all keys: ends the run, and stands for an empty heap. */
  private static final long NONE = Long.MAX_VALUE;

  private final EventStore store;
  private final MemoryBudget budget;
  private final BucketSort sorter;

  private long startNs;
  private long[] run = {NONE};
  private int size;
  private int at;
  private long[] late = new long[64];
  private int lateCount;

  /** The least key at the instant of the first late event. */
  private long leastLate = NONE;

  /** All events of the bucket so far, and the late ones among them that the heap made slow. */
  private int events;

  private int deepEvents;

  private int slot;
  private long timeNs;

  OpenBucket(EventStore store, MemoryBudget budget) {
    this.store = store;
    this.budget = budget;
    this.sorter = new BucketSort(store, budget);
    budget.reserve(EventQueue.NAME, MemoryBudget.arrayBytes(late.length, Long.BYTES));
  }

  /** Reads a list of {@code count} events from chunk {@code head} on. */
  void open(long bucketNs, int width, int head, int count) {
    startNs = bucketNs;
    timeNs = bucketNs;
    at = 0;
    size = count;
    events = count;
    deepEvents = 0;
    assert lateCount == 0;
    long[] keys = sorter.keys(count + 1);
    int c = head;
    for (int i = 0; i < count; i += EventStore.CHUNK_EVENTS) {
      gather(keys, i, Math.min(count - i, EventStore.CHUNK_EVENTS), c << EventStore.CHUNK_BITS);
      c = store.pool.next(c);
    }
    run = sorter.sort(count, width);
    run[count] = NONE;
  }

  /**
   * Makes the keys of a chunk. At a million pending events they have left the cache; in a row they
   * stream in, one by one in sorted order each read would wait (57 ns an event, not 72).
   */
  private void gather(long[] keys, int to, int n, int firstSlot) {
    long[] words = store.array(firstSlot);
    int from = EventStore.wordsAt(firstSlot);
    for (int i = 0; i < n; i++) {
      long eventNs = EventStore.timeNs(words, from + i * EventStore.STRIDE);
      keys[to + i] = eventNs - startNs << BucketSort.SLOT_BITS | firstSlot + i;
    }
  }

  /** Enters an event that was appended to the open bucket. */
  void addLate(long eventNs, int eventSlot) {
    events++;
    if (lateCount > SHALLOW) {
      deepEvents++;
      if (lateCount == late.length) {
        growLate();
      }
    }
    long key = eventNs - startNs << BucketSort.SLOT_BITS | eventSlot;
    long[] heap = late;
    int i = lateCount++;
    while (i > 0) {
      int parent = i - 1 >>> 1;
      if (!sorter.precedes(key, heap[parent])) {
        break;
      }
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = key;
    leastLate = BucketSort.atThatInstant(heap[0]);
  }

  private void growLate() {
    budget.reserve(EventQueue.NAME, MemoryBudget.arrayBytes(late.length * 2L, Long.BYTES));
    budget.release(EventQueue.NAME, MemoryBudget.arrayBytes(late.length, Long.BYTES));
    late = Arrays.copyOf(late, late.length * 2);
  }

  private void removeFirstLate() {
    long[] heap = late;
    int n = --lateCount;
    if (n == 0) {
      leastLate = NONE;
      return;
    }
    long key = heap[n];
    int i = 0;
    for (int child = 1; child < n; child = 2 * i + 1) {
      if (child + 1 < n && sorter.precedes(heap[child + 1], heap[child])) {
        child++;
      }
      if (!sorter.precedes(heap[child], key)) {
        break;
      }
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = key;
    leastLate = BucketSort.atThatInstant(heap[0]);
  }

  boolean hasNext() {
    return at < size || lateCount > 0;
  }

  long nextTimeNs() {
    return startNs + (Math.min(run[at], leastLate) >>> BucketSort.SLOT_BITS);
  }

  /** Moves to the next event, unless it lies after {@code untilNs} or there is none. */
  boolean nextUpTo(long untilNs) {
    int i = at;
    long key = run[i];
    long eventNs = startNs + (key >>> BucketSort.SLOT_BITS);
    if (key >= leastLate || eventNs > untilNs) {
      return lateUpTo(untilNs);
    }
    at = i + 1;
    slot = (int) key;
    timeNs = eventNs;
    return true;
  }

  /** The same where the next event may be a late one. */
  private boolean lateUpTo(long untilNs) {
    if (!hasNext() || nextTimeNs() > untilNs) {
      return false;
    }
    long key;
    if (lateCount > 0 && (at == size || sorter.precedes(late[0], run[at]))) {
      key = late[0];
      removeFirstLate();
    } else {
      key = run[at++];
    }
    slot = (int) key;
    timeNs = startNs + (key >>> BucketSort.SLOT_BITS);
    return true;
  }

  int slot() {
    return slot;
  }

  /** Instant of the current event, at first the start of the bucket. */
  long timeNs() {
    return timeNs;
  }

  /** Events of the run that are still to come. */
  int ahead() {
    return size - at;
  }

  long timeAhead(int i) {
    return startNs + (run[at + i] >>> BucketSort.SLOT_BITS);
  }

  int slotAhead(int i) {
    return (int) run[at + i];
  }

  int events() {
    return events;
  }

  /** Those of them that have been moved to. */
  int read() {
    return events - (size - at) - lateCount;
  }

  int deepEvents() {
    return deepEvents;
  }

  void clear() {
    size = 0;
    at = 0;
    lateCount = 0;
    run[0] = NONE;
    leastLate = NONE;
    timeNs = 0;
    startNs = 0;
  }
}
