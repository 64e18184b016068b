package dev.halfopen.engine;

import java.util.Arrays;

/**
 * Calendar queue: buckets of 2^w ns of append-only chunks, sorted when a bucket is opened. Three
 * levels (4096 buckets, 1024 windows of 4096 buckets, 1024 spans of 1024 windows) and a last list
 * hold events however far ahead; a list is emptied into the level below when time reaches it.
 * Bitmaps find the next occupied bucket, so idle time costs nothing.
 *
 * <p>Events come out by time, then by {@link Order}; neither width nor insertion nor parking shows.
 */
public final class EventQueue {
  /** Longs of an event: word 0 is the order key, words 1..5 are the caller's. */
  public static final int WORDS = 6;

  private static final int LEAST_WIDTH = 10;
  private static final int MOST_WIDTH = 20;
  private static final int NEAR_BITS = 12;
  private static final int FAR_BITS = 10;
  private static final int NEAR = 1 << NEAR_BITS;
  private static final int MIDDLE = NEAR;
  private static final int FAR = MIDDLE + (1 << FAR_BITS);
  private static final int BEYOND = FAR + (1 << FAR_BITS);
  private static final int LISTS = BEYOND + 1;

  /** Buckets between two looks at the width. */
  private static final int REVIEW = 256;

  private static final int MANY = 500;
  private static final int FEW = 100;

  private final EventChunks chunks;
  private final int[] head = new int[LISTS];
  private final int[] tail = new int[LISTS];
  private final int[] count = new int[LISTS];
  private final long[] leastNs = new long[LISTS - NEAR];
  private final long[] occupied = new long[LISTS / 64 + 1];
  private final OpenBucket open;

  private int width;
  private long nowNs;
  private int pending;
  private int base;

  private int reviewBuckets;
  private long reviewEvents;
  private long reviewAppends;
  private long reviewOpenAppends;

  public EventQueue(MemoryBudget budget) {
    this(budget, 16);
  }

  /** Starts with buckets of 2^width ns. */
  EventQueue(MemoryBudget budget, int width) {
    this.chunks = new EventChunks(budget);
    this.open = new OpenBucket(chunks);
    this.width = width;
    Arrays.fill(head, -1);
  }

  /**
   * Appends an event at {@code timeNs}, not before the last event dispatched.
   *
   * @return the array that holds it; {@link #base} is the index of its word 0, which is written
   */
  public long[] append(long timeNs, long order) {
    pending++;
    reviewAppends++;
    if (open.covers(timeNs)) {
      reviewOpenAppends++;
      long[] payload = open.append(timeNs, order);
      base = open.appendedAt();
      return payload;
    }
    return put(timeNs, order);
  }

  private long[] put(long timeNs, long order) {
    int l = list(timeNs);
    int k = count[l]++;
    int c = tail[l];
    int at = k & EventChunks.EVENTS - 1;
    if (at == 0) {
      c = addChunk(l, c, k, timeNs);
    }
    if (l >= NEAR && timeNs < leastNs[l - NEAR]) {
      leastNs[l - NEAR] = timeNs;
    }
    chunks.times(c)[EventChunks.timeAt(c, at)] = timeNs;
    long[] payload = chunks.payload(c);
    base = EventChunks.payloadAt(c, at);
    payload[base] = order;
    return payload;
  }

  private int addChunk(int l, int last, int k, long timeNs) {
    int c = chunks.take();
    if (k == 0) {
      head[l] = c;
      occupied[l >>> 6] |= 1L << l;
      if (l >= NEAR) {
        leastNs[l - NEAR] = timeNs;
      }
    } else {
      chunks.next(last, c);
    }
    tail[l] = c;
    return c;
  }

  private int list(long timeNs) {
    long bucket = timeNs >>> width;
    long nowBucket = nowNs >>> width;
    if (bucket >>> NEAR_BITS == nowBucket >>> NEAR_BITS) {
      return (int) bucket & NEAR - 1;
    }
    if (bucket >>> NEAR_BITS + FAR_BITS == nowBucket >>> NEAR_BITS + FAR_BITS) {
      return MIDDLE + ((int) (bucket >>> NEAR_BITS) & (1 << FAR_BITS) - 1);
    }
    int two = NEAR_BITS + 2 * FAR_BITS;
    if (bucket >>> two == nowBucket >>> two) {
      return FAR + ((int) (bucket >>> NEAR_BITS + FAR_BITS) & (1 << FAR_BITS) - 1);
    }
    return BEYOND;
  }

  /** Index of word 0 of the event last appended. */
  public int base() {
    return base;
  }

  /** Start of the next bucket that holds events, Long.MAX_VALUE if there is none. */
  public long nextBucketNs() {
    if (pending == 0) {
      return Long.MAX_VALUE;
    }
    long bucket = nowNs >>> width;
    int l = nextOccupied((int) bucket & NEAR - 1, NEAR);
    if (l >= 0) {
      return (bucket & -NEAR | l) << width;
    }
    l = nextOccupied(MIDDLE, FAR);
    if (l < 0) {
      l = nextOccupied(FAR, BEYOND);
    }
    if (l < 0) {
      l = BEYOND;
    }
    return leastNs[l - NEAR] >>> width << width;
  }

  private int nextOccupied(int from, int to) {
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

  /** Opens the bucket that contains {@code timeNs}; no event may lie before it. */
  public void open(long timeNs) {
    advance(timeNs);
    int l = (int) (timeNs >>> width) & NEAR - 1;
    open.open(timeNs >>> width << width, width, head[l], count[l]);
    reviewEvents += count[l];
    clear(l);
  }

  private void clear(int l) {
    head[l] = -1;
    count[l] = 0;
    occupied[l >>> 6] &= ~(1L << l);
  }

  /** Moves time, emptying lists of higher levels into the windows it enters. */
  private void advance(long timeNs) {
    long was = nowNs >>> width + NEAR_BITS;
    long is = timeNs >>> width + NEAR_BITS;
    nowNs = timeNs;
    if (was == is) {
      return;
    }
    if (was >>> 2 * FAR_BITS != is >>> 2 * FAR_BITS) {
      spread(BEYOND);
    }
    if (was >>> FAR_BITS != is >>> FAR_BITS) {
      spread(FAR + ((int) (is >>> FAR_BITS) & (1 << FAR_BITS) - 1));
    }
    spread(MIDDLE + ((int) is & (1 << FAR_BITS) - 1));
  }

  /** Puts the events of a list where they belong now. */
  private void spread(int l) {
    int c = head[l];
    int left = count[l];
    clear(l);
    while (c >= 0) {
      int n = Math.min(left, EventChunks.EVENTS);
      copy(c, n);
      left -= n;
      int next = chunks.next(c);
      chunks.give(c);
      c = next;
    }
  }

  private void copy(int c, int n) {
    long[] from = chunks.payload(c);
    for (int k = 0; k < n; k++) {
      int at = EventChunks.payloadAt(c, k);
      long[] to = put(chunks.times(c)[EventChunks.timeAt(c, k)], from[at]);
      for (int w = 1; w < WORDS; w++) {
        to[base + w] = from[at + w];
      }
    }
  }

  /** Whether the open bucket has events left. */
  public boolean hasNext() {
    return open.hasNext();
  }

  /** Time of the event that {@link #next} will move to. */
  public long nextTimeNs() {
    return open.nextTimeNs();
  }

  /** Moves to the next event of the open bucket; only if there is one. */
  public void next() {
    pending--;
    open.next();
    nowNs = open.timeNs();
  }

  public long timeNs() {
    return open.timeNs();
  }

  /** The array that holds the current event, valid until {@link #close}. */
  public long[] array() {
    return open.array();
  }

  /** Index of word 0 of the current event. */
  public int index() {
    return open.index();
  }

  /** Ends the open bucket, whose events have all been read, and perhaps changes the width. */
  public void close() {
    long endNs = open.endNs();
    open.close();
    advance(endNs);
    if (++reviewBuckets == REVIEW) {
      review();
    }
  }

  private void review() {
    long perBucket = reviewEvents / REVIEW;
    boolean crowded = perBucket > MANY || reviewOpenAppends * 10 > reviewAppends && perBucket > 8;
    int wanted = width;
    if (crowded && width > LEAST_WIDTH) {
      wanted = width - 1;
    } else if (perBucket < FEW && reviewOpenAppends * 25 < reviewAppends && width < MOST_WIDTH) {
      wanted = width + 1;
    }
    reviewBuckets = 0;
    reviewEvents = 0;
    reviewAppends = 0;
    reviewOpenAppends = 0;
    if (wanted != width) {
      changeWidth(wanted);
    }
  }

  /** Deals all events anew into buckets of another width. */
  void changeWidth(int newWidth) {
    int first = -1;
    int[] heads = new int[0];
    int[] counts = new int[0];
    int lists = 0;
    for (int l = 0; l < LISTS; l++) {
      if (head[l] >= 0) {
        if (lists == heads.length) {
          heads = Arrays.copyOf(heads, Math.max(16, lists * 2));
          counts = Arrays.copyOf(counts, heads.length);
        }
        heads[lists] = head[l];
        counts[lists++] = count[l];
        clear(l);
      }
    }
    width = newWidth;
    for (int i = 0; i < lists; i++) {
      for (int c = heads[i]; c >= 0; c = first) {
        int n = Math.min(counts[i], EventChunks.EVENTS);
        copy(c, n);
        counts[i] -= n;
        first = chunks.next(c);
        chunks.give(c);
      }
    }
  }

  /** log2 of the bucket width in ns. */
  public int width() {
    return width;
  }

  public int pending() {
    return pending;
  }
}
