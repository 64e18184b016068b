package dev.halfopen.engine;

/**
 * Chooses the width of buckets from what the last ones held: 200 to 500 events each, so that a
 * bucket fits the cache and its opening is worth while, but narrow enough that at most a tenth of
 * the events arrive when their bucket is already open. The choice can be seen in the run time only.
 */
final class BucketWidth {
  static final int LEAST = 10;

  /** A bucket must not be wider than a slot of the timer wheel. */
  static final int MOST = TimerWheel.SLOT_SHIFT;

  static final int FIRST = 16;

  private static final int MANY = 500;
  private static final int FEW = 200;
  private static final int REVIEW_BUCKETS = 64;
  private static final int REVIEW_EVENTS = 32 * MANY;

  /** Reviews during which a width that had too many late events is not tried again. */
  private static final int PATIENCE = 64;

  private int width = FIRST;
  private int buckets;
  private long events;
  private long deepEvents;
  private int ceiling = MOST;
  private int ceilingReviews;

  int get() {
    return width;
  }

  void set(int newWidth) {
    assert newWidth >= LEAST && newWidth <= MOST : newWidth;
    width = newWidth;
    startReview();
  }

  void clear() {
    ceiling = MOST;
    set(FIRST);
  }

  private void startReview() {
    buckets = 0;
    events = 0;
    deepEvents = 0;
  }

  /**
   * Takes note of a bucket that has been dispatched; returns the width that would be better, or the
   * present one. As moving all pending events has a price, it must have been earned by as many.
   */
  int afterBucket(int eventsInIt, int deepInIt, int pending) {
    buckets++;
    events += eventsInIt;
    deepEvents += deepInIt;
    if (buckets < REVIEW_BUCKETS && events < REVIEW_EVENTS || events < pending) {
      return width;
    }
    int better = Math.max(LEAST, Math.min(MOST, review()));
    startReview();
    return better;
  }

  private int review() {
    long perBucket = events / buckets;
    if (ceilingReviews > 0 && --ceilingReviews == 0) {
      ceiling = MOST;
    }
    if (perBucket > MANY) {
      return width - log2(perBucket / FEW);
    }
    if (deepEvents * 10 > events) {
      ceiling = width - 1;
      ceilingReviews = PATIENCE;
      return width - 1;
    }
    if (perBucket < FEW && deepEvents * 20 < events) {
      return Math.min(ceiling, width + log2(MANY / (perBucket + 1)));
    }
    return width;
  }

  private static int log2(long x) {
    return Long.SIZE - 1 - Long.numberOfLeadingZeros(x);
  }
}
