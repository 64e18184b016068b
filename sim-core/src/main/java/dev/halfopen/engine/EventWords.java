package dev.halfopen.engine;

/**
 * The words of an event wherever it lies: in the queue, in the ring of a core, in a mailbox. One
 * check tells that all of them are there; after it the words are read and written without.
 */
public final class EventWords {
  private EventWords() {}

  /** Throws unless there are {@code count} words from {@code at} on. */
  public static void check(long[] words, int at, int count) {
    if ((at & 0xFFFFFFFFL) + count > words.length) {
      throw new IndexOutOfBoundsException(count + " words at " + at + " of " + words.length);
    }
  }

  /** A word of an event that has been checked. */
  public static long get(long[] words, int at, int word) {
    return Words.get(words, at, word);
  }

  /** Writes a word of an event that has been checked. */
  public static void put(long[] words, int at, int word, long value) {
    Words.put(words, at, word, value);
  }
}
