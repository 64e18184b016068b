package dev.halfopen.engine;

import java.util.Arrays;

/**
 * Records of a fixed number of 32-bit words, an array of structs in segments of 2^18 records, with
 * a last-in-first-out free list. Row 0 is never used. A subclass names the fields; the table itself
 * is the cursor: {@link #at} moves it, and it stands there until the next call.
 *
 * <p>Records start 48 bytes into a segment, so that with the 16 bytes of the array's header records
 * of 64 bytes lie on one cache line where arrays are aligned to 64 (-XX:ObjectAlignmentInBytes=64).
 *
 * <p>The first segment starts with 256 rows and grows; after that whole segments are added and
 * nothing is ever copied.
 *
 * <p>The cursor is kept here, and the compiler takes a field of one class for one piece of memory:
 * whoever moves the cursor of one table makes it read those of all others again. A table whose
 * cursor moves while those of others stand keeps one of its own: it overrides {@link #at} and
 * {@link #replaced} and reads by {@link #get(int[], long, int)}; what goes by the cursor here
 * ({@link #take}, {@link #giveBack}, {@link #get(int)} and its like) is not for it.
 */
public abstract class RecordTable {
  private static final int SEGMENT_SHIFT = 18;
  private static final int SEGMENT_ROWS = 1 << SEGMENT_SHIFT;
  private static final int SEGMENT_MASK = SEGMENT_ROWS - 1;
  private static final int FIRST_ROWS = 256;
  private static final int FIRST_SEGMENTS = 8;
  private static final long LARGE_BYTES = 8L << 20;

  /** Words before the first record. */
  private static final int PAD = 12;

  private static final long FIRST_RECORD = Words.offset(PAD);

  /** What fits beside two tag bits in 32: see Demux. */
  private static final int MOST_SEGMENTS = 1 << 30 - SEGMENT_SHIFT;

  private final String name;
  private final int shift;
  private final int byteShift;
  private final int linkWord;
  private final MemoryBudget budget;
  private int[][] segments = new int[FIRST_SEGMENTS][];

  /** One bit per row, kept only where assertions are on. */
  private long[] liveRows = new long[0];

  private int capacity;
  private int top = 1;

  /** The highest row of the time before the last {@link #reset}. */
  private int peakBefore;

  /**
   * Rows given back last, and how many; the others that are free are chained from {@link #free}.
   */
  private final int[] spare;

  private int spares;
  private int free;
  private int live;

  /** The record under the cursor: its segment, and where it starts there ({@link Words#offset}). */
  private int[] segment;

  private long base = FIRST_RECORD;

  /** The first row of that segment, and how many it has. */
  private int firstRow;

  private long segmentRows;

  /**
   * @param name as the memory bill shows it
   * @param words words of a record, a power of two
   * @param linkWord the word that a free record may be chained by; all others survive in it
   */
  protected RecordTable(String name, int words, int linkWord, MemoryBudget budget) {
    this(name, words, linkWord, 0, budget);
  }

  /**
   * @param spareMost rows given back last that are kept in an array besides: taking one of them
   *     reads no record, and {@link #touchSpare} can read them ahead
   */
  protected RecordTable(String name, int words, int linkWord, int spareMost, MemoryBudget budget) {
    if (Integer.bitCount(words) != 1) {
      throw new IllegalArgumentException(words + " words: not a power of two");
    }
    if (linkWord < 0 || linkWord >= words) {
      throw new IllegalArgumentException("link word " + linkWord + " of " + words);
    }
    this.name = name;
    this.shift = Integer.numberOfTrailingZeros(words);
    this.byteShift = shift + 2;
    this.linkWord = linkWord;
    this.budget = budget;
    budget.reserve(name, listBytes(FIRST_SEGMENTS));
    budget.billRows(name, this::peakRows);
    if (spareMost > 0) {
      budget.reserve(name, MemoryBudget.arrayBytes(spareMost, Integer.BYTES));
    }
    spare = new int[spareMost];
    segment = addSegment(0, FIRST_ROWS);
    segmentRows = FIRST_ROWS;
  }

  private long bytes(int rows) {
    return MemoryBudget.arrayBytes(((long) rows << shift) + PAD, Integer.BYTES);
  }

  private static long listBytes(int places) {
    return MemoryBudget.arrayBytes(places, MemoryBudget.REFERENCE_BYTES);
  }

  private int[] addSegment(int index, int rows) {
    if (index == segments.length) {
      budget.reserve(name, listBytes(2 * index));
      budget.release(name, listBytes(index));
      segments = Arrays.copyOf(segments, 2 * index);
    }
    budget.reserve(name, bytes(rows));
    int[] added = new int[(rows << shift) + PAD];
    segments[index] = added;
    capacity = (index << SEGMENT_SHIFT) + rows;
    return added;
  }

  /** Moves the cursor: one comparison tells that the row exists and lies in the same segment. */
  public void at(int row) {
    assert row > 0 && row < top : name + " row " + row + " of " + top;
    long inSegment = row - firstRow & 0xFFFFFFFFL;
    if (inSegment >= segmentRows) {
      inSegment = turnTo(row);
    }
    base = FIRST_RECORD + (inSegment << byteShift);
  }

  /** Moves the cursor to another segment; returns which of its rows the row is. */
  private int turnTo(int row) {
    segment = segment(row);
    firstRow = row & -SEGMENT_ROWS;
    segmentRows = Math.min(SEGMENT_ROWS, capacity - firstRow);
    return row - firstRow;
  }

  /** Where the record under the cursor starts in its segment. */
  final long cursorOffset() {
    return base;
  }

  /** The segment of a row, where a table with a cursor of its own finds it at {@link #offset}. */
  protected final int[] segment(int row) {
    assert row > 0 && row < top : name + " row " + row + " of " + top;
    if ((row & 0xFFFFFFFFL) >= capacity) {
      throw new IndexOutOfBoundsException(name + " row " + row + " of " + capacity);
    }
    return segments[row >>> SEGMENT_SHIFT];
  }

  /** Where a row of 2^(wordShift) words starts in its segment. */
  protected static long offset(int row, int wordShift) {
    return FIRST_RECORD + ((long) (row & SEGMENT_MASK) << wordShift + 2);
  }

  protected static int get(int[] segment, long offset, int word) {
    return Words.get(segment, offset, word);
  }

  protected static void put(int[] segment, long offset, int word, int value) {
    Words.put(segment, offset, word, value);
  }

  /** A segment has been replaced by a larger one: for a table that has a cursor of its own. */
  protected void replaced(int[] old, int[] larger) {
    if (segment == old) {
      segment = larger;
      segmentRows = capacity;
    }
  }

  /** A word of the record under the cursor. */
  protected final int get(int word) {
    return Words.get(segment, base, word);
  }

  /** Writes a word of the record under the cursor. */
  protected final void put(int word, int value) {
    Words.put(segment, base, word, value);
  }

  /** Sets the first words of the record under the cursor to 0; their number is even. */
  protected final void clear(int words) {
    Words.clear(segment, base, words);
  }

  private int linkAt(int row) {
    return ((row & SEGMENT_MASK) << shift) + PAD + linkWord;
  }

  /** Reads a word of a record, to have it in the cache; the cursor stays where it was. */
  public final int touch(int row) {
    return segments[row >>> SEGMENT_SHIFT][((row & SEGMENT_MASK) << shift) + PAD];
  }

  /** A word of a record that need not be under the cursor, which stays where it was. */
  protected final int wordOf(int row, int word) {
    return segments[row >>> SEGMENT_SHIFT][((row & SEGMENT_MASK) << shift) + PAD + word];
  }

  /** Takes a row; the cursor stays where it was. Its words are what they were, or 0. */
  public final int allocate() {
    int row = free;
    if (spares > 0) {
      row = spare[--spares];
    } else if (row != 0) {
      free = segments[row >>> SEGMENT_SHIFT][linkAt(row)];
    } else {
      if (top == capacity) {
        grow();
      }
      row = top++;
    }
    live++;
    assert flip(row) : name + " row " + row + " was live";
    return row;
  }

  /** Gives a row back; the cursor stays where it was. */
  public final void free(int row) {
    assert row > 0 && row < top && !flip(row) : name + " row " + row + " was free";
    live--;
    if (spares < spare.length) {
      spare[spares++] = row;
    } else {
      segments[row >>> SEGMENT_SHIFT][linkAt(row)] = free;
      free = row;
    }
  }

  /**
   * Gives back rows that their link words chain already, the cursor stays where it was.
   *
   * @param rows how many they are, from {@code first} to {@code last}
   */
  public final void freeChain(int first, int last, int rows) {
    assert flipChain(first, last) == rows : name + " chain from " + first + " to " + last;
    live -= rows;
    segments[last >>> SEGMENT_SHIFT][linkAt(last)] = free;
    free = first;
  }

  /** {@link #allocate} for who moves there at once: the cursor stands at the row taken. */
  protected final int take() {
    int row = free;
    if (spares > 0) {
      row = spare[--spares];
      at(row);
    } else if (row != 0) {
      at(row);
      free = get(linkWord);
    } else {
      row = allocate();
      at(row);
      return row;
    }
    live++;
    assert flip(row) : name + " row " + row + " was live";
    return row;
  }

  /** {@link #free} of the row under the cursor, which stays there. */
  public final void giveBack(int row) {
    assert row > 0 && row < top && !flip(row) : name + " row " + row + " was free";
    live--;
    if (spares < spare.length) {
      spare[spares++] = row;
    } else {
      put(linkWord, free);
      free = row;
    }
  }

  /** Reads the first words of both ends of the rows that will be taken next, as many as that. */
  public final long touchSpare(int rows) {
    long sum = 0;
    int last = (1 << shift) - 1;
    for (int i = Math.max(0, spares - rows); i < spares; i++) {
      int at = ((spare[i] & SEGMENT_MASK) << shift) + PAD;
      int[] array = segments[spare[i] >>> SEGMENT_SHIFT];
      sum += array[at] + array[at + last];
    }
    return sum;
  }

  /** Doubled while small, by a sixteenth once half of a large array would lie idle. */
  private int grown(int rows) {
    boolean isLarge = bytes(rows) >= LARGE_BYTES;
    return isLarge ? rows + Math.max(FIRST_ROWS, rows >>> 4 & -FIRST_ROWS) : rows * 2;
  }

  private void grow() {
    if (capacity < SEGMENT_ROWS) {
      int[] old = segments[0];
      int rows = capacity;
      int[] larger = addSegment(0, Math.min(SEGMENT_ROWS, grown(rows)));
      System.arraycopy(old, 0, larger, 0, old.length);
      budget.release(name, bytes(rows));
      replaced(old, larger);
      return;
    }
    int index = capacity >>> SEGMENT_SHIFT;
    if (index == MOST_SEGMENTS) {
      throw new IllegalStateException(name + ": more than " + capacity + " rows");
    }
    addSegment(index, SEGMENT_ROWS);
  }

  /** Runs in assertions only: changes whether a row is live and returns what it is now. */
  private boolean flip(int row) {
    if (row >>> 6 >= liveRows.length) {
      int length = Math.max(FIRST_ROWS, capacity) >>> 6;
      budget.reserve(name, MemoryBudget.arrayBytes(length, Long.BYTES));
      if (liveRows.length > 0) {
        budget.release(name, MemoryBudget.arrayBytes(liveRows.length, Long.BYTES));
      }
      liveRows = Arrays.copyOf(liveRows, length);
    }
    liveRows[row >>> 6] ^= 1L << row;
    return (liveRows[row >>> 6] & 1L << row) != 0;
  }

  /** The same for a chain; how many rows it has, if they were all live. */
  private int flipChain(int first, int last) {
    int rows = 1;
    int row = first;
    for (; row != last; row = segments[row >>> SEGMENT_SHIFT][linkAt(row)]) {
      if (flip(row)) {
        return -1;
      }
      rows++;
    }
    return flip(row) ? -1 : rows;
  }

  public final int live() {
    return live;
  }

  private int peakRows() {
    return Math.max(peakBefore, highWater());
  }

  /** The highest row taken since the last reset, 0 if none was: the most taken at once. */
  public final int highWater() {
    return top - 1;
  }

  public final String name() {
    return name;
  }

  /** Empties the table; rows are all 0 again, what is allocated is kept. */
  public final void reset() {
    for (int i = 0; i << SEGMENT_SHIFT < top; i++) {
      int rows = Math.min(SEGMENT_ROWS, top - (i << SEGMENT_SHIFT));
      Arrays.fill(segments[i], 0, PAD + (rows << shift), 0);
    }
    Arrays.fill(liveRows, 0);
    peakBefore = peakRows();
    top = 1;
    free = 0;
    spares = 0;
    live = 0;
    segment = segments[0];
    firstRow = 0;
    segmentRows = Math.min(SEGMENT_ROWS, capacity);
    base = FIRST_RECORD;
  }
}
