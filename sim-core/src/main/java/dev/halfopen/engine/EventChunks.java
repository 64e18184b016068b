package dev.halfopen.engine;

import java.util.Arrays;

/**
 * Storage of the event queue: chunks of 32 events, times apart from payloads, in segments that are
 * never copied. A chunk belongs to one list at a time.
 */
final class EventChunks {
  static final int CHUNK_BITS = 5;
  static final int EVENTS = 1 << CHUNK_BITS;
  private static final int SEGMENT_BITS = 6;
  private static final int SEGMENT_MASK = (1 << SEGMENT_BITS) - 1;

  private final MemoryBudget budget;
  private long[][] times = new long[8][];
  private long[][] payloads = new long[8][];
  private int[] next = new int[8 << SEGMENT_BITS];
  private int count;
  private int free = -1;

  EventChunks(MemoryBudget budget) {
    this.budget = budget;
  }

  int take() {
    int c = free;
    if (c >= 0) {
      free = next[c];
    } else {
      c = count++;
      if (c >>> SEGMENT_BITS == times.length) {
        int n = times.length * 2;
        times = Arrays.copyOf(times, n);
        payloads = Arrays.copyOf(payloads, n);
        next = Arrays.copyOf(next, n << SEGMENT_BITS);
      }
      if (times[c >>> SEGMENT_BITS] == null) {
        int events = EVENTS << SEGMENT_BITS;
        budget.reserve("eventQueue", 8L * events * (1 + EventQueue.WORDS));
        times[c >>> SEGMENT_BITS] = new long[events];
        payloads[c >>> SEGMENT_BITS] = new long[events * EventQueue.WORDS];
      }
    }
    next[c] = -1;
    return c;
  }

  int next(int c) {
    return next[c];
  }

  void next(int c, int following) {
    next[c] = following;
  }

  void give(int c) {
    next[c] = free;
    free = c;
  }

  /** Gives back a chain from its first to its last chunk. */
  void give(int first, int last) {
    next[last] = free;
    free = first;
  }

  long[] times(int c) {
    return times[c >>> SEGMENT_BITS];
  }

  static int timeAt(int c, int k) {
    return ((c & SEGMENT_MASK) << CHUNK_BITS) + k;
  }

  long[] payload(int c) {
    return payloads[c >>> SEGMENT_BITS];
  }

  static int payloadAt(int c, int k) {
    return (((c & SEGMENT_MASK) << CHUNK_BITS) + k) * EventQueue.WORDS;
  }
}
