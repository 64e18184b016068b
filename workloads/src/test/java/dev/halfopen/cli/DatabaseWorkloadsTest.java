package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workloads of databases and networks that go away do what their closed forms say. */
class DatabaseWorkloadsTest {
  @TempDir private Path directory;

  private String summary(String... arguments) {
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--out";
    all[arguments.length + 1] = directory.resolve("out").toString();
    CliRun run = CliRun.of(all);
    assertThat(run.out() + run.err()).contains("self-check");
    return run.out();
  }

  @Test
  void writersStallAsTheLadderSays() {
    assertThat(summary("run", "rto-ladder")).contains("3 of 3 agree");
  }

  @Test
  void theSummaryTellsWhatWentWrongAndWhen() throws IOException {
    summary("run", "rto-ladder");
    JsonNode faults =
        new ObjectMapper()
            .readTree(directory.resolve("out").resolve("summary.json").toFile())
            .get("faults");
    assertThat(faults).isNotEmpty();
    assertThat(faults.get(0).get("name").asText()).isNotEmpty();
    assertThat(faults.get(0).get("atSeconds").asDouble()).isPositive();
  }

  @Test
  void theFifthCrashFillsTheDatabase() {
    assertThat(summary("run", "half-open-db")).contains("3 of 3 agree");
  }

  @Test
  void requestsHangByWhatTheirConnectionWasDoing() {
    String text = summary("run", "db-failover", "--set", "rate=40/s");
    assertThat(text).contains("4 of 4 agree").contains("acknowledged, waiting:");
    assertThat(text.lines().findFirst().orElse(""))
        .matches("FAILS from .* At the fault requests hang up to 1[56](\\.[0-9])? min.*");
  }

  @Test
  void comparisonTellsWhatTheTimeoutChangedForThoseWhoHang() {
    String a = directory.resolve("a").toString();
    String b = directory.resolve("b").toString();
    CliRun.of("run", "db-failover", "--set", "rate=40/s", "--out", a);
    CliRun.of("run", "db-failover", "--set", "rate=40/s", "--set", "socketTimeout=30s", "--out", b);
    assertThat(CliRun.of("compare", a, b).out())
        .containsPattern("at the fault acknowledged, waiting +[0-9]+ still wait .* socketTimeout");
  }
}
