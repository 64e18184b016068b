package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SchemaCommandTest {
  private static final Path REFERENCE = Path.of("../docs/scenario-reference.md");

  @Test
  void theReferenceIsMadeFromTheSchemaAsItIs() throws IOException {
    assertThat(Files.readString(REFERENCE))
        .as("stale: ./halfopen schema --markdown > docs/scenario-reference.md")
        .isEqualTo(CliRun.of("schema", "--markdown").out());
  }

  @Test
  void everyKeyOfTheSchemaStandsInTheReference() {
    String reference = CliRun.of("schema", "--markdown").out();
    assertThat(reference)
        .contains("| `halfopen` | `1` | Required. Version of the language. |")
        .contains("| `driver.socketTimeout` |")
        .contains("| `perRequest[].query.times` |")
        .contains("| `duration` | [duration](#kinds-of-values) |");
  }

  @Test
  void editorsGetTheSchemaItself() {
    assertThat(CliRun.of("schema").out()).startsWith("{").contains("\"$schema\"");
  }
}
