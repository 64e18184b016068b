package dev.halfopen.tcp;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.RecordTable;

/**
 * Lists of rows that end in the same jiffy, 61 rows to a 256-byte chunk: word 0 next chunk, in the
 * head chunk word 1 the tail and word 2 the rows in the tail, then the rows.
 */
final class LaneChunks extends RecordTable {
  private static final int WORDS = 64;
  private static final int NEXT = 0;
  private static final int TAIL = 1;
  private static final int FILL = 2;
  private static final int FIRST = 3;

  /** Rows of a chunk. */
  static final int ROWS = WORDS - FIRST;

  LaneChunks(MemoryBudget budget) {
    super("timeWaitLanes", WORDS, NEXT, budget);
  }

  private int create() {
    int c = allocate();
    at(c);
    put(NEXT, 0);
    return c;
  }

  /** Appends a row to the list of {@code head} (0: a new one); the list's head. */
  int append(int head, int row) {
    if (head == 0) {
      int c = create();
      put(TAIL, c);
      put(FILL, 1);
      put(FIRST, row);
      return c;
    }
    at(head);
    int tail = get(TAIL);
    int fill = get(FILL);
    if (fill == ROWS) {
      int c = create();
      put(FIRST, row);
      at(tail);
      put(NEXT, c);
      at(head);
      put(TAIL, c);
      put(FILL, 1);
      return head;
    }
    put(FILL, fill + 1);
    at(tail);
    put(FIRST + fill, row);
    return head;
  }

  /** Rows in the last chunk of the list. */
  int tailFill(int head) {
    at(head);
    return get(FILL);
  }

  int next(int chunk) {
    at(chunk);
    return get(NEXT);
  }

  int rows(int chunk, int tailFill) {
    at(chunk);
    return get(NEXT) == 0 ? tailFill : ROWS;
  }

  int row(int chunk, int index) {
    at(chunk);
    return get(FIRST + index);
  }
}
