package dev.halfopen.engine;

import java.util.Arrays;

/**
 * Records of a fixed number of 32-bit words, an array of structs in segments of 2^18 records, with
 * a last-in-first-out free list. Row 0 is never used. A subclass names the fields; the table itself
 * is the cursor: {@link #at} moves it, and it stands there until the next call.
 *
 * <p>Records start 48 bytes into a segment, so that with the 16 bytes of the array's header records
 * of 64 bytes lie on one cache line where arrays are aligned to 64 (-XX:ObjectAlignmentInBytes=64).
 */
public abstract class RecordTable {
  private static final int SEGMENT_SHIFT = 18;
  private static final int SEGMENT_ROWS = 1 << SEGMENT_SHIFT;
  private static final int SEGMENT_MASK = SEGMENT_ROWS - 1;
  private static final int FIRST_ROWS = 256;
  private static final int PAD = 12;
  private static final int MOST_ROWS = 1 << 30;

  private final String name;
  private final int shift;
  private final int linkWord;
  private final MemoryBudget budget;

  private int[][] segments = new int[1][];
  private int capacity;
  private int top = 1;
  private int free;
  private int live;

  /** The record under the cursor: word w is {@code segment[base + w]}. */
  protected int[] segment;

  protected int base = PAD;

  /**
   * An empty table with room for 256 rows.
   *
   * @param name as the memory bill shows it
   * @param words words of a record, a power of two
   * @param linkWord the word that a free record may be chained by; all others survive in it
   */
  protected RecordTable(String name, int words, int linkWord, MemoryBudget budget) {
    if (Integer.bitCount(words) != 1) {
      throw new IllegalArgumentException(words + " words: not a power of two");
    }
    this.name = name;
    this.shift = Integer.numberOfTrailingZeros(words);
    this.linkWord = linkWord;
    this.budget = budget;
    capacity = FIRST_ROWS;
    budget.reserve(name, bytes(FIRST_ROWS));
    segments[0] = new int[(FIRST_ROWS << shift) + PAD];
    segment = segments[0];
  }

  private long bytes(int rows) {
    return (long) rows << shift + 2;
  }

  /** Moves the cursor. */
  public final void at(int row) {
    segment = segments[row >>> SEGMENT_SHIFT];
    base = ((row & SEGMENT_MASK) << shift) + PAD;
  }

  /** Takes a row; the cursor stays where it was. Its words are what they were, or 0. */
  public final int allocate() {
    live++;
    int row = free;
    if (row != 0) {
      free = segments[row >>> SEGMENT_SHIFT][((row & SEGMENT_MASK) << shift) + PAD + linkWord];
      return row;
    }
    if (top == capacity) {
      grow();
    }
    return top++;
  }

  /** Gives a row back; the cursor stays where it was. */
  public final void free(int row) {
    live--;
    segments[row >>> SEGMENT_SHIFT][((row & SEGMENT_MASK) << shift) + PAD + linkWord] = free;
    free = row;
  }

  private void grow() {
    if (capacity < SEGMENT_ROWS) {
      int rows = capacity * 2;
      budget.reserve(name, bytes(capacity));
      int[] old = segments[0];
      segments[0] = Arrays.copyOf(old, (rows << shift) + PAD);
      if (segment == old) {
        segment = segments[0];
      }
      capacity = rows;
      return;
    }
    if (capacity == MOST_ROWS) {
      throw new IllegalStateException(name + ": more than " + MOST_ROWS + " rows");
    }
    budget.reserve(name, bytes(SEGMENT_ROWS));
    int index = capacity >>> SEGMENT_SHIFT;
    if (index == segments.length) {
      segments = Arrays.copyOf(segments, index * 2);
    }
    segments[index] = new int[(SEGMENT_ROWS << shift) + PAD];
    capacity += SEGMENT_ROWS;
  }

  public final int live() {
    return live;
  }

  /** The highest row ever taken. */
  public final int highWater() {
    return top - 1;
  }

  public final String name() {
    return name;
  }
}
