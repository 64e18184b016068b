package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.RecordTable;

/**
 * Records of connections and requests that timers refer to. Word 0 is the ticket: it is renewed
 * whenever a pending timer must no longer find the record, and when the row is freed. Word 1 links
 * free rows and may be used otherwise while the row is taken.
 */
abstract class TicketTable extends RecordTable implements Tickets {
  static final int NO_ROW = 0;
  static final long NO_REFERENCE = -1;

  protected static final int TICKET = 0;
  protected static final int LINK = 1;

  private int row;

  TicketTable(String name, int words, MemoryBudget budget) {
    super(name, words, LINK, budget);
  }

  /** Borrows the cursor. */
  final void move(int newRow) {
    row = newRow;
    at(newRow);
  }

  /** Where the cursor is. */
  final int row() {
    return row;
  }

  /** Takes a row, all zero but for its ticket, and moves the cursor to it. */
  protected final int create(int words) {
    int r = allocate();
    move(r);
    for (int i = LINK; i < words; i++) {
      put(i, 0);
    }
    return r;
  }

  /** Gives the cursor's row back. */
  final void destroy() {
    renewTicket();
    free(row);
  }

  /** Begins anew with no row taken; references given out so far must never come back. */
  final void forgetAll() {
    reset();
    row = NO_ROW;
  }

  /** Makes all references given out so far stale. */
  final void renewTicket() {
    put(TICKET, (get(TICKET) + 1) & Integer.MAX_VALUE);
  }

  /** The cursor's row as timers may keep it; never negative. */
  final long reference() {
    return ((long) get(TICKET) << 32) | row;
  }

  static int rowOf(long reference) {
    return (int) reference;
  }

  /** Leaves the cursor where it is. */
  @Override
  public final boolean isCurrent(long reference) {
    int back = row;
    at((int) reference);
    boolean current = get(TICKET) == (int) (reference >>> 32);
    if (back != NO_ROW) {
      at(back);
    }
    return current;
  }

  /** A word of any row; leaves the cursor where it is. */
  final int peek(int otherRow, int word) {
    int back = row;
    at(otherRow);
    int value = get(word);
    if (back != NO_ROW) {
      at(back);
    }
    return value;
  }

  /** Sets a word of any row; leaves the cursor where it is. */
  final void poke(int otherRow, int word, int value) {
    int back = row;
    at(otherRow);
    put(word, value);
    if (back != NO_ROW) {
      at(back);
    }
  }

  protected final long longAt(int word) {
    return ((long) get(word) << 32) | (get(word + 1) & 0xFFFFFFFFL);
  }

  protected final void longAt(int word, long value) {
    put(word, (int) (value >>> 32));
    put(word + 1, (int) value);
  }
}
