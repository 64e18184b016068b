package dev.halfopen.engine;

import java.util.Arrays;

/**
 * Lazy hierarchical timer wheel: slots of 2^20 ns in three levels, 8-byte entries (slot 32, id 32)
 * in append-only chunks. It knows nothing of what the ids mean and cancels nothing: the owner drops
 * or moves an entry that wakes in vain. Entries of a slot come out in the order of their insertion,
 * also when they waited in a higher level: a level is emptied into the one below before anything
 * can be added there directly.
 */
public final class TimerWheel {
  /** Slots are 2^20 ns wide, about 1 ms. */
  public static final int SLOT_SHIFT = 20;

  private static final int LEVEL0_BITS = 12;
  private static final int LEVEL_BITS = 10;
  private static final int LEVEL1_SHIFT = LEVEL0_BITS;
  private static final int LEVEL2_SHIFT = LEVEL0_BITS + LEVEL_BITS;
  private static final int LEVEL2_BITS = 32 - LEVEL2_SHIFT;
  private static final int LEVEL0 = 0;
  private static final int LEVEL1 = 1 << LEVEL0_BITS;
  private static final int LEVEL2 = LEVEL1 + (1 << LEVEL_BITS);
  private static final int LISTS = LEVEL2 + (1 << LEVEL2_BITS);

  private final Chunks chunks;
  private final int[] head = new int[LISTS];
  private final int[] tail = new int[LISTS];
  private final int[] fill = new int[LISTS];

  /** Least slot in a list of the higher levels. */
  private final int[] least = new int[LISTS - LEVEL1];

  private final long[] occupied = new long[LISTS / 64];

  private long current;
  private long pending;
  private int readChunk;
  private int readAt;
  private int readFill;
  private long entry;

  public TimerWheel(MemoryBudget budget) {
    chunks = new Chunks(budget);
    Arrays.fill(head, -1);
  }

  /** Adds an entry to a slot later than the last one opened. */
  public void add(long slot, int id) {
    if (slot <= current || slot >>> 32 != 0) {
      throw new IllegalArgumentException("slot " + slot + " after slot " + current);
    }
    pending++;
    put(slot, slot << 32 | id & 0xFFFFFFFFL);
  }

  private int list(long slot) {
    if (slot >>> LEVEL1_SHIFT == current >>> LEVEL1_SHIFT) {
      return LEVEL0 + (int) (slot & LEVEL1 - 1);
    }
    if (slot >>> LEVEL2_SHIFT == current >>> LEVEL2_SHIFT) {
      return LEVEL1 + (int) (slot >>> LEVEL1_SHIFT & (1 << LEVEL_BITS) - 1);
    }
    return LEVEL2 + (int) (slot >>> LEVEL2_SHIFT);
  }

  private void put(long slot, long e) {
    int l = list(slot);
    int h = head[l];
    int k = fill[l];
    if (h < 0 || k == Chunks.ENTRIES) {
      int c = chunks.take();
      if (h < 0) {
        head[l] = c;
        occupied[l >>> 6] |= 1L << l;
        if (l >= LEVEL1) {
          least[l - LEVEL1] = (int) slot;
        }
      } else {
        chunks.next(tail[l], c);
      }
      tail[l] = c;
      k = 0;
    }
    if (l >= LEVEL1 && (int) slot - least[l - LEVEL1] < 0) {
      least[l - LEVEL1] = (int) slot;
    }
    chunks.set(tail[l], k, e);
    fill[l] = k + 1;
  }

  /** The last slot opened. */
  public long currentSlot() {
    return current;
  }

  /** The next slot that holds entries, or Long.MAX_VALUE. */
  public long nextSlot() {
    if (pending == 0) {
      return Long.MAX_VALUE;
    }
    int l = nextOccupied(LEVEL0 + (int) (current & LEVEL1 - 1) + 1, LEVEL1);
    if (l >= 0) {
      return current & -LEVEL1 | l;
    }
    l = nextOccupied(LEVEL1, LEVEL2);
    if (l < 0) {
      l = nextOccupied(LEVEL2, LISTS);
    }
    return l < 0 ? Long.MAX_VALUE : least[l - LEVEL1] & 0xFFFFFFFFL;
  }

  private int nextOccupied(int from, int to) {
    if (from >= to) {
      return -1;
    }
    int w = from >>> 6;
    long bits = occupied[w] & -1L << from;
    while (bits == 0) {
      if (++w << 6 >= to) {
        return -1;
      }
      bits = occupied[w];
    }
    int i = (w << 6) + Long.numberOfTrailingZeros(bits);
    return i < to ? i : -1;
  }

  /**
   * Advances to a slot; nothing occupied may lie before it. Then {@link #next} reads its entries.
   */
  public void open(long slot) {
    boolean newSecond = slot >>> LEVEL2_SHIFT != current >>> LEVEL2_SHIFT;
    boolean newFirst = slot >>> LEVEL1_SHIFT != current >>> LEVEL1_SHIFT;
    current = slot;
    if (newSecond) {
      cascade(LEVEL2 + (int) (slot >>> LEVEL2_SHIFT));
    }
    if (newFirst) {
      cascade(LEVEL1 + (int) (slot >>> LEVEL1_SHIFT & (1 << LEVEL_BITS) - 1));
    }
    int l = LEVEL0 + (int) (slot & LEVEL1 - 1);
    readChunk = head[l];
    readFill = fill[l];
    readAt = 0;
    empty(l);
  }

  private void empty(int l) {
    head[l] = -1;
    fill[l] = 0;
    occupied[l >>> 6] &= ~(1L << l);
  }

  private void cascade(int l) {
    int c = head[l];
    int last = fill[l];
    empty(l);
    while (c >= 0) {
      int next = chunks.next(c);
      int n = next < 0 ? last : Chunks.ENTRIES;
      for (int k = 0; k < n; k++) {
        long e = chunks.get(c, k);
        put(e >>> 32, e);
      }
      chunks.give(c);
      c = next;
    }
  }

  /** Moves to the next entry of the opened slot; false at its end. */
  public boolean next() {
    while (readChunk >= 0) {
      int next = chunks.next(readChunk);
      int n = next < 0 ? readFill : Chunks.ENTRIES;
      if (readAt < n) {
        entry = chunks.get(readChunk, readAt++);
        pending--;
        return true;
      }
      chunks.give(readChunk);
      readChunk = next;
      readAt = 0;
    }
    return false;
  }

  public int id() {
    return (int) entry;
  }

  public long pending() {
    return pending;
  }

  /** 64-byte-aligned runs of entries in segments; word 0 of a chunk is the next chunk. */
  private static final class Chunks {
    private static final int WORDS = 64;
    static final int ENTRIES = WORDS - 1;
    private static final int SEGMENT_BITS = 8;

    private final MemoryBudget budget;
    private long[][] segments = new long[4][];
    private int count;
    private int free = -1;

    Chunks(MemoryBudget budget) {
      this.budget = budget;
    }

    int take() {
      int c = free;
      if (c >= 0) {
        free = next(c);
      } else {
        c = count;
        if (c >>> SEGMENT_BITS == segments.length) {
          segments = Arrays.copyOf(segments, segments.length * 2);
        }
        if (segments[c >>> SEGMENT_BITS] == null) {
          budget.reserve("timerWheel", (long) WORDS * 8 << SEGMENT_BITS);
          segments[c >>> SEGMENT_BITS] = new long[WORDS << SEGMENT_BITS];
        }
        count++;
      }
      next(c, -1);
      return c;
    }

    void give(int c) {
      next(c, free);
      free = c;
    }

    private static int at(int c) {
      return (c & (1 << SEGMENT_BITS) - 1) * WORDS;
    }

    int next(int c) {
      return (int) segments[c >>> SEGMENT_BITS][at(c)];
    }

    void next(int c, int next) {
      segments[c >>> SEGMENT_BITS][at(c)] = next;
    }

    long get(int c, int k) {
      return segments[c >>> SEGMENT_BITS][at(c) + 1 + k];
    }

    void set(int c, int k, long e) {
      segments[c >>> SEGMENT_BITS][at(c) + 1 + k] = e;
    }
  }
}
