package dev.halfopen.engine;

/**
 * Chunks of longs for append-only lists, in segments that are never copied once they are whole;
 * only the first starts small and doubles. Freed chunks are reused last in, first out, while they
 * are still cached. What lies in a chunk and where is its user's affair.
 */
final class ChunkPool {
  /** Unused words before the first chunk: with the array's header of 16 bytes one cache line. */
  static final int PAD = 6;

  private static final int FIRST_CHUNKS = 64;
  private static final int MOST_SEGMENTS = 2048;

  private final String name;
  private final MemoryBudget budget;
  private final int chunkWords;
  private final int segmentBits;

  /** Chunk c lies in segments[c >>> segmentBits]. */
  final long[][] segments = new long[MOST_SEGMENTS][];

  private final int[][] links = new int[MOST_SEGMENTS][];
  private int capacity;
  private int top;
  private int free = -1;

  /**
   * @param chunkEntries what a chunk holds, for the memory bill
   */
  ChunkPool(String name, int chunkWords, int chunkEntries, int segmentBits, MemoryBudget budget) {
    this.name = name;
    this.budget = budget;
    this.chunkWords = chunkWords;
    this.segmentBits = segmentBits;
    budget.reserve(name, 2 * MemoryBudget.arrayBytes(MOST_SEGMENTS, MemoryBudget.REFERENCE_BYTES));
    budget.billRows(name, () -> (long) top * chunkEntries);
    allocate(0, FIRST_CHUNKS);
  }

  /** A chunk that is the last of its list; its words are not cleared. */
  int take() {
    int c = free;
    if (c >= 0) {
      free = next(c);
    } else {
      if (top == capacity) {
        grow();
      }
      c = top++;
    }
    link(c, -1);
    return c;
  }

  /** Gives back a list from its first to its last chunk. */
  void give(int first, int last) {
    link(last, free);
    free = first;
  }

  int next(int c) {
    return links[c >>> segmentBits][c & (1 << segmentBits) - 1];
  }

  void link(int c, int next) {
    links[c >>> segmentBits][c & (1 << segmentBits) - 1] = next;
  }

  /** All chunks are free again. */
  void clear() {
    top = 0;
    free = -1;
  }

  private void grow() {
    int whole = 1 << segmentBits;
    if (capacity >= whole) {
      int segment = capacity >>> segmentBits;
      if (segment == MOST_SEGMENTS) {
        throw new IllegalStateException(name + ": more than " + capacity + " chunks");
      }
      allocate(segment, whole);
      return;
    }
    long[] words = segments[0];
    int[] link = links[0];
    allocate(0, capacity * 2);
    System.arraycopy(words, 0, segments[0], 0, words.length);
    System.arraycopy(link, 0, links[0], 0, link.length);
    budget.release(name, bytes(link.length));
  }

  private void allocate(int segment, int chunks) {
    budget.reserve(name, bytes(chunks));
    segments[segment] = new long[PAD + chunks * chunkWords];
    links[segment] = new int[chunks];
    capacity = (segment << segmentBits) + chunks;
  }

  private long bytes(int chunks) {
    return MemoryBudget.arrayBytes(PAD + (long) chunks * chunkWords, Long.BYTES)
        + MemoryBudget.arrayBytes(chunks, Integer.BYTES);
  }
}
