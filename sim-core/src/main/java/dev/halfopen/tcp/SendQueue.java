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
 */
final class SendQueue extends RecordTable {
  static final int WORDS = 8;

  static final int F_FIN = 1;
  static final int F_PUSH = 2;
  static final int F_SYN = 4;
  static final int F_LOST = 8;

  private static final int NEXT = 0;
  private static final int SEQ = 1;
  private static final int END = 2;
  private static final int SENT_US = 3;
  private static final int MARK = 4;
  private static final int FLAGS = 6;

  SendQueue(MemoryBudget budget) {
    super("segments", WORDS, NEXT, budget);
  }

  /** Takes a row for [seq, end) and moves the cursor to it. */
  int create(int seq, int end, int mark, int flags) {
    int r = allocate();
    at(r);
    put(NEXT, 0);
    put(SEQ, seq);
    put(END, end);
    put(SENT_US, 0);
    put(MARK, mark);
    put(FLAGS, flags);
    return r;
  }

  int next() {
    return get(NEXT);
  }

  void next(int r) {
    put(NEXT, r);
  }

  int seq() {
    return get(SEQ);
  }

  void seq(int x) {
    put(SEQ, x);
  }

  int end() {
    return get(END);
  }

  void end(int x) {
    put(END, x);
  }

  int sentUs() {
    return get(SENT_US);
  }

  void sentUs(int us) {
    put(SENT_US, us);
  }

  int mark() {
    return get(MARK);
  }

  void mark(int x) {
    put(MARK, x);
  }

  boolean flag(int f) {
    return (get(FLAGS) & f) != 0;
  }

  void setFlag(int f) {
    put(FLAGS, get(FLAGS) | f);
  }

  void clearFlag(int f) {
    put(FLAGS, get(FLAGS) & ~f);
  }

  /** How often it has been sent. */
  int transmissions() {
    return get(FLAGS) >>> 8 & 0xFF;
  }

  void countTransmission() {
    if (transmissions() < 255) {
      put(FLAGS, get(FLAGS) + (1 << 8));
    }
  }

  /** Gives back a whole list. */
  void freeList(int head) {
    for (int r = head; r != 0; ) {
      at(r);
      int next = get(NEXT);
      free(r);
      r = next;
    }
  }
}
