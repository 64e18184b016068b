package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.engine.MemoryBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowListTest {
  private final UpstreamConnections table = new UpstreamConnections(new MemoryBudget(1 << 24));

  @Test
  void agreesWithADequeOverRandomOperations() {
    RowList list = new RowList(table, UpstreamConnections.NEXT, UpstreamConnections.PREVIOUS);
    ArrayDeque<Integer> naive = new ArrayDeque<>();
    Random random = new Random(5);
    for (int i = 0; i < 100_000; i++) {
      if (naive.isEmpty() || random.nextInt(100) < 50 + 20 * (i / 1000 % 2)) {
        int row = table.create();
        list.add(row);
        naive.addFirst(row);
      } else {
        int row = pick(naive, random);
        list.remove(row);
        naive.remove(row);
        table.move(row);
        table.destroy();
      }
      assertThat(list.size()).isEqualTo(naive.size());
      assertThat(list.newest()).isEqualTo(naive.isEmpty() ? 0 : naive.getFirst());
      assertThat(list.oldest()).isEqualTo(naive.isEmpty() ? 0 : naive.getLast());
      while (naive.size() > 50) {
        list.remove(naive.removeLast());
      }
    }
  }

  private static int pick(ArrayDeque<Integer> naive, Random random) {
    switch (random.nextInt(3)) {
      case 0:
        return naive.getFirst();
      case 1:
        return naive.getLast();
      default:
        List<Integer> all = new ArrayList<>(naive);
        return all.get(random.nextInt(all.size()));
    }
  }

  @Test
  void leavesTheCursorWhereItIs() {
    int a = table.create();
    table.requests(17);
    int b = table.create();
    RowList list = new RowList(table, UpstreamConnections.NEXT, UpstreamConnections.PREVIOUS);
    table.move(a);
    list.add(a);
    list.add(b);
    list.remove(a);
    assertThat(table.requests()).isEqualTo(17);
  }

  @Test
  void referencesGoStaleWithTheTicket() {
    int row = table.create();
    long reference = table.reference();
    assertThat(table.isCurrent(reference)).isTrue();
    table.enter(UpstreamConnections.IDLE);
    assertThat(table.isCurrent(reference)).isFalse();
    long second = table.reference();
    table.destroy();
    assertThat(table.create()).isEqualTo(row);
    assertThat(table.isCurrent(second)).isFalse();
    assertThat(table.isCurrent(table.reference())).isTrue();
  }
}
