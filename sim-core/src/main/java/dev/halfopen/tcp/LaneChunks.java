package dev.halfopen.tcp;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.RecordTable;

/**
 * Lists of rows that end in the same jiffy, 62 rows to a 256-byte chunk: word 0 next chunk, of the
 * last one the first, word 1 how many rows, then the rows. A list is known by its last chunk, which
 * is all that an append has to read.
 */
final class LaneChunks extends RecordTable {
  private static final int WORDS = 64;
  private static final int NEXT = 0;
  private static final int FILL = 1;
  private static final int FIRST = 2;

  /** Rows of a chunk. */
  static final int ROWS = WORDS - FIRST;

  LaneChunks(MemoryBudget budget) {
    super("timeWaitLanes", WORDS, NEXT, budget);
  }

  /** Takes a chunk with one row and moves there. */
  private int create(int row) {
    int c = allocate();
    at(c);
    put(FILL, 1);
    put(FIRST, row);
    return c;
  }

  /** Appends a row to the list that ends with {@code last} (0: a new one); its last chunk then. */
  int append(int last, int row) {
    if (last == 0) {
      int c = create(row);
      put(NEXT, c);
      return c;
    }
    at(last);
    int fill = get(FILL);
    if (fill < ROWS) {
      put(FILL, fill + 1);
      put(FIRST + fill, row);
      return last;
    }
    int first = get(NEXT);
    int c = create(row);
    put(NEXT, first);
    at(last);
    put(NEXT, c);
    return c;
  }

  /** The chunk behind; behind the last one of a list its first. */
  int next(int chunk) {
    at(chunk);
    return get(NEXT);
  }

  /** How many rows a chunk has. */
  int rows(int chunk) {
    at(chunk);
    return get(FILL);
  }

  int row(int chunk, int index) {
    at(chunk);
    return get(FIRST + index);
  }
}
