package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios of docs/examples run as they stand, to the end, and answer their question. */
@Tag("long")
class WholeExamplesTest {
  @TempDir private Path directory;

  private JsonNode summary(String example, int exitCode) throws IOException {
    Path out = directory.resolve(example);
    CliRun run =
        CliRun.of(
            "run", Path.of("..", "docs", "examples", example).toString(), "--out", out.toString());
    assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(exitCode);
    JsonNode summary = new ObjectMapper().readTree(out.resolve("summary.json").toFile());
    JsonNode requests = summary.get("requests");
    assertThat(requests.get("offered").asLong())
        .isEqualTo(
            requests.get("succeeded").asLong()
                + requests.get("failed").asLong()
                + requests.get("unfinished").asLong());
    assertThat(summary.get("unexplained").asLong()).isZero();
    return summary;
  }

  @Test
  void theEdgeRunsOutOfPortsAtTheEveningPeak() throws IOException {
    assertThat(summary("edge.yaml", ExitCode.THRESHOLD_MISSED).get("verdict").asText())
        .contains("STOPS at")
        .contains("nginx has no free port to app-1:8080 and app-2:8080");
  }

  @Test
  void requestsHangWhenTheDatabaseLosesPower() throws IOException {
    JsonNode summary = summary("db.yaml", ExitCode.THRESHOLD_MISSED);
    assertThat(summary.get("verdict").asText()).startsWith("FAILS from 300");
    assertThat(summary.get("loads").get("orders").get("longestOutageSeconds").asDouble())
        .isBetween(45.0, 90.0);
  }

  @Test
  void cookiesLetCustomersInDuringTheFlood() throws IOException {
    JsonNode summary = summary("flood.yaml", ExitCode.FINE);
    assertThat(summary.get("simulated").get("syns").asLong()).isGreaterThan(35_000_000L);
    assertThat(summary.get("loads").get("linuxClients").get("failed").asLong()).isZero();
  }
}
