package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.engine.MemoryBudget;
import org.junit.jupiter.api.Test;

class LoadStatsTest {
  private static final long MS = 1_000_000;
  private static final FailureCause CAUSE = FailureCause.EADDRNOTAVAIL;
  private final MemoryBudget budget = new MemoryBudget(1 << 24);
  private final LoadStats stats = new LoadStats(new ClientFarmConfig(), 1, budget);

  private void succeed(long dueMs, long atMs, long index) {
    stats.success(atMs * MS, dueMs * MS, index);
  }

  private void fail(long dueMs, long atMs, long index) {
    stats.failure(atMs * MS, dueMs * MS, index, CAUSE, SeenAs.STATUS_502);
  }

  @Test
  void booksBalance() {
    for (int i = 0; i < 5; i++) {
      stats.offer(i * MS);
    }
    succeed(0, 2, 0);
    succeed(1, 3, 1);
    fail(2, 3, 2);
    assertThat(stats.offered()).isEqualTo(5);
    assertThat(stats.unfinished()).isEqualTo(2);
    assertThat(stats.failures(CAUSE)).isEqualTo(1);
    assertThat(stats.seenAs(SeenAs.STATUS_502)).isEqualTo(1);
    assertThat(stats.seenAs(SeenAs.TIMEOUT)).isZero();
  }

  @Test
  void everyRootCauseHasItsOwnFirstAndLastDueTime() {
    assertThat(stats.firstDueNs(CAUSE)).isEqualTo(LoadStats.NEVER);
    fail(300, 301, 3);
    fail(200, 302, 2);
    fail(250, 303, 4);
    stats.failure(400 * MS, 100 * MS, 5, FailureCause.CLIENT_TIMEOUT, SeenAs.TIMEOUT);
    assertThat(stats.firstDueNs(CAUSE)).isEqualTo(200 * MS);
    assertThat(stats.lastDueNs(CAUSE)).isEqualTo(300 * MS);
    assertThat(stats.firstDueNs(FailureCause.CLIENT_TIMEOUT)).isEqualTo(100 * MS);
    assertThat(stats.lastDueNs(FailureCause.CLIENT_TIMEOUT)).isEqualTo(100 * MS);
    assertThat(stats.lastDueNs(FailureCause.EPIPE)).isEqualTo(LoadStats.NEVER);
  }

  @Test
  void theReturnIsThatOfALaterRequestAndNotOfOneInFlight() {
    fail(100, 101, 100);
    succeed(99, 103, 99);
    assertThat(stats.firstFailureIndex()).isEqualTo(100);
    assertThat(stats.firstFailureNs()).isEqualTo(101 * MS);
    assertThat(stats.firstFailureDueNs()).isEqualTo(100 * MS);
    assertThat(stats.succeededBeforeFirstFailure()).isEqualTo(1);
    assertThat(stats.firstReturnNs()).isEqualTo(LoadStats.NEVER);
    succeed(200, 203, 200);
    succeed(201, 204, 201);
    assertThat(stats.firstReturnNs()).isEqualTo(203 * MS);
    assertThat(stats.firstReturnDueNs()).isEqualTo(200 * MS);
    assertThat(stats.succeededBeforeFirstFailure()).isEqualTo(1);
  }

  @Test
  void anOutageBeginsWithTheFirstRequestAfterASuccess() {
    stats.offer(0);
    succeed(0, 2, 0);
    stats.offer(5000 * MS);
    fail(5000, 5001, 1);
    stats.offer(6000 * MS);
    succeed(6000, 6002, 2);
    assertThat(stats.longestOutageNs()).isEqualTo(1002 * MS);
    assertThat(stats.longestOutageEndNs()).isEqualTo(6002 * MS);
  }

  @Test
  void anOutageAtTheEndCounts() {
    stats.offer(100 * MS);
    stats.finish(900 * MS, 100 * MS);
    assertThat(stats.longestOutageNs()).isEqualTo(800 * MS);
    assertThat(stats.oldestUnfinishedDueNs()).isEqualTo(100 * MS);
  }

  @Test
  void successesAreCountedWithinWindows() {
    IntervalCounts counts = new IntervalCounts(10 * MS, budget);
    for (long t = 0; t < 1_000_000; t++) {
      counts.count(t * MS + 3);
    }
    assertThat(counts.intervals()).isEqualTo(100_000);
    assertThat(counts.at(99_999)).isEqualTo(10);
    assertThat(counts.at(100_000)).isZero();
    assertThat(counts.within(0, Long.MAX_VALUE)).isEqualTo(1_000_000);
    assertThat(counts.within(500_000 * MS, 561_440 * MS)).isEqualTo(61_440);
  }
}
