package dev.halfopen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordTableTest {
  private static final int SEGMENT_ROWS = 1 << 18;

  /** Records that say in every word where they are. */
  private static final class Table extends RecordTable {
    private final int words;

    Table(int words, int linkWord, MemoryBudget budget) {
      this(words, linkWord, 0, budget);
    }

    Table(int words, int linkWord, int spareMost, MemoryBudget budget) {
      super("table", words, linkWord, spareMost, budget);
      this.words = words;
    }

    void write(int row, int stamp) {
      at(row);
      write(stamp);
    }

    /** Writes the record under the cursor. */
    void write(int stamp) {
      for (int w = 0; w < words; w++) {
        put(w, stamp * 31 + w);
      }
    }

    int word(int row, int w) {
      at(row);
      return get(w);
    }

    /** A word of the record under the cursor, which stays where it was. */
    int word(int w) {
      return get(w);
    }
  }

  private static Table table(int words, int linkWord) {
    return new Table(words, linkWord, MemoryBudget.unlimited());
  }

  @ParameterizedTest
  @CsvSource({"8,7,0", "16,15,0", "16,0,0", "32,14,0", "8,7,1", "32,15,100", "32,15,1000000"})
  void holdsWhatANaiveModelHolds(int words, int linkWord, int spareMost) {
    SplittableRandom random = new SplittableRandom(words + linkWord);
    Table table = new Table(words, linkWord, spareMost, MemoryBudget.unlimited());
    Map<Integer, Integer> stampOf = new HashMap<>();
    List<Integer> rows = new ArrayList<>();
    for (int i = 1; i < 200_000; i++) {
      if (rows.isEmpty() || random.nextInt(100) < (i < 100_000 ? 60 : 45)) {
        boolean stays = random.nextBoolean();
        int row = stays ? table.allocate() : table.take();
        assertThat(stampOf.put(row, i)).as("row %d was live", row).isNull();
        rows.add(row);
        if (stays) {
          table.write(row, i);
        } else {
          table.write(i);
        }
      } else {
        int row = rows.remove(random.nextInt(rows.size()));
        int stamp = stampOf.remove(row);
        for (int w = 0; w < words; w++) {
          assertThat(table.word(row, w)).isEqualTo(stamp * 31 + w);
        }
        if (random.nextBoolean()) {
          table.free(row);
        } else {
          table.giveBack(row);
        }
        int kept = (linkWord + 1) % words;
        assertThat(table.word(row, kept)).as("survives in a free row").isEqualTo(stamp * 31 + kept);
      }
      assertThat(table.live()).isEqualTo(rows.size());
      table.touchSpare(i % 200);
    }
  }

  @Test
  void forgetsSpareRowsWhenItIsReset() {
    Table table = new Table(8, 7, 10, MemoryBudget.unlimited());
    table.allocate();
    table.free(table.allocate());
    table.reset();
    assertThat(table.allocate()).isEqualTo(1);
    assertThat(table.allocate()).isEqualTo(2);
    assertThat(table.allocate()).isEqualTo(3);
  }

  @Test
  void givesTheRowsFreedLastFirstAndNeverRow0() {
    Table table = table(8, 7);
    assertThat(table.highWater()).isZero();
    assertThat(table.allocate()).isEqualTo(1);
    int a = table.allocate();
    int b = table.allocate();
    table.free(a);
    table.free(b);
    assertThat(table.allocate()).isEqualTo(b);
    assertThat(table.allocate()).isEqualTo(a);
    assertThat(table.highWater()).isEqualTo(3);
  }

  @Test
  void keepsTheCursorsRecordWhileItGrows() {
    Table table = table(16, 15);
    int first = table.allocate();
    table.write(first, 5);
    for (int i = 0; i < SEGMENT_ROWS + 10; i++) {
      table.allocate();
    }
    assertThat(table.word(3)).isEqualTo(5 * 31 + 3);
    assertThat(table.word(first, 3)).isEqualTo(5 * 31 + 3);
  }

  @Test
  void growsByDoublingInTheFirstSegmentThenBySegments() {
    MemoryBudget budget = MemoryBudget.unlimited();
    Table table = new Table(8, 7, budget);
    Set<Long> sizes = new HashSet<>();
    for (int i = 1; i < 3 * SEGMENT_ROWS; i++) {
      table.allocate();
      sizes.add(budget.bytes(0) >>> 5 + 8);
    }
    assertThat(sizes).as("bill at every size").hasSizeLessThan(40);
    assertThat(budget.bytes(0))
        .as("three segments and little else")
        .isBetween(3L * SEGMENT_ROWS * 32, 3L * SEGMENT_ROWS * 32 + 500_000);
    assertThat(table.live()).isEqualTo(3 * SEGMENT_ROWS - 1);
  }

  @Test
  void recordsOf64BytesLieOnOneCacheLineWhereArraysAreAligned() {
    Table table = table(16, 15);
    for (int i = 0; i < 1000; i++) {
      int headerBytes = 16;
      table.at(table.allocate());
      long offset = table.cursorOffset() - Words.offset(0);
      assertThat((headerBytes + offset) % 64).isZero();
    }
  }

  @Test
  void refusesRowsThatItHasNoMemoryFor() {
    Table table = table(16, 15);
    int last = table.allocate();
    assertThat(last).isEqualTo(1);
    for (int row : new int[] {-1, 256, SEGMENT_ROWS, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> table.at(row))
          .as("row %d", row)
          .isInstanceOfAny(IndexOutOfBoundsException.class, AssertionError.class);
    }
  }

  @Test
  void isAsNewAfterReset() {
    Table table = table(8, 7);
    for (int i = 0; i < SEGMENT_ROWS + 1000; i++) {
      table.write(table.allocate(), i);
    }
    table.free(5);
    table.reset();
    assertThat(table.live()).isZero();
    assertThat(table.highWater()).isZero();
    for (int i = 1; i <= SEGMENT_ROWS + 1000; i++) {
      int row = table.allocate();
      assertThat(row).isEqualTo(i);
      assertThat(table.word(row, 3)).isZero();
    }
  }

  @Test
  void billsTheMostRowsOfAllTheTimesBetweenResets() {
    MemoryBudget budget = new MemoryBudget(1 << 24);
    Table table = new Table(8, 7, budget);
    for (int rows : new int[] {3, 400, 20}) {
      for (int i = 0; i < rows; i++) {
        table.allocate();
      }
      table.reset();
    }
    table.allocate();
    assertThat(table.highWater()).isEqualTo(1);
    assertThat(budget.peakRows(0)).isEqualTo(400);
  }

  @Test
  void assertsThatARowIsFreedOnce() {
    Table table = table(8, 7);
    int row = table.allocate();
    table.free(row);
    assertThatThrownBy(() -> table.free(row)).isInstanceOf(AssertionError.class);
  }

  @Test
  void staysUsableWhenTheBudgetRefusesToGrow() {
    MemoryBudget budget = new MemoryBudget(64_000);
    Table table = new Table(8, 7, budget);
    int[] rows = new int[1];
    assertThatThrownBy(
            () -> {
              for (; ; ) {
                rows[0] = table.allocate();
                table.write(rows[0], rows[0]);
              }
            })
        .isInstanceOf(MemoryRefused.class)
        .hasMessageContaining("table");
    assertThat(table.live()).isEqualTo(rows[0]);
    assertThat(table.word(rows[0], 2)).isEqualTo(rows[0] * 31 + 2);
    table.free(rows[0]);
    assertThat(table.allocate()).isEqualTo(rows[0]);
  }
}
