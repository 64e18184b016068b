package dev.halfopen.engine;

/**
 * Where events lie: chunks of 32, their instants apart from their words, so that opening a bucket
 * reads instants in a row. A slot is chunk 26 | place in it 5.
 */
final class EventStore {
  static final int CHUNK_BITS = 5;
  static final int CHUNK_EVENTS = 1 << CHUNK_BITS;
  static final int CHUNK_MASK = CHUNK_EVENTS - 1;

  private static final int CHUNK_WORDS = CHUNK_EVENTS * (1 + EventQueue.WORDS);

  /**
   * 2^13 chunks of 1792 bytes: 14 MiB, which the collector puts into the old generation at once.
   */
  private static final int SEGMENT_BITS = 13;

  private static final int SEGMENT_MASK = (1 << SEGMENT_BITS) - 1;

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

  private static int chunkAt(int slot) {
    return ChunkPool.PAD + (slot >>> CHUNK_BITS & SEGMENT_MASK) * CHUNK_WORDS;
  }

  /** Index of a slot's instant. */
  static int timeAt(int slot) {
    return chunkAt(slot) + (slot & CHUNK_MASK);
  }

  /** Index of a slot's word 0. */
  static int wordsAt(int slot) {
    return chunkAt(slot) + CHUNK_EVENTS + (slot & CHUNK_MASK) * EventQueue.WORDS;
  }

  long order(int slot) {
    return array(slot)[wordsAt(slot)];
  }
}
