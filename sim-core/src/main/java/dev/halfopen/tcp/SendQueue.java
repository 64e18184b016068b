package dev.halfopen.tcp;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.RecordTable;

/**
 * Segments that a connection has queued or in flight, and pieces it has received out of order, as
 * singly linked lists of 32-byte records; what an sk_buff's control block holds in the kernel.
 *
 * <pre>
 * word 0 next row   2 end (exclusive)         4 mark of the message that ends here
 *      1 first seq  3 sent, us (low 32 bits)  6 transmissions 8 | flags 8
 * </pre>
 *
 * <p>The cursor is one of its own: it moves for each segment of a connection, whose own cursors in
 * {@link Connections} and {@link Flights} stay, and the compiler shall know that they do.
 */
final class SendQueue extends RecordTable {
  static final int WORDS = 8;

  static final int F_FIN = 1;
  static final int F_PUSH = 2;
  static final int F_SYN = 4;
  static final int F_LOST = 8;

  /** One transmission, as the word of the flags counts them above its flags. */
  static final int TRANSMISSION = 1 << 8;

  private static final int MOST_TRANSMISSIONS = 255;

  private static final int WORD_SHIFT = 3;

  private static final int NEXT = 0;
  private static final int SEQ = 1;
  private static final int END = 2;
  private static final int SENT_US = 3;
  private static final int MARK = 4;
  private static final int FLAGS = 6;

  /** The record under the cursor, and where it starts. */
  private int[] place = {};

  private long offset;

  SendQueue(MemoryBudget budget) {
    super("segments", WORDS, NEXT, budget);
  }

  @Override
  public void at(int row) {
    int[] p = segment(row);
    if (p != place) {
      place = p;
    }
    offset = offset(row, WORD_SHIFT);
  }

  @Override
  protected void replaced(int[] old, int[] larger) {
    if (place == old) {
      place = larger;
    }
  }

  private int word(int word) {
    return get(place, offset, word);
  }

  private void word(int word, int value) {
    put(place, offset, word, value);
  }

  /** Takes a row for [seq, end) and moves the cursor to it. */
  int create(int seq, int end, int mark, int flags) {
    int r = allocate();
    at(r);
    fill(place, offset, 0, seq, end, mark, flags);
    return r;
  }

  private static void fill(
      int[] place, long offset, int next, int seq, int end, int mark, int flags) {
    put(place, offset, NEXT, next);
    put(place, offset, SEQ, seq);
    put(place, offset, END, end);
    put(place, offset, SENT_US, 0);
    put(place, offset, MARK, mark);
    put(place, offset, FLAGS, flags);
  }

  /**
   * {@code tcp_fragment}: the row under the cursor, which stays there, keeps [seq, at) and neither
   * mark nor FIN; a new one behind it has the rest.
   *
   * @return the new row
   */
  int split(int at) {
    int rest = allocate();
    int flags = flags();
    fill(
        segment(rest), offset(rest, WORD_SHIFT), next(), at, end(), mark(), flags & F_FIN | F_PUSH);
    end(at);
    mark(0);
    word(FLAGS, flags & ~(F_FIN | F_PUSH));
    next(rest);
    return rest;
  }

  int next() {
    return word(NEXT);
  }

  void next(int r) {
    word(NEXT, r);
  }

  int seq() {
    return word(SEQ);
  }

  void seq(int x) {
    word(SEQ, x);
  }

  int end() {
    return word(END);
  }

  void end(int x) {
    word(END, x);
  }

  int sentUs() {
    return word(SENT_US);
  }

  int mark() {
    return word(MARK);
  }

  void mark(int x) {
    word(MARK, x);
  }

  /** All flags, and above them the {@link #transmissions}. */
  int flags() {
    return word(FLAGS);
  }

  boolean flag(int f) {
    return (word(FLAGS) & f) != 0;
  }

  void setFlag(int f) {
    word(FLAGS, word(FLAGS) | f);
  }

  void clearFlag(int f) {
    word(FLAGS, word(FLAGS) & ~f);
  }

  /** How often it has been sent. */
  int transmissions() {
    return word(FLAGS) >>> 8 & 0xFF;
  }

  /**
   * It is sent at this instant, first time or again.
   *
   * @return its flags, as {@link #flags}
   */
  int sent(int us) {
    word(SENT_US, us);
    int flags = word(FLAGS);
    if (flags >>> 8 < MOST_TRANSMISSIONS) {
      word(FLAGS, flags + TRANSMISSION);
    }
    return flags;
  }

  /** Gives back a whole list. */
  void freeList(int head) {
    for (int r = head; r != 0; ) {
      at(r);
      int next = next();
      free(r);
      r = next;
    }
  }
}
