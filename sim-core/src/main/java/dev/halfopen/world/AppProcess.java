package dev.halfopen.world;

import dev.halfopen.app.Application;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Segment;
import java.util.Arrays;

/**
 * Whether the application of a host runs. While it hangs, the kernel goes on and what the
 * application would have been told waits here, in order; a dead one is told nothing. Timers that it
 * set in an earlier life are known by the number of that life. Only hosts that a fault touches have
 * one of these.
 */
final class AppProcess {
  private static final String NAME = "hungApplications";
  private static final int WORDS = 5;
  private static final int READY = 0;
  private static final int TIMER = 1;
  private static final int DATAGRAM = 2;
  private static final int LIFE_SHIFT = 32;

  private final Application application;
  private final MemoryBudget budget;
  private final Segment datagram = new Segment();
  private boolean dead;
  private long hungUntilNs = Long.MIN_VALUE;
  private boolean hung;
  private int life;

  private long[] waiting = new long[WORDS * 64];
  private int size;

  AppProcess(Application application, MemoryBudget budget) {
    this.application = application;
    this.budget = budget;
    budget.reserve(NAME, MemoryBudget.arrayBytes(waiting.length, Long.BYTES));
  }

  Application application() {
    return application;
  }

  boolean isDead() {
    return dead;
  }

  /** Whether events go straight to the application. */
  boolean runs() {
    return !dead && !hung;
  }

  /** A timer's kind together with the life it was set in. */
  long stamp(int kind) {
    return (long) life << LIFE_SHIFT | kind;
  }

  void die() {
    dead = true;
    hung = false;
    size = 0;
    life++;
  }

  void start() {
    dead = false;
  }

  void hang(long untilNs) {
    if (!dead) {
      hung = true;
      hungUntilNs = Math.max(hungUntilNs, untilNs);
    }
  }

  void ready(long socket, int handle, int bits, int mark, int errno) {
    if (hung) {
      add(READY, socket, (long) handle << 32 | mark & 0xFFFFFFFFL, bits, errno);
    }
  }

  /** True if the timer belongs to this life; it waits here if the application hangs. */
  boolean takesTimer(long stamp, long argument) {
    if (dead || (int) (stamp >>> LIFE_SHIFT) != life) {
      return false;
    }
    if (hung) {
      add(TIMER, stamp, argument, 0, 0);
      return false;
    }
    return true;
  }

  void datagram(long[] words, int at) {
    if (hung) {
      add(DATAGRAM, words[at + 1], words[at + 2], words[at + 3], words[at + 5]);
    }
  }

  private void add(int type, long a, long b, long c, long d) {
    int at = size * WORDS;
    if (at == waiting.length) {
      budget.reserve(NAME, MemoryBudget.arrayBytes(at * 2L, Long.BYTES));
      budget.release(NAME, MemoryBudget.arrayBytes(at, Long.BYTES));
      waiting = Arrays.copyOf(waiting, at * 2);
    }
    waiting[at] = type;
    waiting[at + 1] = a;
    waiting[at + 2] = b;
    waiting[at + 3] = c;
    waiting[at + 4] = d;
    size++;
  }

  /** The pause may be over: tells the application everything that has waited. */
  void resume(long nowNs) {
    if (!hung || nowNs < hungUntilNs) {
      return;
    }
    hung = false;
    for (int i = 0; i < size; i++) {
      tell(nowNs, i * WORDS);
    }
    size = 0;
  }

  private void tell(long nowNs, int at) {
    long a = waiting[at + 1];
    long b = waiting[at + 2];
    long c = waiting[at + 3];
    long d = waiting[at + 4];
    switch ((int) waiting[at]) {
      case READY:
        application.onReady(nowNs, a, (int) (b >>> 32), (int) c, (int) b, (int) d);
        break;
      case TIMER:
        application.onTimer(nowNs, (int) a, b);
        break;
      default:
        long[] words = {0, a, b, c, 0, d};
        datagram.read(words, 0);
        application.onDatagram(nowNs, datagram);
        break;
    }
  }
}
