package dev.halfopen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventQueueTest {
  private static final long MS = 1_000_000;
  private static final long S = 1_000 * MS;
  private static final long HOUR = 3600 * S;

  /** Delays from 0 to a year, of every magnitude alike, with many ties. */
  private static long delayNs(SplittableRandom random) {
    switch (random.nextInt(8)) {
      case 0:
        return 0;
      case 1:
        return 1;
      case 2:
        return 50 * MS;
      case 3:
        return random.nextLong(2000);
      case 4:
        return random.nextLong(1L << 1 + random.nextInt(54));
      default:
        return random.nextLong(20 * MS);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void readsRandomEventsInTheModelsOrder(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    EventModel m = new EventModel("seed " + seed);
    for (int round = 0; round < 1500; round++) {
      appendBetweenBuckets(m, random);
      if (m.pending() > 0) {
        m.open();
        while (m.next()) {
          if (m.pending() < 5000 && random.nextInt(100) < 55) {
            m.append(m.nowNs() + delayNs(random), random.nextInt(1000));
          }
        }
      }
      if (random.nextInt(20) == 0) {
        m.queue.changeWidth(random.nextInt(BucketWidth.LEAST, BucketWidth.MOST + 1));
      }
    }
    m.drain();
  }

  /** What wheel slots and callers between runs append: it may lie before all that is pending. */
  private static void appendBetweenBuckets(EventModel m, SplittableRandom random) {
    int n = random.nextInt(m.pending() < 1000 ? 8 : 2);
    for (int i = 0; i < n; i++) {
      m.append(m.nowNs() + delayNs(random), random.nextInt(1000));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 13, 16, 20})
  void readsAnyNumberOfEventsAtOneInstant(int width) {
    EventModel m = new EventModel("width " + width);
    m.queue.changeWidth(width);
    SplittableRandom random = new SplittableRandom(width);
    for (int i = 0; i < 100_000; i++) {
      m.append(5 * MS, random.nextInt(1 << 21));
    }
    m.append(5 * MS + 1, 0);
    m.drain();
  }

  @Test
  void keepsOrderWhenAHundredThousandEventsSpawnAsManyInTheirOwnBucket() {
    EventModel m = new EventModel("spawning");
    m.queue.changeWidth(BucketWidth.MOST);
    for (int i = 0; i < 100_000; i++) {
      m.append(i % 3, i);
    }
    m.open();
    int spawned = 0;
    while (m.next()) {
      if (spawned++ < 100_000) {
        m.append(m.nowNs() + 500 + spawned % 7, 100_000 - spawned);
      }
    }
    m.drain();
  }

  @Test
  void sortsBucketsOfEveryShape() {
    EventModel m = new EventModel("shapes");
    SplittableRandom random = new SplittableRandom(9);
    for (int width = BucketWidth.LEAST; width <= BucketWidth.MOST; width++) {
      m.queue.changeWidth(width);
      for (int n = 1; n < 5000; n = n * 3 / 2 + 1) {
        for (long span = 1; span <= 1L << width; span *= 4) {
          long startNs = (m.nowNs() >>> width) + 1 << width;
          for (int i = 0; i < n; i++) {
            m.append(startNs + random.nextLong(span), random.nextInt(4));
          }
          m.drain();
        }
      }
    }
  }

  /** From runs that almost follow one another to such as take more moves than are worth while. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 20, 300})
  void mergesRunsThatLieInOrder(int runs) {
    EventModel m = new EventModel(runs + " runs");
    m.queue.changeWidth(BucketWidth.MOST);
    SplittableRandom random = new SplittableRandom(runs);
    long[] nextNs = new long[runs];
    for (int i = 0; i < 3000; i++) {
      int run = random.nextInt(runs);
      nextNs[run] += random.nextLong(200);
      m.append(MS + nextNs[run], run);
    }
    m.drain();
  }

  @Test
  void anIdleHourIsOneStep() {
    EventModel m = new EventModel("idle");
    m.append(1, 0);
    m.append(HOUR, 0);
    m.append(10_000 * HOUR, 0);
    m.append(1L << 62, 0);
    m.drain();
    assertThat(m.nowNs()).isEqualTo(1L << 62);
  }

  @Test
  void takesEventsIntoABucketThatWasClosedBeforeItsEnd() {
    EventModel m = new EventModel("reopened");
    m.append(100, 0);
    m.drain();
    m.append(100, 1);
    m.append(101, 1);
    m.drain();
  }

  @Test
  void laysNoTraceOfParkingOrWidthOnTheOrder() {
    long[] reference = readingOrder(BucketWidth.FIRST);
    for (int width = BucketWidth.LEAST; width <= BucketWidth.MOST; width++) {
      assertThat(readingOrder(width)).as("width %d", width).isEqualTo(reference);
    }
  }

  private static long[] readingOrder(int width) {
    EventQueue queue = new EventQueue(MemoryBudget.unlimited());
    queue.changeWidth(width);
    SplittableRandom random = new SplittableRandom(77);
    for (int i = 0; i < 10_000; i++) {
      queue.append(random.nextLong(2000) * MS, Order.of(Order.PACKET, random.nextInt(100), i));
    }
    long[] orders = new long[10_000];
    int n = 0;
    for (long ns = queue.nextBucketNs(); ns != Long.MAX_VALUE; ns = queue.nextBucketNs()) {
      queue.open(ns);
      while (queue.next()) {
        orders[n++] = queue.array()[queue.index()];
      }
      queue.close();
    }
    assertThat(n).isEqualTo(10_000);
    return orders;
  }

  @Test
  void narrowsBucketsThatGetCrowdedAndWidensEmptyOnes() {
    EventModel m = new EventModel("crowded");
    hold(m, 20_000, 2 * MS, 200_000);
    assertThat(m.queue.width()).as("20,000 events in 2 ms").isBetween(13, 15);
    m.drain();
    hold(m, 20, 100 * MS, 20_000);
    assertThat(m.queue.width()).as("20 events in 100 ms").isEqualTo(BucketWidth.MOST);
  }

  @Test
  void narrowsBucketsThatAreWiderThanTheDelays() {
    EventModel m = new EventModel("short delays");
    m.queue.changeWidth(18);
    hold(m, 80, 50_000, 100_000);
    assertThat(m.queue.width()).as("80 events in 50 us").isLessThan(16);
  }

  /** Keeps {@code n} events pending, each replaced by one up to {@code delayNs} later. */
  private static void hold(EventModel m, int n, long delayNs, int reads) {
    SplittableRandom random = new SplittableRandom(n);
    for (int i = 0; i < n; i++) {
      m.append(m.nowNs() + 1 + random.nextLong(delayNs), i);
    }
    for (int i = 0; i < reads; ) {
      m.open();
      while (m.next()) {
        m.append(m.nowNs() + 1 + random.nextLong(delayNs), i++ & 0xFFFF);
      }
    }
  }

  @Test
  void showsTheEventsAhead() {
    EventQueue queue = new EventQueue(MemoryBudget.unlimited());
    for (int i = 9; i >= 0; i--) {
      long[] words = queue.append(10 + i, Order.of(Order.PACKET, i, 0));
      words[queue.base() + 1] = i;
    }
    queue.open(queue.nextBucketNs());
    queue.next();
    assertThat(queue.ahead()).isEqualTo(9);
    for (int i = 0; i < 9; i++) {
      assertThat(queue.timeAhead(i)).isEqualTo(11 + i);
      assertThat(queue.arrayAhead(i)[queue.indexAhead(i) + 1]).isEqualTo(1 + i);
    }
    queue.append(11, Order.of(Order.PACKET, 0, 7));
    assertThat(queue.ahead()).as("late events are not shown").isEqualTo(9);
  }

  @Test
  void startsAfreshAfterClear() {
    EventQueue queue = new EventQueue(MemoryBudget.unlimited());
    EventModel first = new EventModel("first", queue);
    hold(first, 5000, 10 * MS, 50_000);
    first.append(first.nowNs() + 100 * HOUR, 0);
    first.open();
    queue.clear();
    assertThat(queue.pending()).isZero();
    assertThat(queue.nextBucketNs()).isEqualTo(Long.MAX_VALUE);
    EventModel second = new EventModel("second", queue);
    hold(second, 5000, 10 * MS, 50_000);
    second.drain();
  }

  @Test
  void refusesAnEventBeforeTheOpenBucket() {
    EventQueue queue = new EventQueue(MemoryBudget.unlimited());
    queue.append(S, 1);
    queue.open(queue.nextBucketNs());
    queue.next();
    assertThatThrownBy(() -> queue.append(S / 2, 2)).isInstanceOf(Throwable.class);
  }

  @Test
  void reservesBeforeItGrows() {
    MemoryBudget budget = new MemoryBudget(2 << 20);
    EventQueue queue = new EventQueue(budget);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1_000_000; i++) {
                queue.append(i, i);
              }
            })
        .isInstanceOf(MemoryRefused.class)
        .hasMessageContaining("eventQueue");
    assertThat(budget.usedBytes()).isBetween(1L << 20, 2L << 20);
  }
}
