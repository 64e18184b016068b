package dev.halfopen.tcp;

/**
 * When an old kernel's listener looks at which of its requests: {@code inet_csk_reqsk_queue_prune}
 * runs 1 s after the first request and then every 0.2 s while there is one, and each time goes
 * through a part of the hash table of requests, so that a request whose time has come waits for its
 * slot's turn. All in jiffies.
 */
final class PruneClock {
  /** TCP_TIMEOUT_INIT / TCP_SYNQ_INTERVAL. */
  private static final int TICKS_A_SECOND = 5;

  private boolean runs;
  private int firstTick;

  /** clock_hand at the first tick. */
  private int hand;

  /** The retries allowed are settled once a tick. */
  private int settledAt;

  private boolean settled;
  private int retries;

  /** Slots that one tick goes through in a table of so many. */
  static int budget(int slots) {
    return 2 * (slots / TICKS_A_SECOND);
  }

  /** The queue was empty; the first tick is in that jiffy. */
  void start(int tick) {
    runs = true;
    firstTick = tick;
    settled = false;
  }

  boolean runs() {
    return runs;
  }

  /** The queue is empty again. */
  void stop(int jiffy, int slots, int hz) {
    if (runs) {
      int interval = hz / TICKS_A_SECOND;
      int done = jiffy - firstTick < 0 ? 0 : (jiffy - firstTick) / interval + 1;
      hand = (int) ((hand + (long) done * budget(slots)) % slots);
      runs = false;
    }
  }

  /** The first jiffy, not before {@code due}, in which the walk comes by a slot. */
  int visit(int slot, int due, int slots, int hz) {
    int interval = hz / TICKS_A_SECOND;
    int budget = budget(slots);
    int tick = due - firstTick <= 0 ? 0 : (due - firstTick + interval - 1) / interval;
    int at = (int) ((hand + (long) tick * budget) % slots);
    while (Math.floorMod(slot - at, slots) >= budget) {
      tick++;
      at = (at + budget) % slots;
    }
    return firstTick + tick * interval;
  }

  /** What the tick of this jiffy has settled on, or -1 if it has not yet. */
  int settledRetries(int jiffy) {
    return settled && settledAt == jiffy ? retries : -1;
  }

  void settle(int jiffy, int allowed) {
    settled = true;
    settledAt = jiffy;
    retries = allowed;
  }
}
