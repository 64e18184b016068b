package dev.halfopen.world;

import dev.halfopen.engine.EventQueue;
import dev.halfopen.engine.MemoryBudget;
import java.util.Arrays;

/**
 * Packets from one shard to another: instant and words, in batches that are written again and
 * again. What the sender puts in during one window the receiver takes out at the start of the next;
 * there are two sides, so that meanwhile the sender writes to the other one. The windows' meeting
 * point is all the synchronization there is.
 */
final class Mailbox {
  private static final String NAME = "mailboxes";

  /** Longs of a packet: its instant, then what an event has. */
  private static final int PACKET_WORDS = 1 + EventQueue.WORDS;

  private static final int BATCH_BITS = 8;
  private static final int BATCH_PACKETS = 1 << BATCH_BITS;
  private static final int BATCH_MASK = BATCH_PACKETS - 1;
  private static final int BATCH_WORDS = BATCH_PACKETS * PACKET_WORDS;

  private final Shard from;
  private final Shard to;
  private final MemoryBudget budget;
  private final Side even = new Side();
  private final Side odd = new Side();
  private Side filling = even;
  private int base;

  Mailbox(Shard from, Shard to, MemoryBudget budget) {
    this.from = from;
    this.to = to;
    this.budget = budget;
  }

  Shard receiver() {
    return to;
  }

  private Side side(long window) {
    return (window & 1) == 0 ? even : odd;
  }

  /** The sender begins a window. */
  void begin(long window) {
    filling = side(window);
    filling.window = window;
    filling.packets = 0;
  }

  /**
   * Adds a packet.
   *
   * @return the array that holds it; {@link #base} is the index of its order word, which is
   *     written, and the caller writes words 1..5
   */
  long[] append(long timeNs, long order) {
    Side side = filling;
    int n = side.packets;
    int batch = n >>> BATCH_BITS;
    if (batch == side.batches.length) {
      addBatch(side);
    }
    if (n == 0) {
      to.hasMail(side.window);
    }
    side.packets = n + 1;
    from.sent(timeNs);
    long[] words = side.batches[batch];
    int at = (n & BATCH_MASK) * PACKET_WORDS;
    words[at] = timeNs;
    words[at + 1] = order;
    base = at + 1;
    return words;
  }

  private void addBatch(Side side) {
    budget.reserve(NAME, MemoryBudget.arrayBytes(BATCH_WORDS, Long.BYTES));
    side.batches = Arrays.copyOf(side.batches, side.batches.length + 1);
    side.batches[side.batches.length - 1] = new long[BATCH_WORDS];
  }

  /** Index of the order word of the packet last added. */
  int base() {
    return base;
  }

  /** The receiver takes what was sent in a window. */
  void empty(long window, EventQueue queue) {
    Side side = side(window);
    if (side.window != window) {
      return;
    }
    int left = side.packets;
    for (int batch = 0; left > 0; batch++, left -= BATCH_PACKETS) {
      take(side.batches[batch], Math.min(left, BATCH_PACKETS), queue);
    }
  }

  private static void take(long[] from, int packets, EventQueue queue) {
    int end = packets * PACKET_WORDS;
    for (int at = 0; at < end; at += PACKET_WORDS) {
      long[] words = queue.append(from[at], from[at + 1]);
      System.arraycopy(from, at + 2, words, queue.base() + 1, EventQueue.WORDS - 1);
    }
  }

  /** What was sent in one window. */
  private static final class Side {
    long[][] batches = new long[0][];
    int packets;
    long window = -1;
  }
}
