package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;

/** A list of sockets of a size known ahead, in segments: 8 bytes each. */
final class SocketList {
  private static final String NAME = "heldSockets";
  private static final int SEGMENT_SHIFT = 21;
  private static final int SEGMENT_LENGTH = 1 << SEGMENT_SHIFT;
  private static final int SEGMENT_MASK = SEGMENT_LENGTH - 1;

  private final MemoryBudget budget;
  private final long[][] segments;
  private final int size;

  SocketList(int size, MemoryBudget budget) {
    this.budget = budget;
    this.size = size;
    this.segments = new long[(size - 1 >>> SEGMENT_SHIFT) + 1][];
    budget.billRows(NAME, () -> size);
  }

  long get(int index) {
    return segments[index >>> SEGMENT_SHIFT][index & SEGMENT_MASK];
  }

  /** Segments come as they are reached. */
  void set(int index, long socket) {
    int s = index >>> SEGMENT_SHIFT;
    if (segments[s] == null) {
      int length = Math.min(SEGMENT_LENGTH, size - (s << SEGMENT_SHIFT));
      budget.reserve(NAME, MemoryBudget.arrayBytes(length, Long.BYTES));
      segments[s] = new long[length];
    }
    segments[s][index & SEGMENT_MASK] = socket;
  }
}
