package dev.halfopen.engine;

import java.util.Arrays;

/**
 * The bucket that is being dispatched: a sorted run of what it held when it was opened, and a heap
 * of the events that were appended to it since ("late").
 */
final class OpenBucket {
  /** Late events that find so many waiting in the heap are a sign that the bucket is too wide. */
  private static final int SHALLOW = 8;

  private static final int CACHE_LINE_WORDS = 8;

  private final EventStore store;
  private final MemoryBudget budget;
  private final BucketSort sorter;

  private long startNs;
  private long[] run = new long[0];
  private int size;
  private int at;
  private long[] late = new long[64];
  private int lateCount;

  /** All events of the bucket so far, and the late ones among them that the heap made slow. */
  private int events;

  private int deepEvents;

  /** Written so that the reads are not optimized away. */
  @SuppressWarnings("unused")
  private long touched;

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
    long[] keys = sorter.keys(count);
    int c = head;
    for (int i = 0; i < count; i += EventStore.CHUNK_EVENTS) {
      gather(keys, i, Math.min(count - i, EventStore.CHUNK_EVENTS), c << EventStore.CHUNK_BITS);
      c = store.pool.next(c);
    }
    run = sorter.sort(count, width);
  }

  private void gather(long[] keys, int to, int n, int firstSlot) {
    long[] times = store.array(firstSlot);
    int from = EventStore.timeAt(firstSlot);
    for (int i = 0; i < n; i++) {
      keys[to + i] = times[from + i] - startNs << BucketSort.SLOT_BITS | firstSlot + i;
    }
    touch(times, EventStore.wordsAt(firstSlot), n * EventQueue.WORDS);
  }

  /**
   * Reads a word of each cache line. At a million pending events the words have left the cache; in
   * a row they stream in, one by one in sorted order each read would wait (57 ns an event, not 72).
   */
  private void touch(long[] words, int from, int length) {
    long x = 0;
    for (int i = 0; i < length; i += CACHE_LINE_WORDS) {
      x ^= words[from + i];
    }
    touched = x;
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
  }

  private void growLate() {
    budget.reserve(EventQueue.NAME, MemoryBudget.arrayBytes(late.length * 2L, Long.BYTES));
    budget.release(EventQueue.NAME, MemoryBudget.arrayBytes(late.length, Long.BYTES));
    late = Arrays.copyOf(late, late.length * 2);
  }

  private void removeFirstLate() {
    long[] heap = late;
    int n = --lateCount;
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
  }

  boolean hasNext() {
    return at < size || lateCount > 0;
  }

  long nextTimeNs() {
    long key = at < size ? run[at] : Long.MAX_VALUE;
    if (lateCount > 0) {
      key = Math.min(key, late[0]);
    }
    return startNs + (key >>> BucketSort.SLOT_BITS);
  }

  /** Moves to the next event, unless it lies after {@code untilNs} or there is none. */
  boolean nextUpTo(long untilNs) {
    int i = at;
    boolean inRun = i < size;
    long key;
    if (lateCount == 0) {
      if (!inRun) {
        return false;
      }
      key = run[i];
    } else {
      key = late[0];
      if (inRun && !sorter.precedes(key, run[i])) {
        key = run[i];
      } else {
        inRun = false;
      }
    }
    long eventNs = startNs + (key >>> BucketSort.SLOT_BITS);
    if (eventNs > untilNs) {
      return false;
    }
    if (inRun) {
      at = i + 1;
    } else {
      removeFirstLate();
    }
    slot = (int) key;
    timeNs = eventNs;
    return true;
  }

  boolean next() {
    long key;
    if (lateCount > 0 && (at == size || sorter.precedes(late[0], run[at]))) {
      key = late[0];
      removeFirstLate();
    } else if (at < size) {
      key = run[at++];
    } else {
      return false;
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

  int deepEvents() {
    return deepEvents;
  }

  void clear() {
    size = 0;
    at = 0;
    lateCount = 0;
    timeNs = 0;
    startNs = 0;
  }
}
