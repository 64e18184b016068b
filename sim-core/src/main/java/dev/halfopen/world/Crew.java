package dev.halfopen.world;

import java.util.Arrays;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that run the shards of one window after the other; the calling thread is the first of
 * them. Each shard has one thread, dealt anew now and then by what the shards had to do. Threads
 * spin for a moment where they wait, then sleep.
 */
final class Crew {
  /** Some ten microseconds: about what it takes to wake a thread that sleeps. */
  private static final int SPINS = 2000;

  private final Windows windows;
  private final Shard[] shards;
  private final @Nullable Thread[] threads;
  private final Thread caller = Thread.currentThread();
  private final int spins;

  /** How often all were told to run; written by the caller, read by all. */
  private final AtomicInteger turn = new AtomicInteger();

  private final AtomicInteger arrived = new AtomicInteger();
  private volatile boolean dismissed;

  // Written by the caller before a turn begins.
  private long untilNs;
  private final int[] threadOf;
  private final long[] events;
  private final long[] load;
  private final long[] threadLoad;

  Crew(int size, ThreadFactory factory, Windows windows, Shard[] shards) {
    this.windows = windows;
    this.shards = shards;
    this.threads = new Thread[size - 1];
    this.spins = Runtime.getRuntime().availableProcessors() >= size ? SPINS : 0;
    this.threadOf = new int[shards.length];
    this.events = new long[shards.length];
    this.load = new long[shards.length];
    this.threadLoad = new long[size];
    deal();
    try {
      start(factory);
    } catch (Throwable t) { // no room for another thread: those that have begun must not stay
      dismiss();
      throw t;
    }
  }

  private void start(ThreadFactory factory) {
    for (int i = 0; i < threads.length; i++) {
      int me = i + 1;
      threads[i] = factory.newThread(() -> work(me));
      threads[i].start();
    }
  }

  /** Runs the due shards of the window; returns when all of them stand at {@code toNs}. */
  void run(long toNs) {
    untilNs = toNs;
    arrived.set(0);
    begin();
    runMine(0);
    for (int n = 0; arrived.get() < threads.length; n++) {
      pause(n);
    }
  }

  private void begin() {
    turn.incrementAndGet();
    for (Thread t : threads) {
      LockSupport.unpark(t);
    }
  }

  private void pause(int n) {
    if (n < spins) {
      Thread.onSpinWait();
    } else {
      LockSupport.park(this);
    }
  }

  private void work(int me) {
    for (int next = 1; ; next++) {
      for (int n = 0; turn.get() != next; n++) {
        pause(n);
      }
      if (dismissed) {
        return;
      }
      runMine(me);
      if (arrived.incrementAndGet() == threads.length) {
        LockSupport.unpark(caller);
      }
    }
  }

  private void runMine(int me) {
    for (int i = 0; i < shards.length; i++) {
      if (threadOf[i] == me) {
        windows.runIfDue(i, untilNs);
      }
    }
  }

  /** Gives the busiest shard to the thread with the least to do, then the next one. */
  void deal() {
    for (int i = 0; i < shards.length; i++) {
      load[i] = 1 + shards[i].events() - events[i];
      events[i] = shards[i].events();
    }
    Arrays.fill(threadLoad, 0);
    for (int dealt = 0; dealt < shards.length; dealt++) {
      int busiest = 0;
      for (int i = 1; i < shards.length; i++) {
        busiest = load[i] > load[busiest] ? i : busiest;
      }
      int idlest = 0;
      for (int t = 1; t < threadLoad.length; t++) {
        idlest = threadLoad[t] < threadLoad[idlest] ? t : idlest;
      }
      threadOf[busiest] = idlest;
      threadLoad[idlest] += load[busiest];
      load[busiest] = 0;
    }
  }

  /** Ends the threads and waits for them. */
  void dismiss() {
    dismissed = true;
    begin();
    boolean interrupted = false;
    for (Thread t : threads) {
      while (t != null && t.isAlive()) {
        try {
          t.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      caller.interrupt();
    }
  }
}
