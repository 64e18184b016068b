package dev.halfopen.engine;

/**
 * Where events lie: chunks of 32, each event in 64 bytes, which is one cache line where arrays are
 * aligned to 64. A slot is chunk 26 | place in it 5.
 */
final class EventStore {
  static final int CHUNK_BITS = 5;
  static final int CHUNK_EVENTS = 1 << CHUNK_BITS;
  static final int CHUNK_MASK = CHUNK_EVENTS - 1;

  /** Longs from one event to the next: the order key, the caller's words, the instant. */
  static final int STRIDE = 8;

  private static final int STRIDE_BITS = 3;

  /** The word that holds an event's instant. */
  private static final int TIME = EventQueue.WORDS;

  private static final int CHUNK_WORDS = CHUNK_EVENTS * STRIDE;

  /**
   * 2^13 chunks of 2048 bytes: 16 MiB, which the collector puts into the old generation at once.
   */
  private static final int SEGMENT_BITS = 13;

  private static final int SEGMENT_MASK = (1 << SEGMENT_BITS + CHUNK_BITS) - 1;

  final ChunkPool pool;
  private final long[][] segments;

  EventStore(MemoryBudget budget) {
    pool = new ChunkPool(EventQueue.NAME, CHUNK_WORDS, CHUNK_EVENTS, SEGMENT_BITS, budget);
    segments = pool.segments;
  }

  /** The array that holds a slot. */
  long[] array(int slot) {
    return segments[slot >>> CHUNK_BITS + SEGMENT_BITS];
  }

  /** Index of a slot's word 0. */
  static int wordsAt(int slot) {
    return ChunkPool.PAD + ((slot & SEGMENT_MASK) << STRIDE_BITS);
  }

  long order(int slot) {
    return Words.get(array(slot), wordsAt(slot));
  }

  long timeNs(int slot) {
    return timeNs(array(slot), wordsAt(slot));
  }

  /** The instant of the event whose word 0 has this index. */
  static long timeNs(long[] words, int at) {
    return Words.get(words, at, TIME);
  }

  /** Writes what the queue itself must know of an event. */
  static void write(long[] words, int at, long timeNs, long order) {
    Words.put(words, at, order);
    Words.put(words, at, TIME, timeNs);
  }
}
