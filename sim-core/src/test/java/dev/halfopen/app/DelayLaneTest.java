package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.engine.MemoryBudget;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DelayLaneTest {
  private final Set<Long> stale = new HashSet<>();
  private final DelayLane lane =
      new DelayLane(reference -> !stale.contains(reference), new MemoryBudget(1 << 24));

  @Test
  void oneTimerServesAllDeadlines() {
    assertThat(lane.add(10, 1)).isTrue();
    assertThat(lane.add(20, 2)).isFalse();
    assertThat(lane.add(20, 3)).isFalse();

    assertThat(lane.takeDue(10)).isEqualTo(1);
    assertThat(lane.takeDue(10)).isEqualTo(-1);
    assertThat(lane.rearm()).isEqualTo(20);
    assertThat(lane.takeDue(20)).isEqualTo(2);
    assertThat(lane.takeDue(20)).isEqualTo(3);
    assertThat(lane.takeDue(20)).isEqualTo(-1);
    assertThat(lane.rearm()).isEqualTo(-1);
    assertThat(lane.add(30, 4)).isTrue();
  }

  @Test
  void whatIsAddedWhileTheTimerFiresArmsNothing() {
    lane.add(10, 1);
    assertThat(lane.takeDue(10)).isEqualTo(1);
    assertThat(lane.add(20, 2)).isFalse();
    assertThat(lane.rearm()).isEqualTo(20);
  }

  @Test
  void staleEntriesNeverComeAndAreNotWaitedFor() {
    lane.add(10, 1);
    lane.add(20, 2);
    lane.add(30, 3);
    stale.add(1L);
    stale.add(2L);
    assertThat(lane.takeDue(10)).isEqualTo(-1);
    assertThat(lane.rearm()).isEqualTo(30);
  }

  @Test
  void staysShortWhileTheWorkIsShort() {
    for (long i = 0; i < 100_000; i++) {
      lane.add(i + 30_000, i);
      stale.add(i - 3);
    }
    assertThat(lane.size()).isLessThan(10);
  }

  @Test
  void longLaneGrowsBySegmentsAndUsesThemAgain() {
    MemoryBudget budget = new MemoryBudget(1 << 26);
    DelayLane longLane = new DelayLane(reference -> true, budget);
    long next = 0;
    long due = 0;
    while (next < 1_000_000) {
      longLane.add(next, next++);
    }
    long used = budget.usedBytes();
    assertThat(used).isBetween(16_000_000L, 17_500_000L);
    assertThat(budget.peakRows(0)).isEqualTo(1_000_000);
    // Full and moving on: what is read in front is written behind.
    while (next < 3_000_000) {
      assertThat(longLane.takeDue(next)).isEqualTo(due++);
      longLane.add(next, next++);
    }
    while (due < next) {
      assertThat(longLane.takeDue(next)).isEqualTo(due++);
    }
    assertThat(longLane.size()).isZero();
    assertThat(longLane.takeDue(next)).isEqualTo(-1);
    assertThat(budget.usedBytes() - used).isLessThanOrEqualTo(1 << 21);
  }

  @Test
  void aClearedLaneBeginsAnewInTheSegmentsItHas() {
    for (int entries : new int[] {50, 1000, 200_000}) {
      MemoryBudget budget = new MemoryBudget(1 << 26);
      DelayLane again = new DelayLane(reference -> true, budget);
      long granted = 0;
      for (int life = 0; life < 3; life++) {
        for (long i = 0; i < entries; i++) {
          assertThat(again.add(i, i + life)).isEqualTo(i == 0);
        }
        // Not all are read: the rest of this life is not seen in the next one.
        for (long i = 0; i < entries / 2; i++) {
          assertThat(again.takeDue(entries)).isEqualTo(i + life);
        }
        if (life == 0) {
          granted = budget.grantedBytes();
        }
        again.clear();
        assertThat(again.size()).isZero();
        assertThat(again.takeDue(entries)).isEqualTo(-1);
      }
      assertThat(budget.grantedBytes()).isEqualTo(granted);
      assertThat(budget.peakRows(0)).isEqualTo(entries);
    }
  }

  @Test
  void agreesWithAQueueOverRandomOperations() {
    Random random = new Random(3);
    ArrayDeque<Long> naive = new ArrayDeque<>();
    long now = 0;
    for (long i = 0; i < 50_000; i++) {
      now += random.nextInt(3);
      if (random.nextInt(100) < 20 + 60 * (int) (i / 5000 % 2)) {
        lane.add(now + 500, now + 500);
        naive.add(now + 500);
      } else {
        Long expected = naive.isEmpty() || naive.peek() > now ? Long.valueOf(-1) : naive.poll();
        assertThat(lane.takeDue(now)).isEqualTo(expected);
      }
      assertThat(lane.size()).isEqualTo(naive.size());
    }
  }
}
