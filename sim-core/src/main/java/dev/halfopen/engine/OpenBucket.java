package dev.halfopen.engine;

import java.util.Arrays;

/**
 * The bucket that is being dispatched: its events sorted by (time, order), with room for events
 * that are appended to it meanwhile. A sort key is offset in the bucket 20 | position in the chunk
 * list 43; ties of the offset are settled by the order words.
 */
final class OpenBucket {
  private static final int POSITION_BITS = 43;
  private static final long POSITION_MASK = (1L << POSITION_BITS) - 1;

  /** Runs longer than this are merged, not inserted. */
  private static final int RUN = 48;

  private static final int MOST_HISTOGRAM_BITS = 11;

  private final EventChunks chunks;
  private final int[] histogram = new int[(1 << MOST_HISTOGRAM_BITS) + 1];
  private long[] keys = new long[1024];
  private long[] scratch = new long[1024];
  private int[] chunkOf = new int[32];

  private boolean isOpen;
  private long startNs;
  private long endNs;
  private int first;
  private int size;
  private int at;

  private long timeNs;
  private long[] array = new long[0];
  private int index;
  private int appendedAt;

  OpenBucket(EventChunks chunks) {
    this.chunks = chunks;
  }

  void open(long bucketNs, int width, int head, int count) {
    isOpen = true;
    startNs = bucketNs;
    endNs = bucketNs + (1L << width);
    first = head;
    size = count;
    at = 0;
    if (keys.length < count) {
      keys = new long[count * 2];
      scratch = new long[count * 2];
    }
    int c = head;
    for (int from = 0; from < count; from += EventChunks.EVENTS) {
      rememberChunk(from >>> EventChunks.CHUNK_BITS, c);
      long[] times = chunks.times(c);
      int t = EventChunks.timeAt(c, 0);
      int to = Math.min(count, from + EventChunks.EVENTS);
      for (int i = from; i < to; i++) {
        keys[i] = times[t++] - bucketNs << POSITION_BITS | i;
      }
      c = chunks.next(c);
    }
    sort(width);
  }

  private void rememberChunk(int i, int c) {
    if (i == chunkOf.length) {
      chunkOf = Arrays.copyOf(chunkOf, i * 2);
    }
    chunkOf[i] = c;
  }

  boolean covers(long t) {
    return isOpen && t < endNs;
  }

  /** Adds an event to the open bucket, behind what has been read. */
  long[] append(long t, long order) {
    int position = size;
    int k = position & EventChunks.EVENTS - 1;
    int i = position >>> EventChunks.CHUNK_BITS;
    if (k == 0) {
      int c = chunks.take();
      if (position == 0) {
        first = c;
      } else {
        chunks.next(chunkOf[i - 1], c);
      }
      rememberChunk(i, c);
    }
    int c = chunkOf[i];
    chunks.times(c)[EventChunks.timeAt(c, k)] = t;
    long[] payload = chunks.payload(c);
    appendedAt = EventChunks.payloadAt(c, k);
    payload[appendedAt] = order;
    insert(t - startNs << POSITION_BITS | position, order);
    return payload;
  }

  int appendedAt() {
    return appendedAt;
  }

  private void insert(long key, long order) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, size * 2);
    }
    int p = size++;
    long[] ks = keys;
    while (p > at && isAfter(ks[p - 1], key, order)) {
      ks[p] = ks[p - 1];
      p--;
    }
    ks[p] = key;
  }

  private boolean isAfter(long a, long key, long order) {
    long d = (a >>> POSITION_BITS) - (key >>> POSITION_BITS);
    return d != 0 ? d > 0 : orderOf(a) > order;
  }

  private long orderOf(long key) {
    int position = (int) (key & POSITION_MASK);
    int c = chunkOf[position >>> EventChunks.CHUNK_BITS];
    return chunks.payload(c)[EventChunks.payloadAt(c, position & EventChunks.EVENTS - 1)];
  }

  // ---- sorting

  private void sort(int width) {
    int n = size;
    int bits = 0;
    if (n > RUN) {
      bits = Math.min(width, n > 1024 ? MOST_HISTOGRAM_BITS : n > 256 ? 10 : 8);
      distribute(n, POSITION_BITS + width - bits, bits);
    }
    if (bits == 0) {
      insertionSort(0, n);
      return;
    }
    int from = 0;
    for (int b = 0; b < 1 << bits; b++) {
      int to = histogram[b];
      if (to - from > 1) {
        if (to - from <= RUN) {
          insertionSort(from, to);
        } else {
          mergeSort(from, to);
        }
      }
      from = to;
    }
  }

  /**
   * Counting sort by the high bits of the offset; afterwards histogram[b] is the end of group b.
   */
  private void distribute(int n, int shift, int bits) {
    int[] h = histogram;
    Arrays.fill(h, 0, (1 << bits) + 1, 0);
    long[] from = keys;
    if (scratch.length < from.length) {
      scratch = new long[from.length];
    }
    long[] to = scratch;
    for (int i = 0; i < n; i++) {
      h[(int) (from[i] >>> shift) + 1]++;
    }
    for (int i = 0; i < 1 << bits; i++) {
      h[i + 1] += h[i];
    }
    for (int i = 0; i < n; i++) {
      long key = from[i];
      to[h[(int) (key >>> shift)]++] = key;
    }
    keys = to;
    scratch = from;
  }

  private void insertionSort(int from, int to) {
    long[] ks = keys;
    for (int i = from + 1; i < to; i++) {
      long key = ks[i];
      int p = i;
      while (p > from && precedes(key, ks[p - 1])) {
        ks[p] = ks[p - 1];
        p--;
      }
      ks[p] = key;
    }
  }

  private boolean precedes(long a, long b) {
    long d = (a >>> POSITION_BITS) - (b >>> POSITION_BITS);
    return d != 0 ? d < 0 : orderOf(a) < orderOf(b);
  }

  private void mergeSort(int from, int to) {
    for (int i = from; i < to; i += RUN) {
      insertionSort(i, Math.min(to, i + RUN));
    }
    if (scratch.length < keys.length) {
      scratch = new long[keys.length];
    }
    for (int run = RUN; run < to - from; run *= 2) {
      for (int low = from; low < to; low += 2 * run) {
        merge(low, Math.min(to, low + run), Math.min(to, low + 2 * run));
      }
      System.arraycopy(scratch, from, keys, from, to - from);
    }
  }

  private void merge(int low, int middle, int high) {
    int a = low;
    int b = middle;
    for (int i = low; i < high; i++) {
      boolean takeB = a == middle || b < high && precedes(keys[b], keys[a]);
      scratch[i] = takeB ? keys[b++] : keys[a++];
    }
  }

  // ---- reading

  boolean hasNext() {
    return at < size;
  }

  long nextTimeNs() {
    return startNs + (keys[at] >>> POSITION_BITS);
  }

  void next() {
    long key = keys[at++];
    timeNs = startNs + (key >>> POSITION_BITS);
    int position = (int) (key & POSITION_MASK);
    int c = chunkOf[position >>> EventChunks.CHUNK_BITS];
    array = chunks.payload(c);
    index = EventChunks.payloadAt(c, position & EventChunks.EVENTS - 1);
  }

  long timeNs() {
    return timeNs;
  }

  long[] array() {
    return array;
  }

  int index() {
    return index;
  }

  long endNs() {
    return endNs;
  }

  void close() {
    isOpen = false;
    if (size > 0) {
      chunks.give(first, chunkOf[size - 1 >>> EventChunks.CHUNK_BITS]);
    }
  }
}
