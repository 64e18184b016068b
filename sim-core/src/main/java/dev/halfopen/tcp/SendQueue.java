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
    int[] s = segment;
    int b = base;
    s[b + NEXT] = 0;
    s[b + SEQ] = seq;
    s[b + END] = end;
    s[b + SENT_US] = 0;
    s[b + MARK] = mark;
    s[b + FLAGS] = flags;
    return r;
  }

  int next() {
    return segment[base + NEXT];
  }

  void next(int r) {
    segment[base + NEXT] = r;
  }

  int seq() {
    return segment[base + SEQ];
  }

  void seq(int x) {
    segment[base + SEQ] = x;
  }

  int end() {
    return segment[base + END];
  }

  void end(int x) {
    segment[base + END] = x;
  }

  int sentUs() {
    return segment[base + SENT_US];
  }

  void sentUs(int us) {
    segment[base + SENT_US] = us;
  }

  int mark() {
    return segment[base + MARK];
  }

  void mark(int x) {
    segment[base + MARK] = x;
  }

  boolean flag(int f) {
    return (segment[base + FLAGS] & f) != 0;
  }

  void setFlag(int f) {
    segment[base + FLAGS] |= f;
  }

  void clearFlag(int f) {
    segment[base + FLAGS] &= ~f;
  }

  /** How often it has been sent. */
  int transmissions() {
    return segment[base + FLAGS] >>> 8 & 0xFF;
  }

  void countTransmission() {
    if (transmissions() < 255) {
      segment[base + FLAGS] += 1 << 8;
    }
  }

  /** Gives back a whole list. */
  void freeList(int head) {
    for (int r = head; r != 0; ) {
      at(r);
      int next = segment[base + NEXT];
      free(r);
      r = next;
    }
  }
}
