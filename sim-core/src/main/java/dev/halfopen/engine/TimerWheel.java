package dev.halfopen.engine;

import java.util.Arrays;

/**
 * Lazy hierarchical timer wheel: slots of 2^20 ns in three levels of lists, entries of 8 bytes
 * (slot 32, id 32). It knows nothing of what the ids mean and cancels nothing: the owner drops or
 * moves an entry that wakes in vain.
 *
 * <p>The entries of a slot come out in the order of their insertion, also when they waited in a
 * higher level: a list is dealt to the level below when time enters it, before anything can be
 * added there directly.
 */
public final class TimerWheel {
  /** Slots are 2^20 ns wide, about 1 ms. */
  public static final int SLOT_SHIFT = 20;

  /** Slots have 32 bits: 52 days. */
  public static final long MOST_SLOT = (1L << 32) - 1;

  private static final String NAME = "timerWheel";

  /** 4.3 s, so that a retransmission timeout is not dealt twice. */
  private static final int LEVEL0_BITS = 12;

  /** 1024 lists of 4.3 s, then 1024 lists of 73 min. */
  private static final int LEVEL_BITS = 10;

  private static final int LEVEL1_SHIFT = LEVEL0_BITS;
  private static final int LEVEL2_SHIFT = LEVEL0_BITS + LEVEL_BITS;
  private static final int LEVEL0_MASK = (1 << LEVEL0_BITS) - 1;
  private static final int LEVEL_MASK = (1 << LEVEL_BITS) - 1;
  private static final int LEVEL1 = 1 << LEVEL0_BITS;
  private static final int LEVEL2 = LEVEL1 + (1 << LEVEL_BITS);
  private static final int LISTS = LEVEL2 + (1 << LEVEL_BITS);

  private static final int CHUNK_BITS = 6;
  private static final int CHUNK_ENTRIES = 1 << CHUNK_BITS;
  private static final int CHUNK_MASK = CHUNK_ENTRIES - 1;

  /** 2^15 chunks of 512 bytes: 16 MiB, which the collector puts into the old generation at once. */
  private static final int SEGMENT_BITS = 15;

  private static final int SEGMENT_MASK = (1 << SEGMENT_BITS) - 1;

  /** A list is 4 ints: first chunk, place for the next entry (chunk 26, entry 6), least slot. */
  private static final int LIST_BITS = 2;

  private static final int HEAD = 0;
  private static final int TAIL = 1;
  private static final int LEAST = 2;

  private final ChunkPool pool;
  private final long[][] segments;
  private final int[] lists = new int[LISTS << LIST_BITS];
  private final long[] occupied = new long[LISTS >>> 6];

  private long current;
  private long pending;

  private int readChunk = -1;
  private int readTail;
  private long[] readArray = new long[0];
  private int readAt;
  private int readEnd;
  private int id;

  public TimerWheel(MemoryBudget budget) {
    budget.reserve(
        NAME,
        MemoryBudget.arrayBytes(lists.length, Integer.BYTES)
            + MemoryBudget.arrayBytes(occupied.length, Long.BYTES));
    pool = new ChunkPool(NAME, CHUNK_ENTRIES, CHUNK_ENTRIES, SEGMENT_BITS, budget);
    segments = pool.segments;
  }

  /**
   * Adds an entry to a slot.
   *
   * @param slot instant >>> {@link #SLOT_SHIFT}, later than the last one opened
   */
  public void add(long slot, int entryId) {
    if (slot <= current || slot > MOST_SLOT) {
      throw new IllegalArgumentException("slot " + slot + ", when it is " + current);
    }
    pending++;
    put(slot, slot << 32 | entryId & 0xFFFFFFFFL);
  }

  private int list(long slot) {
    long differing = slot ^ current;
    if (differing >>> LEVEL1_SHIFT == 0) {
      return (int) slot & LEVEL0_MASK;
    }
    return differing >>> LEVEL2_SHIFT == 0
        ? LEVEL1 + ((int) (slot >>> LEVEL1_SHIFT) & LEVEL_MASK)
        : LEVEL2 + (int) (slot >>> LEVEL2_SHIFT);
  }

  private void put(long slot, long entry) {
    int list = list(slot);
    int l = list << LIST_BITS;
    int tail = lists[l + TAIL];
    if ((tail & CHUNK_MASK) == 0) {
      tail = addChunk(list, slot);
    }
    // Slots of one list differ by less than 2^22, whatever their sign as ints.
    if ((int) slot - lists[l + LEAST] < 0) {
      lists[l + LEAST] = (int) slot;
    }
    lists[l + TAIL] = tail + 1;
    int chunk = tail >>> CHUNK_BITS;
    segments[chunk >>> SEGMENT_BITS][chunkAt(chunk) + (tail & CHUNK_MASK)] = entry;
  }

  private static int chunkAt(int chunk) {
    return ChunkPool.PAD + ((chunk & SEGMENT_MASK) << CHUNK_BITS);
  }

  private int addChunk(int list, long slot) {
    int l = list << LIST_BITS;
    int chunk = pool.take();
    if ((occupied[list >>> 6] & 1L << list) == 0) {
      occupied[list >>> 6] |= 1L << list;
      lists[l + HEAD] = chunk;
      lists[l + LEAST] = (int) slot;
    } else {
      pool.link(lists[l + TAIL] - 1 >>> CHUNK_BITS, chunk);
    }
    return chunk << CHUNK_BITS;
  }

  /** The last opened slot. */
  public long currentSlot() {
    return current;
  }

  /** The next slot that holds entries, Long.MAX_VALUE if there is none. */
  public long nextSlot() {
    if (pending == 0) {
      return Long.MAX_VALUE;
    }
    // Lists of a level lie behind those of the level below, and lists of the past are empty.
    int list = nextOccupied(((int) current & LEVEL0_MASK) + 1);
    return list < 0 ? Long.MAX_VALUE : lists[(list << LIST_BITS) + LEAST] & MOST_SLOT;
  }

  private int nextOccupied(int from) {
    int w = from >>> 6;
    long bits = occupied[w] & -1L << from;
    while (bits == 0) {
      if (++w == occupied.length) {
        return -1;
      }
      bits = occupied[w];
    }
    return (w << 6) + Long.numberOfTrailingZeros(bits);
  }

  /**
   * Advances to a slot that need not hold anything; nothing may lie before it. Its entries are then
   * read by {@link #next}, all of them before another slot is opened.
   */
  public void open(long slot) {
    assert readChunk < 0 : "slot " + current + " has not been read to its end";
    assert slot >= current && slot <= nextSlot() : slot + " after " + current;
    long differing = slot ^ current;
    current = slot;
    if (differing >>> LEVEL1_SHIFT != 0) {
      if (differing >>> LEVEL2_SHIFT != 0) {
        deal(LEVEL2 + (int) (slot >>> LEVEL2_SHIFT));
      }
      deal(LEVEL1 + ((int) (slot >>> LEVEL1_SHIFT) & LEVEL_MASK));
    }
    startReading((int) slot & LEVEL0_MASK);
  }

  private void startReading(int list) {
    readAt = 0;
    readEnd = 0;
    if ((occupied[list >>> 6] & 1L << list) != 0) {
      readTail = lists[(list << LIST_BITS) + TAIL];
      empty(list);
      readFrom(lists[(list << LIST_BITS) + HEAD]);
    }
  }

  private void empty(int list) {
    occupied[list >>> 6] &= ~(1L << list);
    lists[(list << LIST_BITS) + TAIL] = 0;
  }

  private void readFrom(int chunk) {
    readChunk = chunk;
    readArray = segments[chunk >>> SEGMENT_BITS];
    readAt = chunkAt(chunk);
    readEnd = readAt + entriesIn(chunk, readTail);
  }

  /** Entries in a chunk of a list that ends at {@code tail}. */
  private static int entriesIn(int chunk, int tail) {
    return tail - 1 >>> CHUNK_BITS == chunk ? (tail - 1 & CHUNK_MASK) + 1 : CHUNK_ENTRIES;
  }

  private void deal(int list) {
    if ((occupied[list >>> 6] & 1L << list) == 0) {
      return;
    }
    int chunk = lists[(list << LIST_BITS) + HEAD];
    int tail = lists[(list << LIST_BITS) + TAIL];
    empty(list);
    while (chunk >= 0) {
      long[] from = segments[chunk >>> SEGMENT_BITS];
      int at = chunkAt(chunk);
      for (int end = at + entriesIn(chunk, tail); at < end; at++) {
        put(from[at] >>> 32, from[at]);
      }
      int next = pool.next(chunk);
      pool.give(chunk, chunk);
      chunk = next;
    }
  }

  /** Moves to the next entry of the opened slot; false at its end. */
  public boolean next() {
    if (readAt == readEnd && !nextChunk()) {
      return false;
    }
    id = (int) readArray[readAt++];
    pending--;
    return true;
  }

  private boolean nextChunk() {
    if (readChunk < 0) {
      return false;
    }
    int next = pool.next(readChunk);
    pool.give(readChunk, readChunk);
    readChunk = -1;
    if (next < 0) {
      return false;
    }
    readFrom(next);
    return true;
  }

  /**
   * Copies the ids of the entries that come next, as far as they lie in a row, so that what they
   * will need can be read ahead.
   *
   * @return how many
   */
  public int ahead(int[] ids) {
    int n = Math.min(ids.length, readEnd - readAt);
    for (int i = 0; i < n; i++) {
      ids[i] = (int) readArray[readAt + i];
    }
    return n;
  }

  /** Id of the current entry. */
  public int id() {
    return id;
  }

  /** Entries added and not yet read. */
  public long pending() {
    return pending;
  }

  /** Forgets all entries and starts at slot 0 again; keeps what is allocated. */
  public void clear() {
    Arrays.fill(lists, 0);
    Arrays.fill(occupied, 0);
    pool.clear();
    current = 0;
    pending = 0;
    readChunk = -1;
    readAt = 0;
    readEnd = 0;
  }
}
