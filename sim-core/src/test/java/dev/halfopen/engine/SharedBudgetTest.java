package dev.halfopen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** One budget for several shards: what is granted does not depend on who is faster. */
class SharedBudgetTest {
  private final MemoryBudget budget = new MemoryBudget(1000);
  private final MemoryBudget first = budget.share();
  private final MemoryBudget second = budget.share();

  @Test
  void aShareSeesWhatOthersHadWhenItWasSettled() {
    first.reserve("a", 600);
    assertThatCode(() -> second.reserve("b", 300)).doesNotThrowAnyException();
    budget.settle();
    assertThatThrownBy(() -> second.reserve("b", 101))
        .isInstanceOf(MemoryRefused.class)
        .hasMessage("b needs a total of 1001 bytes; 1000 are allowed");
    second.reserve("b", 100);
    assertThat(budget.usedBytes()).isEqualTo(1000);
  }

  @Test
  void sharesThatExceedTheLimitTogetherAreFoundOut() {
    first.reserve("a", 600);
    second.reserve("b", 500);
    assertThatThrownBy(budget::settle)
        .isInstanceOf(MemoryRefused.class)
        .hasMessage("b needs a total of 1100 bytes; 1000 are allowed");
  }

  @Test
  void whoeverGrewFirstInTheirOrderIsNotToBlame() {
    second.reserve("b", 900);
    budget.settle();
    second.release("b", 300);
    first.reserve("a", 100);
    second.reserve("c", 350);
    assertThatThrownBy(budget::settle).hasMessageStartingWith("c needs a total of 1050 bytes");
  }

  @Test
  void theBillIsThatOfAllShares() {
    budget.reserve("own", 1);
    first.reserve("a", 2);
    second.reserve("b", 3);
    second.reserve("a", 4);
    second.release("a", 1);
    assertThat(budget.bill()).isEqualTo("own 1\na 5\nb 3\n");
    assertThat(budget.grantedBytes()).isEqualTo(10);
    budget.settle();
    assertThat(budget.peakBytes()).isEqualTo(9);
  }

  @Test
  void whatTheWholeTakesItselfCountsToo() {
    budget.reserve("own", 500);
    budget.settle();
    assertThatThrownBy(() -> first.reserve("a", 501)).isInstanceOf(MemoryRefused.class);
    first.reserve("a", 400);
    assertThatThrownBy(() -> budget.reserve("own", 101)).isInstanceOf(MemoryRefused.class);
  }
}
