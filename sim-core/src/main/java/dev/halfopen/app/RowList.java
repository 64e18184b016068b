package dev.halfopen.app;

/**
 * A doubly linked list through two words of a {@link TicketTable}'s rows: newest first. It leaves
 * the table's cursor where it is.
 */
final class RowList {
  private final TicketTable table;
  private final int nextWord;
  private final int previousWord;
  private int newest;
  private int oldest;
  private int size;

  RowList(TicketTable table, int nextWord, int previousWord) {
    this.table = table;
    this.nextWord = nextWord;
    this.previousWord = previousWord;
  }

  int size() {
    return size;
  }

  /** The row added last, or 0. */
  int newest() {
    return newest;
  }

  /** The row added first, or 0. */
  int oldest() {
    return oldest;
  }

  void add(int row) {
    table.poke(row, nextWord, newest);
    table.poke(row, previousWord, TicketTable.NO_ROW);
    if (newest == TicketTable.NO_ROW) {
      oldest = row;
    } else {
      table.poke(newest, previousWord, row);
    }
    newest = row;
    size++;
  }

  /** Forgets all rows, which its table has forgotten. */
  void clear() {
    newest = TicketTable.NO_ROW;
    oldest = TicketTable.NO_ROW;
    size = 0;
  }

  /** The row must be in this list. */
  void remove(int row) {
    int next = table.peek(row, nextWord);
    int previous = table.peek(row, previousWord);
    if (previous == TicketTable.NO_ROW) {
      newest = next;
    } else {
      table.poke(previous, nextWord, next);
    }
    if (next == TicketTable.NO_ROW) {
      oldest = previous;
    } else {
      table.poke(next, previousWord, previous);
    }
    size--;
  }
}
