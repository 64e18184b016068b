package dev.halfopen.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What has warmed up allocates nothing; what grows allocates what it has reserved. */
class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int PENDING = 50_000;
  private static final int ROUNDS = 4;

  @BeforeAll
  static void theFirstCallMayItselfAllocate() {
    allocatedBytes();
  }

  private static long allocatedBytes() {
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /**
   * What the virtual machine allocates on this thread when it recompiles shows in one round; what
   * the code allocates shows in each.
   */
  private static long leastOfRounds(Runnable round) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      long before = allocatedBytes();
      round.run();
      least = Math.min(least, allocatedBytes() - before);
    }
    return least;
  }

  private static void changeWidths(EventQueue queue) {
    for (int i = 0; i < 10; i++) {
      queue.changeWidth(10 + i);
    }
  }

  /** Reads {@code events} events; each is followed by another one up to 10 ms or 10 s later. */
  private static long hold(EventQueue queue, long events, long seed) {
    long n = 0;
    while (n < events) {
      queue.open(queue.nextBucketNs());
      while (queue.next()) {
        long bits = RandomStreams.mix(seed + n++);
        long delayNs = RandomStreams.below(bits, (bits & 15) == 0 ? 10_000_000 : 2_000_000_000);
        long[] words = queue.append(queue.timeNs() + 1 + delayNs, n);
        words[queue.base() + 1] = bits;
      }
      queue.close();
    }
    return queue.timeNs();
  }

  @Test
  void theEventQueueAllocatesNothingOnceItHasItsSize() {
    EventQueue queue = new EventQueue(MemoryBudget.unlimited());
    for (int i = 0; i < PENDING; i++) {
      queue.append(RandomStreams.below(RandomStreams.mix(i), 2_000_000_000), -i & 0xFFFFFFFFL);
    }
    hold(queue, 2_000_000, 1);
    assertThat(leastOfRounds(() -> hold(queue, 500_000, 2))).isZero();
  }

  @Test
  void aWidthThatChangesToAndFroAllocatesNothing() {
    EventQueue queue = new EventQueue(MemoryBudget.unlimited());
    for (int i = 0; i < PENDING; i++) {
      queue.append(RandomStreams.below(RandomStreams.mix(i), 2_000_000_000), i);
    }
    queue.changeWidth(10);
    queue.changeWidth(18);
    assertThat(leastOfRounds(() -> changeWidths(queue))).isZero();
  }

  private static void expireAndAdd(TimerWheel wheel, long entries, long seed) {
    long n = 0;
    while (n < entries) {
      wheel.open(wheel.nextSlot());
      while (wheel.next()) {
        long bits = RandomStreams.mix(seed + n++);
        int delay = 1 + RandomStreams.below(bits, (bits & 15) == 0 ? 100_000 : 250);
        wheel.add(wheel.currentSlot() + delay, wheel.id());
      }
    }
  }

  @Test
  void theTimerWheelAllocatesNothingOnceItHasItsSize() {
    TimerWheel wheel = new TimerWheel(MemoryBudget.unlimited());
    for (int i = 0; i < PENDING; i++) {
      wheel.add(1 + RandomStreams.below(RandomStreams.mix(i), 100_000), i);
    }
    expireAndAdd(wheel, 2_000_000, 1);
    assertThat(leastOfRounds(() -> expireAndAdd(wheel, 500_000, 2))).isZero();
  }

  @Test
  void whatGrowsAllocatesWhatItHasReserved() {
    assertThat(allocatedUnbilledByGrowth())
        .as("first use, with what the JVM links")
        .isLessThan(4096);
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      least = Math.min(least, Math.abs(allocatedUnbilledByGrowth()));
    }
    assertThat(least).isZero();
  }

  private static long allocatedUnbilledByGrowth() {
    MemoryBudget budget = MemoryBudget.unlimited();
    EventQueue queue = new EventQueue(budget);
    TimerWheel wheel = new TimerWheel(budget);
    long granted = budget.grantedBytes();
    long before = allocatedBytes();
    for (int i = 1; i <= 600_000; i++) {
      queue.append(i, i);
      wheel.add(i, i);
    }
    long allocated = allocatedBytes() - before;
    assertThat(allocated).isGreaterThan(30_000_000);
    return allocated - (budget.grantedBytes() - granted);
  }
}
