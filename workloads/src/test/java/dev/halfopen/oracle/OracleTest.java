package dev.halfopen.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class OracleTest {
  /** Rows known to miss; to be empty. */
  private static final Set<String> KNOWN_EXCEPTIONS = Set.of();

  private static final double LEAST_EXPRESSED = 0.95;

  private final Oracle oracle = new Oracle();

  private void holds(int phases) {
    List<OracleRow> rows = oracle.run(oracle.names(), phases, name -> {});
    List<String> misses =
        rows.stream()
            .filter(OracleRow::misses)
            .filter(row -> !KNOWN_EXCEPTIONS.contains(row.name()))
            .map(
                row ->
                    row.name()
                        + ": "
                        + row.simulatedMin()
                        + ".."
                        + row.simulatedMax()
                        + " is not in "
                        + row.allowedMin()
                        + ".."
                        + row.allowedMax())
            .toList();
    assertThat(misses).as("./halfopen oracle").isEmpty();
    double expressed = rows.stream().filter(OracleRow::isExpressed).count();
    assertThat(expressed / rows.size()).isGreaterThan(LEAST_EXPRESSED);
  }

  @Test
  void everyMeasuredRowHoldsAtTwoPhases() {
    holds(2);
  }

  @Test
  @Tag("long")
  void everyMeasuredRowHoldsAtAllPhases() {
    holds(Oracle.allPhases());
  }
}
