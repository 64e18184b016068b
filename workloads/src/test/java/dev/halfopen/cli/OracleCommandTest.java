package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class OracleCommandTest {
  @Test
  void printsATableWithTotals() {
    CliRun run = CliRun.of("oracle", "O2", "o9");
    assertThat(run.exitCode()).isEqualTo(ExitCode.FINE);
    assertThat(run.out())
        .contains("O2 synack_retries=5", "request gone s", "64.09 .. 65.28", "holds")
        .contains("O9 ecn on", "not expressed: ECN is not modelled")
        .contains("\nO2   8 of 8 rows hold\n")
        .contains("\nall  ");
  }

  @Test
  void printsRowsAsJson() throws Exception {
    CliRun run = CliRun.of("oracle", "O2", "O9", "--json");
    assertThat(run.exitCode()).isEqualTo(ExitCode.FINE);
    JsonNode rows = new ObjectMapper().readTree(run.out());
    JsonNode first = rows.get(0);
    assertThat(first.get("experiment").asText()).isEqualTo("O2");
    assertThat(first.get("case").asText()).isEqualTo("synack_retries=5");
    assertThat(first.get("quantity").asText()).isEqualTo("SYN-ACKs");
    assertThat(first.get("measured").toString()).isEqualTo("[6,6]");
    assertThat(first.get("allowed").toString()).isEqualTo("[6,6]");
    assertThat(first.get("simulated").toString()).isEqualTo("[6,6]");
    assertThat(first.get("holds").asBoolean()).isTrue();
    boolean anyNull = false;
    for (JsonNode row : rows) {
      if (row.get("holds").isNull()) {
        anyNull = true;
        assertThat(row.get("reason").asText()).isNotEmpty();
      }
    }
    assertThat(anyNull).isTrue();
  }

  @Test
  void unknownExperimentIsBadInput() {
    CliRun run = CliRun.of("oracle", "O77");
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("unknown experiment O77");
  }
}
