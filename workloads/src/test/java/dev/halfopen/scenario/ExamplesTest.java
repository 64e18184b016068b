package dev.halfopen.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scenarios of docs/examples are read whole, or refused by the name of what is missing. */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("..", "docs", "examples");

  @ParameterizedTest
  @ValueSource(strings = {"edge.yaml", "db.yaml", "flood.yaml"})
  void nothingInThemIsMisreadOrIgnored(String name) throws BadInputException {
    ScenarioSource source = ScenarioSource.ofFile(EXAMPLES.resolve(name));
    try {
      Scenario scenario = ScenarioReader.read(source, Overrides.NONE);
      assertThat(scenario.world().loads()).isNotEmpty();
      assertThat(scenario.world().goals().thresholds()).hasSizeGreaterThanOrEqualTo(2);
      assertThat(scenario.effectiveYaml()).contains("question:");
    } catch (BadInputException e) {
      assertThat(e.lines())
          .as("everything but what the language has and this version does not")
          .allMatch(line -> line.contains("not modelled yet"));
    }
  }
}
