package dev.halfopen.engine;

import java.util.Arrays;

/**
 * Sorts the keys of one bucket by instant, then by order. A key is offset in the bucket 20 | slot
 * 32; the order words are looked at only where offsets are equal. Events that lie almost in order,
 * as those of a few links do, take an insertion sort; spread ones one counting pass and an
 * insertion sort of what remains; crowded ones, up to any number at one instant, are sorted by
 * radix, never in quadratic time.
 */
final class BucketSort {
  static final int SLOT_BITS = 32;

  /** Up to here insertion sort is as good as anything. */
  private static final int FEW = 24;

  /** So many moves a key cost as much as the counting pass that they may save. */
  private static final int MOVES = 4;

  private static final int DIGIT_BITS = 11;
  private static final int DIGITS = 1 << DIGIT_BITS;

  private final EventStore store;
  private final MemoryBudget budget;
  private final int[] counts = new int[DIGITS + 1];
  private long[] keys = new long[1024];
  private long[] scratch = new long[1024];
  private long[] orders = new long[0];
  private long[] ordersScratch = new long[0];

  BucketSort(EventStore store, MemoryBudget budget) {
    this.store = store;
    this.budget = budget;
    budget.reserve(
        EventQueue.NAME,
        2 * MemoryBudget.arrayBytes(keys.length, Long.BYTES)
            + MemoryBudget.arrayBytes(counts.length, Integer.BYTES));
  }

  /** Room for n keys, to be written by the caller and then sorted. */
  long[] keys(int n) {
    if (keys.length < n) {
      int length = roomFor(n);
      budget.reserve(EventQueue.NAME, 2 * MemoryBudget.arrayBytes(length, Long.BYTES));
      budget.release(EventQueue.NAME, 2 * MemoryBudget.arrayBytes(keys.length, Long.BYTES));
      keys = new long[length];
      scratch = new long[length];
    }
    return keys;
  }

  private static int roomFor(int n) {
    return Integer.highestOneBit(n - 1) << 1;
  }

  /** Sorts the first n keys; offsets lie below 2^width. The result is valid until the next sort. */
  long[] sort(int n, int width) {
    if (insertionSort(0, n, n <= FEW ? n : MOVES)) {
      return keys;
    }
    int bits =
        Math.min(Math.min(width, DIGIT_BITS), Integer.SIZE - Integer.numberOfLeadingZeros(n));
    int shift = SLOT_BITS + width - bits;
    if (count(n, shift, bits) <= FEW) {
      scatter(n, shift, bits);
      insertionSort(0, n, n);
    } else {
      sortCrowded(n, width);
    }
    return keys;
  }

  private void sortCrowded(int n, int width) {
    for (int done = 0; done < width; done += DIGIT_BITS) {
      int bits = Math.min(DIGIT_BITS, width - done);
      if (count(n, SLOT_BITS + done, bits) < n) {
        scatter(n, SLOT_BITS + done, bits);
      }
    }
    int from = 0;
    for (int i = 1; i <= n; i++) {
      if (i == n || keys[i] >>> SLOT_BITS != keys[from] >>> SLOT_BITS) {
        sortTies(from, i);
        from = i;
      }
    }
  }

  /** Counts a digit of the keys; returns how many share its most frequent value. */
  private int count(int n, int shift, int bits) {
    int[] c = counts;
    int mask = (1 << bits) - 1;
    Arrays.fill(c, 0, mask + 2, 0);
    long[] k = keys;
    for (int i = 0; i < n; i++) {
      c[((int) (k[i] >>> shift) & mask) + 1]++;
    }
    int most = 0;
    for (int d = 1; d <= mask + 1; d++) {
      most = Math.max(most, c[d]);
      c[d] += c[d - 1];
    }
    return most;
  }

  /** Moves the keys to where their counted digit belongs, equal ones in their present order. */
  private void scatter(int n, int shift, int bits) {
    int[] c = counts;
    int mask = (1 << bits) - 1;
    long[] from = keys;
    long[] to = scratch;
    for (int i = 0; i < n; i++) {
      long key = from[i];
      to[c[(int) (key >>> shift) & mask]++] = key;
    }
    keys = to;
    scratch = from;
  }

  /**
   * Gives up, with the keys in any order, once it has moved more than {@code most} keys for each
   * that it has looked at: false. Disorder shows after a few dozen.
   */
  private boolean insertionSort(int from, int to, int most) {
    long[] k = keys;
    long moves = 0;
    for (int i = from + 1; i < to; i++) {
      if (k[i - 1] >= atThatInstant(k[i])) {
        moves += insert(k, from, i);
        if (moves > (long) most * (i - from + FEW)) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Moves the key at {@code i} to its place among those before it, which are sorted; returns how
   * many it passes.
   */
  private int insert(long[] k, int from, int i) {
    long key = k[i];
    int p = i;
    while (p > from && precedes(key, k[p - 1])) {
      k[p] = k[p - 1];
      p--;
    }
    k[p] = key;
    return i - p;
  }

  /** The least key of the instant of a key: whatever is below comes before it. */
  static long atThatInstant(long key) {
    return key & -1L << SLOT_BITS;
  }

  /** The total order of two different events of a bucket. */
  boolean precedes(long a, long b) {
    long offsets = (a >>> SLOT_BITS) - (b >>> SLOT_BITS);
    return offsets != 0 ? offsets < 0 : precedesByOrder((int) a, (int) b);
  }

  /** A connection's timer may be there twice, and does nothing the second time. */
  private boolean precedesByOrder(int slot, int other) {
    long a = store.order(slot);
    long b = store.order(other);
    assert a != b || Order.kind(a) == Order.TIMER
        : "two events of order " + Long.toHexString(a) + " at one instant";
    return a < b;
  }

  private void sortTies(int from, int to) {
    if (to - from <= FEW) {
      insertionSort(from, to, to - from);
      return;
    }
    int n = to - from;
    roomForTies(n);
    long varying = 0;
    boolean sorted = true;
    for (int i = 0; i < n; i++) {
      long order = store.order((int) keys[from + i]);
      orders[i] = order;
      varying |= order ^ orders[0];
      sorted &= i == 0 || orders[i - 1] < order;
    }
    if (sorted) {
      return;
    }
    for (int shift = 0; shift < Long.SIZE; shift += DIGIT_BITS) {
      if ((varying >>> shift & DIGITS - 1) != 0) {
        tiePass(from, n, shift);
      }
    }
  }

  private void roomForTies(int n) {
    if (orders.length < n) {
      int length = roomFor(n);
      budget.reserve(EventQueue.NAME, 2 * MemoryBudget.arrayBytes(length, Long.BYTES));
      if (orders.length > 0) {
        budget.release(EventQueue.NAME, 2 * MemoryBudget.arrayBytes(orders.length, Long.BYTES));
      }
      orders = new long[length];
      ordersScratch = new long[length];
    }
  }

  /** Sorts keys[from..from+n) and their order words by one digit of the order. */
  private void tiePass(int from, int n, int shift) {
    int[] c = counts;
    Arrays.fill(c, 0);
    long[] o = orders;
    for (int i = 0; i < n; i++) {
      c[((int) (o[i] >>> shift) & DIGITS - 1) + 1]++;
    }
    for (int d = 1; d < DIGITS; d++) {
      c[d] += c[d - 1];
    }
    long[] k = keys;
    for (int i = 0; i < n; i++) {
      int to = c[(int) (o[i] >>> shift) & DIGITS - 1]++;
      ordersScratch[to] = o[i];
      scratch[to] = k[from + i];
    }
    System.arraycopy(scratch, 0, k, from, n);
    orders = ordersScratch;
    ordersScratch = o;
  }
}
