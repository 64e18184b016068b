package dev.halfopen.engine;

import org.agrona.UnsafeApi;

/**
 * Reads and writes words of arrays that a cursor points into, without the check of bounds that each
 * access would repeat: whoever moves the cursor has checked it. A packet touches some hundred
 * words, and without the checks a churn takes a sixth less time.
 *
 * <p>Where the JVM does not open {@code jdk.internal.misc} (--add-opens, as the launcher and the
 * jar's manifest have it), or is started with {@code -Dhalfopen.checked=true}, every access is
 * checked; results are the same.
 */
final class Words {
  private static final boolean UNCHECKED = !Boolean.getBoolean("halfopen.checked") && isOpen();
  private static final long FIRST = UNCHECKED ? UnsafeApi.arrayBaseOffset(int[].class) : 0;
  private static final long FIRST_LONG = UNCHECKED ? UnsafeApi.arrayBaseOffset(long[].class) : 0;

  private Words() {}

  private static boolean isOpen() {
    try {
      return UnsafeApi.arrayIndexScale(int[].class) == Integer.BYTES;
    } catch (IllegalAccessError | ExceptionInInitializerError closed) {
      return false;
    }
  }

  static boolean isUnchecked() {
    return UNCHECKED;
  }

  /** What stands for an index of an array below. */
  static long offset(int index) {
    return FIRST + ((long) index << 2);
  }

  private static int index(long offset, int word) {
    return (int) (offset >>> 2) + word;
  }

  static int get(int[] array, long offset, int word) {
    return UNCHECKED
        ? UnsafeApi.getInt(array, offset + ((long) word << 2))
        : array[index(offset, word)];
  }

  static void put(int[] array, long offset, int word, int value) {
    if (UNCHECKED) {
      UnsafeApi.putInt(array, offset + ((long) word << 2), value);
    } else {
      array[index(offset, word)] = value;
    }
  }

  /** A long of an array, of whose index the caller is sure. */
  static long get(long[] array, int index) {
    return get(array, index, 0);
  }

  static void put(long[] array, int index, long value) {
    put(array, index, 0, value);
  }

  /** The long that lies {@code word} behind an index. */
  static long get(long[] array, int index, int word) {
    return UNCHECKED ? UnsafeApi.getLong(array, offset(index, word)) : array[index + word];
  }

  static void put(long[] array, int index, int word, long value) {
    if (UNCHECKED) {
      UnsafeApi.putLong(array, offset(index, word), value);
    } else {
      array[index + word] = value;
    }
  }

  private static long offset(int index, int word) {
    return FIRST_LONG + ((long) index << 3) + ((long) word << 3);
  }

  /** Sets words from {@code offset} on to 0; their number is even. */
  static void clear(int[] array, long offset, int words) {
    for (int i = 0; i < words; i += 2) {
      if (UNCHECKED) {
        UnsafeApi.putLong(array, offset + ((long) i << 2), 0);
      } else {
        array[index(offset, i)] = 0;
        array[index(offset, i + 1)] = 0;
      }
    }
  }
}
