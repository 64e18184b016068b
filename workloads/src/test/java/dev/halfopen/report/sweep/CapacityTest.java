package dev.halfopen.report.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halfopen.catalog.Catalog;
import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.Overrides;
import dev.halfopen.scenario.ScenarioReader;
import dev.halfopen.scenario.WorldSpec;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Test;

class CapacityTest {
  private static Capacity.Result search(String within, String resolution, DoublePredicate holds)
      throws Exception {
    return Capacity.of(within, resolution)
        .search(
            values ->
                values.stream()
                    .map(v -> holds.test(Double.parseDouble(v.replaceAll("[^0-9.]", ""))))
                    .toList());
  }

  @Test
  void standsWithinTheResolutionOnBothSides() throws Exception {
    Capacity.Result result = search("100/s..2000/s", "1%", v -> v <= 455);
    double last = Double.parseDouble(result.lastThatHolds().replace("/s", ""));
    double first = Double.parseDouble(result.firstThatDoesNot().replace("/s", ""));
    assertThat(last).isBetween(450.0, 455.0);
    assertThat(first).isBetween(455.1, last * 1.01);
    assertThat(result.isMonotone()).isTrue();
  }

  @Test
  void wholeNumbersStayWhole() throws Exception {
    Capacity.Result result = search("1..10", "1%", v -> v <= 7);
    assertThat(result.lastThatHolds()).isEqualTo("7");
    assertThat(result.firstThatDoesNot()).isEqualTo("8");
  }

  @Test
  void saysSoWhenAValueAboveHoldsAgain() throws Exception {
    Capacity.Result result = search("10..1000", "5%", v -> v <= 50 || v > 500);
    assertThat(result.isMonotone()).isFalse();
    assertThat(Double.parseDouble(result.lastThatHolds())).isLessThanOrEqualTo(50);
  }

  @Test
  void allOrNothingMayHold() throws Exception {
    assertThat(search("10..20", "1%", v -> true).firstThatDoesNot()).isEmpty();
    assertThat(search("10..20", "1%", v -> true).lastThatHolds()).isEqualTo("20");
    assertThat(search("10..20", "1%", v -> false).lastThatHolds()).isEmpty();
  }

  @Test
  void refusesARangeThatIsNone() {
    for (String within : new String[] {"10", "20..10", "1/s..2/min", "a..b", "0..5"}) {
      assertThatThrownBy(() -> Capacity.of(within, "1%"))
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith("--within " + within);
    }
    assertThatThrownBy(() -> Capacity.of("1..2", "x")).hasMessageContaining("0.01%..50%");
  }

  @Test
  void conditionsHaveUnitsWhereTheirQuantityHas() throws Exception {
    assertThat(Condition.parse("latency.p(99) < 0.4s", "x").bound()).isEqualTo(400);
    assertThat(Condition.parse("failed < 0.1%", "x").measure().name()).isEqualTo("failedShare");
    assertThat(Condition.parse("failed < 0.1%", "x").bound()).isEqualTo(0.001);
    assertThatThrownBy(() -> Condition.parse("latency.p(99) < 400", "x"))
        .hasMessageContaining("is a time");
    assertThatThrownBy(() -> Condition.parse("failed < 4ms", "x"))
        .hasMessageContaining("is not a time");
    assertThat(Condition.parse("app.pool(hikari).peak < 80%", "x").bound()).isEqualTo(0.8);
    assertThat(Condition.parse("app.pool(hikari).waiting < 5", "x").bound()).isEqualTo(5);
    assertThatThrownBy(() -> Condition.parse("app.pol(hikari).peak < 5", "x"))
        .hasMessageContaining("HOST.pool(APP).peak");
    assertThatThrownBy(() -> Condition.parse("failde == 0", "x"))
        .hasMessageContaining("failde is no quantity; known: offered");
  }

  @Test
  void whatIsNotThereIsRefusedWithWhatIs() throws Exception {
    WorldSpec world = ScenarioReader.read(Catalog.open("half-open-db"), Overrides.NONE).world();
    Condition.parse("db.connections(5432).peak < 90%", "x").measure().check(world, "x");
    for (String[] wrong :
        new String[][] {
          {"dbb.timewait.peak", "no host dbb; did you mean db?"},
          {"db.connections(5433).peak", "no listener 5433"},
          {"app.pool(orders).peak", "known: hikari"},
          {"db.pool(hikari).peak", "it has none"}
        }) {
      Measure measure = Measure.parse(wrong[0], "x");
      assertThatThrownBy(() -> measure.check(world, "x")).hasMessageContaining(wrong[1]);
    }
  }
}
