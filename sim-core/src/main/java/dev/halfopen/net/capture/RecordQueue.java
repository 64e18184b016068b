package dev.halfopen.net.capture;

import java.util.Arrays;

/** Records of one shard that wait for those of others; first in, first out, in one array. */
final class RecordQueue {
  private static final int FIRST_RECORDS = 1 << 10;

  private long[] words = new long[FIRST_RECORDS * Tap.WORDS];
  private int capacity = FIRST_RECORDS;
  private int head;
  private int size;

  int size() {
    return size;
  }

  /** Adds a record; the caller writes {@link Tap#WORDS} words from the index on. */
  int add() {
    if (size == capacity) {
      grow();
    }
    return (head + size++ & capacity - 1) * Tap.WORDS;
  }

  private void grow() {
    long[] larger = Arrays.copyOf(words, words.length * 2);
    // what had wrapped around goes behind the rest
    System.arraycopy(words, 0, larger, words.length, head * Tap.WORDS);
    words = larger;
    capacity *= 2;
  }

  void removeLast() {
    size--;
  }

  long[] words() {
    return words;
  }

  /** Index of the nth record from the oldest on. */
  int at(int n) {
    return (head + n & capacity - 1) * Tap.WORDS;
  }

  long timeNs(int n) {
    return words[at(n)];
  }

  void remove(int records) {
    head = head + records & capacity - 1;
    size -= records;
  }
}
