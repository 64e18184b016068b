package dev.halfopen.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.EffectiveValue;
import dev.halfopen.scenario.Overrides;
import dev.halfopen.scenario.ScenarioReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What `halfopen show` prints of a workload says by itself. */
class CatalogTest {
  @ParameterizedTest
  @MethodSource("dev.halfopen.catalog.AccountsTest#workloads")
  void everyWorkloadSaysHowLongItsClientsWait(String name) throws BadInputException {
    for (EffectiveValue value : ScenarioReader.read(Catalog.open(name), Overrides.NONE).values()) {
      if (value.path().matches("load\\.[^.]+\\.timeout")) {
        assertThat(value.origin()).as(value.path()).isNotEqualTo("default");
      }
    }
  }
}
