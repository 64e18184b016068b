package dev.halfopen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerWheelTest {
  /** Slots of the lists' widths and their neighbours, and any distance between. */
  private static long delaySlots(SplittableRandom random) {
    long[] edges = {1, 2, 4095, 4096, 4097, 1 << 22, (1 << 22) - 1, (1 << 22) + 1, 6_866_455};
    switch (random.nextInt(4)) {
      case 0:
        return edges[random.nextInt(edges.length)];
      case 1:
        return 1 + random.nextLong(1L << 1 + random.nextInt(27));
      default:
        return 1 + random.nextLong(300);
    }
  }

  /** The wheel beside a map from slots to their ids in the order of insertion. */
  private static final class Model {
    private final int[] ahead = new int[40];
    private final TreeMap<Long, ArrayDeque<Integer>> slots = new TreeMap<>();
    private final TimerWheel wheel = new TimerWheel(MemoryBudget.unlimited());
    private final String name;
    private long pending;

    Model(String name) {
      this.name = name;
    }

    void add(long slot, int id) {
      wheel.add(slot, id);
      slots.computeIfAbsent(slot, s -> new ArrayDeque<>()).add(id);
      pending++;
    }

    long nextSlot() {
      long expected = slots.isEmpty() ? Long.MAX_VALUE : slots.firstKey();
      assertThat(wheel.nextSlot()).as("%s: next slot", name).isEqualTo(expected);
      assertThat(wheel.pending()).as("%s: pending", name).isEqualTo(pending);
      return expected;
    }

    void open(long slot) {
      wheel.open(slot);
      assertThat(wheel.currentSlot()).as(name).isEqualTo(slot);
    }

    boolean next() {
      ArrayDeque<Integer> ids = slots.get(wheel.currentSlot());
      boolean expected = ids != null && !ids.isEmpty();
      looksAhead(ids);
      assertThat(wheel.next()).as("%s: more in %d", name, wheel.currentSlot()).isEqualTo(expected);
      if (!expected) {
        slots.remove(wheel.currentSlot());
        return false;
      }
      pending--;
      assertThat(wheel.id()).as("%s: slot %d", name, wheel.currentSlot()).isEqualTo(ids.remove());
      return true;
    }

    /** What lies ahead in a row is a beginning of what comes. */
    private void looksAhead(@Nullable Iterable<Integer> ids) {
      int n = wheel.ahead(ahead);
      Iterator<Integer> expected = ids == null ? Collections.emptyIterator() : ids.iterator();
      for (int i = 0; i < n; i++) {
        assertThat(ahead[i]).as("%s: ahead %d", name, i).isEqualTo(expected.next());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void readsRandomEntriesInTheModelsOrder(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Model m = new Model("seed " + seed);
    for (int round = 0; round < 20_000; round++) {
      for (int i = random.nextInt(5); i > 0; i--) {
        m.add(m.wheel.currentSlot() + delaySlots(random), random.nextInt());
      }
      long next = m.nextSlot();
      if (next == Long.MAX_VALUE) {
        continue;
      }
      long now = m.wheel.currentSlot();
      boolean early = random.nextInt(4) == 0;
      m.open(early ? now + random.nextLong(next - now + 1) : next);
      while (m.next()) {
        if (random.nextInt(3) == 0) {
          m.add(m.wheel.currentSlot() + delaySlots(random), random.nextInt());
        }
      }
    }
    while (m.nextSlot() != Long.MAX_VALUE) {
      m.open(m.nextSlot());
      while (m.next()) {}
    }
  }

  @Test
  void keepsTheOrderOfInsertionAcrossCascades() {
    Model m = new Model("cascades");
    long slot = (3L << 22) + (5 << 12) + 7;
    for (int i = 0; i < 300; i++) {
      m.add(slot, i);
    }
    m.open(3L << 22);
    assertThat(m.next()).isFalse();
    for (int i = 300; i < 600; i++) {
      m.add(slot, i);
    }
    m.open((3L << 22) + (5 << 12));
    assertThat(m.next()).isFalse();
    for (int i = 600; i < 900; i++) {
      m.add(slot, i);
    }
    m.open(m.nextSlot());
    for (int i = 0; i < 900; i++) {
      assertThat(m.next()).isTrue();
    }
    assertThat(m.next()).isFalse();
  }

  @Test
  void firesTheSameTimersAsAgronas() {
    SplittableRandom random = new SplittableRandom(11);
    DeadlineTimerWheel agrona = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, 0, 1 << 20, 1024);
    TimerWheel wheel = new TimerWheel(MemoryBudget.unlimited());
    Map<Long, Integer> idOfTimer = new HashMap<>();
    for (int id = 0; id < 20_000; id++) {
      long slot = 1 + random.nextLong(20_000);
      wheel.add(slot, id);
      idOfTimer.put(agrona.scheduleTimer(slot << TimerWheel.SLOT_SHIFT), id);
    }
    long[] slotOf = new long[20_000];
    for (long slot = 0; slot <= 20_000; slot++) {
      long tick = slot;
      // One call ends the tick before and moves on, the other reads the tick.
      for (int call = 0; call < 2; call++) {
        agrona.poll(
            slot << TimerWheel.SLOT_SHIFT,
            (unit, now, timer) -> {
              slotOf[idOfTimer.get(timer)] = tick;
              return true;
            },
            Integer.MAX_VALUE);
      }
    }
    assertThat(agrona.timerCount()).isZero();
    int fired = 0;
    while (wheel.nextSlot() != Long.MAX_VALUE) {
      wheel.open(wheel.nextSlot());
      while (wheel.next()) {
        assertThat(wheel.currentSlot()).as("timer %d", wheel.id()).isEqualTo(slotOf[wheel.id()]);
        fired++;
      }
    }
    assertThat(fired).isEqualTo(20_000);
  }

  @Test
  void reachesFiftyDaysInOneStep() {
    Model m = new Model("far");
    m.add(TimerWheel.MOST_SLOT, -1);
    m.add(1L << 31, 1 << 31);
    m.open(m.nextSlot());
    assertThat(m.next()).isTrue();
    assertThat(m.next()).isFalse();
    m.open(m.nextSlot());
    assertThat(m.wheel.currentSlot()).isEqualTo(TimerWheel.MOST_SLOT);
    assertThat(m.next()).isTrue();
    assertThat(m.next()).isFalse();
    assertThat(m.nextSlot()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void refusesASlotThatIsOpenOrBeyondItsReach() {
    TimerWheel wheel = new TimerWheel(MemoryBudget.unlimited());
    assertThatThrownBy(() -> wheel.add(0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> wheel.add(1L << 32, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(wheel.pending()).isZero();
  }

  @Test
  void startsAfreshAfterClear() {
    Model m = new Model("cleared");
    for (int i = 1; i < 10_000; i++) {
      m.wheel.add(i * 7L, i);
    }
    m.wheel.open(7);
    m.wheel.next();
    m.wheel.clear();
    assertThat(m.nextSlot()).isEqualTo(Long.MAX_VALUE);
    for (int i = 1; i < 10_000; i++) {
      m.add(i * 5L, i);
    }
    while (m.nextSlot() != Long.MAX_VALUE) {
      m.open(m.nextSlot());
      while (m.next()) {}
    }
  }

  @Test
  void reservesBeforeItGrows() {
    MemoryBudget budget = new MemoryBudget(1 << 20);
    TimerWheel wheel = new TimerWheel(budget);
    assertThatThrownBy(
            () -> {
              for (int i = 1; i < 1_000_000; i++) {
                wheel.add(i, i);
              }
            })
        .isInstanceOf(MemoryRefused.class)
        .hasMessageContaining("timerWheel");
  }
}
