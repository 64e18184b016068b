package dev.halfopen.engine;

import java.util.Arrays;

/**
 * Calendar queue of a shard's events. Time is cut into buckets of 2^w ns; an event is appended to
 * the list of its bucket, and a bucket is sorted when it is opened. Events come out by time, then
 * by {@link Order}: neither width nor insertion nor parking shows.
 *
 * <p>The calendar reaches {@link #NEAR} buckets ahead. What lies beyond is parked in levels of 1024
 * lists, 2^24 ns to 2^54 ns wide, and dealt to finer lists when time enters its list. Bitmaps find
 * the next list that holds anything, so that idle time costs nothing.
 */
public final class EventQueue {
  /** Longs of an event: word 0 is the order key, words 1..6 are the caller's. */
  public static final int WORDS = 7;

  static final String NAME = "eventQueue";

  private static final int NEAR_BITS = 14;
  private static final int NEAR = 1 << NEAR_BITS;
  private static final int NEAR_MASK = NEAR - 1;

  /** Whatever the width, the calendar reaches beyond the end of the list that time has entered. */
  private static final int LEVEL1_SHIFT = NEAR_BITS + BucketWidth.LEAST;

  private static final int LEVEL_BITS = 10;
  private static final int LEVEL_LISTS = 1 << LEVEL_BITS;
  private static final int LEVELS = 4;
  private static final int PARKED_LISTS = LEVELS * LEVEL_LISTS;

  private final MemoryBudget budget;
  private final EventStore store;
  private final OpenBucket open;
  private final BucketWidth tuner = new BucketWidth();

  /**
   * A list is first chunk 32 | slot for the next event 32, 0 where it is empty. A slot that begins
   * a chunk stands for no room: the next event takes a new chunk.
   */
  private long[] near = new long[NEAR];

  private long[] nearOccupied = new long[NEAR >>> 6];
  private long[] spareNear = new long[0];
  private long[] spareOccupied = new long[0];
  private final long[] parked = new long[PARKED_LISTS];
  private final long[] parkedOccupied = new long[PARKED_LISTS >>> 6];
  private final long[] parkedLeastNs = new long[PARKED_LISTS];

  private int width = BucketWidth.FIRST;

  /** Number of the last opened bucket; the calendar reaches from here. */
  private long current;

  private boolean isOpen;

  /** The earliest parked event; Long.MAX_VALUE if there is none. */
  private long leastParkedNs = Long.MAX_VALUE;

  /** Events appended, less those of the buckets that have been closed. */
  private int pending;

  private int base;

  public EventQueue(MemoryBudget budget) {
    this.budget = budget;
    budget.reserve(
        NAME,
        nearBytes()
            + MemoryBudget.arrayBytes(parked.length, Long.BYTES)
            + MemoryBudget.arrayBytes(parkedOccupied.length, Long.BYTES)
            + MemoryBudget.arrayBytes(parkedLeastNs.length, Long.BYTES));
    store = new EventStore(budget);
    open = new OpenBucket(store, budget);
  }

  private static long nearBytes() {
    return MemoryBudget.arrayBytes(NEAR, Long.BYTES)
        + MemoryBudget.arrayBytes(NEAR >>> 6, Long.BYTES);
  }

  // ---- in

  /**
   * Appends an event, not before the current one.
   *
   * @return the array that holds it; {@link #base} is the index of its word 0, which is written,
   *     and the caller writes what it needs of words 1..6 before the next append
   */
  public long[] append(long timeNs, long order) {
    assert timeNs >= open.timeNs() : timeNs + " ns, when it is " + open.timeNs();
    pending++;
    long ahead = (timeNs >>> width) - current;
    if (ahead >>> NEAR_BITS != 0) {
      return park(timeNs, order);
    }
    int list = (int) (timeNs >>> width) & NEAR_MASK;
    long[] words = put(near, list, nearOccupied, timeNs, order);
    if (ahead == 0 && isOpen) {
      open.addLate(timeNs, (int) near[list] - 1);
    }
    return words;
  }

  /** Appends to a list; {@link #base} tells where. */
  private long[] put(long[] lists, int list, long[] occupied, long timeNs, long order) {
    long l = Words.get(lists, list);
    if (((int) l & EventStore.CHUNK_MASK) == 0) {
      l = withChunk(l, list, occupied);
    }
    Words.put(lists, list, l + 1);
    int slot = (int) l;
    long[] words = store.array(slot);
    int at = EventStore.wordsAt(slot);
    EventStore.write(words, at, timeNs, order);
    base = at;
    return words;
  }

  /** A full or empty list with room for an event in another chunk. */
  private long withChunk(long l, int list, long[] occupied) {
    int chunk = store.pool.take();
    long first = chunk;
    if (l == 0) {
      occupied[list >>> 6] |= 1L << list;
    } else {
      store.pool.link(lastChunk(l), chunk);
      first = firstChunk(l);
    }
    return first << 32 | (long) chunk << EventStore.CHUNK_BITS;
  }

  private static int firstChunk(long list) {
    return (int) (list >>> 32);
  }

  private static int lastChunk(long list) {
    return (int) list - 1 >>> EventStore.CHUNK_BITS;
  }

  /** Events in the last chunk of a list. */
  private static int inLastChunk(long list) {
    return ((int) list - 1 & EventStore.CHUNK_MASK) + 1;
  }

  /** Events of a list. */
  private int count(long list) {
    if (list == 0) {
      return 0;
    }
    int full = 0;
    for (int c = firstChunk(list); c != lastChunk(list); c = store.pool.next(c)) {
      full += EventStore.CHUNK_EVENTS;
    }
    return full + inLastChunk(list);
  }

  /** Index of word 0 of the event last appended. */
  public int base() {
    return base;
  }

  // ---- far events

  /**
   * The list for an instant beyond the calendar: by the highest bit in which it differs from now.
   */
  private int parkedList(long timeNs) {
    long differing = timeNs ^ current << width;
    int level = 0;
    int shift = LEVEL1_SHIFT;
    while (level < LEVELS - 1 && differing >>> shift + LEVEL_BITS != 0) {
      level++;
      shift += LEVEL_BITS;
    }
    return level << LEVEL_BITS | (int) (timeNs >>> shift) & LEVEL_LISTS - 1;
  }

  private long[] park(long timeNs, long order) {
    if (timeNs >>> width < current) {
      throw new IllegalArgumentException(timeNs + " ns lies before bucket " + current);
    }
    int list = parkedList(timeNs);
    if (parked[list] == 0 || timeNs < parkedLeastNs[list]) {
      parkedLeastNs[list] = timeNs;
    }
    leastParkedNs = Math.min(leastParkedNs, timeNs);
    return put(parked, list, parkedOccupied, timeNs, order);
  }

  /** Moves time to a bucket and deals out the parked lists that it enters. */
  private void advance(long bucket) {
    long differing = bucket << width ^ current << width;
    current = bucket;
    if (differing >>> LEVEL1_SHIFT == 0) {
      return;
    }
    for (int level = LEVELS - 1; level >= 0; level--) {
      int shift = LEVEL1_SHIFT + level * LEVEL_BITS;
      if (differing >>> shift != 0) {
        int inLevel = (int) (bucket << width >>> shift) & LEVEL_LISTS - 1;
        deal(parked, level << LEVEL_BITS | inLevel, parkedOccupied);
      }
    }
    int first = nextOccupied(parkedOccupied, 0);
    leastParkedNs = first < 0 ? Long.MAX_VALUE : parkedLeastNs[first];
  }

  /** Empties a list, putting each event where it belongs now. */
  private void deal(long[] lists, int list, long[] occupied) {
    long l = lists[list];
    int left = count(l);
    int chunk = firstChunk(l);
    lists[list] = 0;
    occupied[list >>> 6] &= ~(1L << list);
    while (left > 0) {
      int n = Math.min(left, EventStore.CHUNK_EVENTS);
      int firstSlot = chunk << EventStore.CHUNK_BITS;
      for (int i = 0; i < n; i++) {
        move(firstSlot + i);
      }
      int next = store.pool.next(chunk);
      store.pool.give(chunk, chunk);
      chunk = next;
      left -= n;
    }
  }

  private void move(int slot) {
    long timeNs = store.timeNs(slot);
    long order = store.order(slot);
    long bucket = timeNs >>> width;
    long[] to =
        bucket - current < NEAR
            ? put(near, (int) bucket & NEAR_MASK, nearOccupied, timeNs, order)
            : park(timeNs, order);
    System.arraycopy(store.array(slot), EventStore.wordsAt(slot) + 1, to, base + 1, WORDS - 1);
  }

  // ---- buckets

  /** Start of the next bucket that holds events, Long.MAX_VALUE if there is none. */
  public long nextBucketNs() {
    assert !isOpen;
    if (pending == 0) {
      return Long.MAX_VALUE;
    }
    long next = leastParkedNs >>> width << width;
    int list = nextNear();
    if (list >= 0) {
      next = Math.min(next, current + (list - current & NEAR_MASK) << width);
    }
    return next;
  }

  private int nextNear() {
    int from = (int) current & NEAR_MASK;
    int list = nextOccupied(nearOccupied, from);
    return list >= 0 || from == 0 ? list : nextOccupied(nearOccupied, 0);
  }

  /** The first bit set at or after {@code from}, -1 if there is none. */
  private static int nextOccupied(long[] bitmap, int from) {
    int w = from >>> 6;
    long bits = bitmap[w] & -1L << from;
    while (bits == 0) {
      if (++w == bitmap.length) {
        return -1;
      }
      bits = bitmap[w];
    }
    return (w << 6) + Long.numberOfTrailingZeros(bits);
  }

  /**
   * Opens the bucket that contains an instant: its events are read by {@link #next}, those appended
   * to it meanwhile included. No event may lie before the bucket.
   */
  public void open(long bucketStartNs) {
    assert bucketStartNs >>> width <= nextBucketNs() >>> width : "events would be skipped";
    advance(bucketStartNs >>> width);
    long l = near[(int) current & NEAR_MASK];
    open.open(current << width, width, firstChunk(l), count(l));
    isOpen = true;
  }

  /** Exclusive end of the bucket opened last. */
  public long bucketEndNs() {
    return current + 1 << width;
  }

  /** Whether the open bucket has events left. */
  public boolean hasNext() {
    return open.hasNext();
  }

  /** Instant of the event that {@link #next} will move to. */
  public long nextTimeNs() {
    return open.nextTimeNs();
  }

  /** Moves to the next event of the open bucket; false at its end. */
  public boolean next() {
    return open.nextUpTo(Long.MAX_VALUE);
  }

  /** The same, but only to an event at or before {@code untilNs}. */
  public boolean nextUpTo(long untilNs) {
    return open.nextUpTo(untilNs);
  }

  public long timeNs() {
    return open.timeNs();
  }

  /** Order key of the current event. */
  public long order() {
    return store.order(open.slot());
  }

  /** The array that holds the current event, valid until {@link #close}. */
  public long[] array() {
    return store.array(open.slot());
  }

  /** Index of word 0 of the current event. */
  public int index() {
    return EventStore.wordsAt(open.slot());
  }

  /** Ends the open bucket, all of whose events have been read; perhaps changes the width. */
  public void close() {
    assert isOpen && !open.hasNext();
    isOpen = false;
    int list = (int) current & NEAR_MASK;
    long l = near[list];
    if (l != 0) {
      store.pool.give(firstChunk(l), lastChunk(l));
      near[list] = 0;
      nearOccupied[list >>> 6] &= ~(1L << list);
    }
    pending -= open.events();
    int better = tuner.afterBucket(open.events(), open.deepEvents(), pending);
    if (better != width) {
      changeWidth(better);
    }
  }

  // ---- a look ahead, for touching what the next events will need

  /**
   * How many events of the open bucket can be looked at before they are read. Events appended since
   * it was opened are not among them and may come between.
   */
  public int ahead() {
    return open.ahead();
  }

  /** Instant of the i-th event ahead, 0 for the next one. */
  public long timeAhead(int i) {
    return open.timeAhead(i);
  }

  public long[] arrayAhead(int i) {
    return store.array(open.slotAhead(i));
  }

  public int indexAhead(int i) {
    return EventStore.wordsAt(open.slotAhead(i));
  }

  // ---- width

  /** log2 of the width of buckets in ns. */
  public int width() {
    return width;
  }

  /** Deals the calendar anew into buckets of another width; no bucket may be open. */
  void changeWidth(int newWidth) {
    assert !isOpen;
    if (spareNear.length == 0) {
      budget.reserve(NAME, nearBytes());
      spareNear = new long[near.length];
      spareOccupied = new long[nearOccupied.length];
    }
    long[] oldNear = near;
    long[] oldOccupied = nearOccupied;
    int from = (int) current & NEAR_MASK;
    near = spareNear;
    nearOccupied = spareOccupied;
    spareNear = oldNear;
    spareOccupied = oldOccupied;
    current = current << width >>> newWidth;
    width = newWidth;
    tuner.set(newWidth);
    dealAll(oldNear, oldOccupied, from, NEAR);
    dealAll(oldNear, oldOccupied, 0, from);
  }

  private void dealAll(long[] lists, long[] occupied, int from, int to) {
    for (int w = from >>> 6; w << 6 < to; w++) {
      long bits = occupied[w];
      while (bits != 0) {
        int list = (w << 6) + Long.numberOfTrailingZeros(bits);
        bits &= bits - 1;
        if (list >= from && list < to) {
          deal(lists, list, occupied);
        }
      }
    }
  }

  /** Events appended and not yet read. */
  public int pending() {
    return isOpen ? pending - open.read() : pending;
  }

  /** Forgets all events and starts at instant 0 again; keeps what is allocated. */
  public void clear() {
    Arrays.fill(near, 0);
    Arrays.fill(nearOccupied, 0);
    Arrays.fill(parked, 0);
    Arrays.fill(parkedOccupied, 0);
    store.pool.clear();
    open.clear();
    tuner.clear();
    width = tuner.get();
    current = 0;
    isOpen = false;
    leastParkedNs = Long.MAX_VALUE;
    pending = 0;
  }
}
