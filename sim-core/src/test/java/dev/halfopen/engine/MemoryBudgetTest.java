package dev.halfopen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  @Test
  void billsEveryKindOfTable() {
    MemoryBudget budget = new MemoryBudget(1000);
    budget.reserve("connections", 300);
    budget.reserve("demux", 100);
    budget.reserve("connections", 300);
    budget.release("connections", 250);
    budget.reserve("demux", 50);
    assertThat(budget.usedBytes()).isEqualTo(500);
    assertThat(budget.peakBytes()).isEqualTo(700);
    assertThat(budget.grantedBytes()).isEqualTo(750);
    assertThat(budget.kinds()).isEqualTo(2);
    assertThat(budget.bill()).isEqualTo("connections 350\ndemux 150\n");
  }

  @Test
  void billsThePeakRowsOfAllTablesOfAKind() {
    MemoryBudget budget = new MemoryBudget(1000);
    budget.reserve("demux", 100);
    budget.billRows("connections", () -> 7);
    budget.billRows("connections", () -> 5);
    assertThat(budget.name(1)).isEqualTo("connections");
    assertThat(budget.peakRows(0)).isZero();
    assertThat(budget.peakRows(1)).isEqualTo(12);
  }

  @Test
  void takesAnyNumberOfKinds() {
    MemoryBudget budget = MemoryBudget.unlimited();
    for (int kind = 0; kind < 40; kind++) {
      budget.reserve("table " + kind, kind);
    }
    assertThat(budget.kinds()).isEqualTo(40);
    assertThat(budget.bytes(39)).isEqualTo(39);
  }

  @Test
  void refusesWhatWouldExceedTheLimitAndSaysWhatIsNeeded() {
    MemoryBudget budget = new MemoryBudget(1000);
    budget.reserve("connections", 900);
    assertThatThrownBy(() -> budget.reserve("demux", 101))
        .isInstanceOfSatisfying(
            MemoryRefused.class,
            refused -> {
              assertThat(refused.table()).isEqualTo("demux");
              assertThat(refused.neededBytes()).isEqualTo(1001);
              assertThat(refused.limitBytes()).isEqualTo(1000);
            });
    assertThat(budget.usedBytes()).isEqualTo(900);
    budget.reserve("demux", 100);
  }

  @Test
  void knowsWhatAnArrayTakes() {
    assertThat(MemoryBudget.arrayBytes(0, 8)).isEqualTo(16);
    assertThat(MemoryBudget.arrayBytes(3, 4)).isEqualTo(32);
    assertThat(MemoryBudget.arrayBytes(1 << 20, 8)).isEqualTo((8 << 20) + 16);
  }
}
