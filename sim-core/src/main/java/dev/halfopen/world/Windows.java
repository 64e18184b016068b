package dev.halfopen.world;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.MemoryRefused;
import dev.halfopen.net.capture.Capture;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Moves the shards of a world through time in windows that are no longer than the least delay of a
 * link between two of them: what one sends in a window arrives in another after it. Between two
 * windows nobody runs, and only then anything is judged: samples, limits, the end.
 *
 * <p>Where windows begin and end follows from the shards' state alone. Threads change nothing but
 * who runs a shard, which is therefore decided by what is fast: the calling thread runs all of them
 * as long as a window holds too little to be worth meeting for.
 */
final class Windows {
  /** Fewer events than this in a window take less time than waking a thread and waiting for it. */
  static final long LEAST_EVENTS = 500;

  /** However far shards are apart: limits are judged once a second at least. */
  private static final long LONGEST_NS = 1_000_000_000L;

  /** Windows after which it is decided anew who runs what. */
  private static final int REVIEW = 64;

  private final Shard[] shards;
  private final long windowNs;
  private final MemoryBudget budget;
  private final long lastNs;
  private final int threads;
  private final long leastEvents;
  private final ThreadFactory factory;
  private final @Nullable Capture capture;
  private final boolean[] due;
  private final @Nullable Throwable[] failures;

  private @Nullable Crew crew;
  private long number;
  private long shared;

  /** The end of the window at hand, and how far it has been run; the same between windows. */
  private long endNs = -1;

  private long doneNs = -1;
  private long nowNs;
  private boolean together;
  private int untilReview = REVIEW;
  private long reviewedEvents;

  /**
   * Of these shards.
   *
   * @param windowNs the least delay of a link between two of them
   * @param lastNs the end of the run, which no window goes beyond
   * @param leastEvents windows of fewer are not shared among threads
   * @param capture is told how far all shards have run; null without one
   */
  Windows(
      Shard[] shards,
      long windowNs,
      long lastNs,
      MemoryBudget budget,
      int threads,
      long leastEvents,
      ThreadFactory factory,
      @Nullable Capture capture) {
    this.shards = shards;
    this.windowNs = Math.min(windowNs, LONGEST_NS);
    this.lastNs = lastNs;
    this.budget = budget;
    this.threads = Math.min(threads, shards.length);
    this.leastEvents = leastEvents;
    this.together = leastEvents == 0;
    this.factory = factory;
    this.capture = capture;
    this.due = new boolean[shards.length];
    this.failures = new Throwable[shards.length];
  }

  /**
   * Runs all events up to and including {@code untilNs}. That need not be a window's end: where a
   * caller pauses must not show in what is judged at the ends.
   *
   * @throws MemoryRefused at the end of the window in which a limit was met
   */
  void run(long untilNs) {
    for (; ; ) {
      if (doneNs == endNs) {
        long startNs = Math.max(endNs + 1, nextNs());
        if (startNs > untilNs) {
          nowNs = Math.max(nowNs, untilNs);
          return;
        }
        begin(startNs);
      }
      doneNs = Math.min(endNs, untilNs);
      runTo(doneNs);
      if (anyFailed()) {
        runTo(endNs);
        nowNs = endNs;
        raise();
      }
      nowNs = doneNs;
      if (capture != null) {
        capture.passed(nowNs);
      }
      if (doneNs < endNs) {
        return;
      }
      budget.settle();
    }
  }

  private void begin(long startNs) {
    endNs = windowNs > lastNs - startNs ? Math.max(startNs, lastNs) : startNs + windowNs - 1;
    number++;
    if (threads > 1 && --untilReview < 0) {
      review();
    }
    shared += together && threads > 1 ? 1 : 0;
  }

  private long nextNs() {
    long next = Long.MAX_VALUE;
    for (Shard s : shards) {
      next = Math.min(next, s.nextNs(number));
    }
    return next;
  }

  private void runTo(long untilNs) {
    for (int i = 0; i < shards.length; i++) {
      due[i] = failures[i] == null && shards[i].isDue(number, untilNs);
    }
    if (together && threads > 1) {
      crew().run(untilNs);
      return;
    }
    for (int i = 0; i < shards.length; i++) {
      runIfDue(i, untilNs);
    }
  }

  private Crew crew() {
    Crew c = crew;
    if (c == null) {
      c = new Crew(threads, factory, this, shards);
      crew = c;
    }
    return c;
  }

  /** Runs a shard's part of a window, on whatever thread. */
  void runIfDue(int shard, long untilNs) {
    if (due[shard]) {
      try {
        shards[shard].window(number, endNs, untilNs);
      } catch (Throwable t) { // raised where it ends the run: everybody has to come to the meeting
        failures[shard] = t;
      }
    }
  }

  private boolean anyFailed() {
    for (Throwable t : failures) {
      if (t != null) {
        return true;
      }
    }
    return false;
  }

  /** Throws what ended a shard; of several shards the first one's, whoever was faster. */
  private void raise() {
    for (int i = 0; i < failures.length; i++) {
      Throwable t = failures[i];
      if (t instanceof MemoryRefused refused) {
        throw refused;
      }
      if (t != null) {
        throw new IllegalStateException("shard " + i + " failed: " + t, t);
      }
    }
  }

  private void review() {
    untilReview = REVIEW;
    long now = 0;
    for (Shard s : shards) {
      now += s.events();
    }
    together = now - reviewedEvents >= leastEvents * REVIEW;
    reviewedEvents = now;
    if (crew != null) {
      crew.deal();
    }
  }

  /** Ends the threads. The next window that is worth it starts them again. */
  void dismiss() {
    if (crew != null) {
      crew.dismiss();
      crew = null;
    }
  }

  /** Up to where all shards have run, included. */
  long nowNs() {
    return nowNs;
  }

  long windowNs() {
    return windowNs;
  }

  int threads() {
    return threads;
  }

  /** Windows so far. */
  long windows() {
    return number;
  }

  /** Those of them that several threads ran. */
  long shared() {
    return shared;
  }
}
