package dev.halfopen.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.halfopen.catalog.Catalog;
import dev.halfopen.report.Report;
import dev.halfopen.scenario.Overrides;
import dev.halfopen.scenario.Scenario;
import dev.halfopen.scenario.ScenarioReader;
import dev.halfopen.scenario.ScenarioSource;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The user's thresholds, judged at the end of a run, decide about the exit code. */
class ThresholdsTest {
  private static final String GOALS =
      """
      measure: { from: 5s }
      thresholds:
        - shoppers.failed < 0.1%
        - shoppers.latency.p(99) < 400ms
        - shoppers.connect.max >= 30ms
        - shoppers.outage < 10s
        - shoppers.unfinished < 50
        - shoppers.recovery(5s) == 0s
        - nginx.ports(app:8080).peak < 80%
      """;

  @TempDir private Path directory;

  private CliRun run(String goals, String... more) throws IOException {
    String template = Catalog.template();
    String yaml = template.substring(0, template.indexOf("measure:")) + goals;
    Path file = directory.resolve("goals.yaml");
    Files.writeString(file, yaml, UTF_8);
    String[] arguments = new String[6 + more.length];
    arguments[0] = "run";
    arguments[1] = file.toString();
    arguments[2] = "--duration";
    arguments[3] = "20s";
    arguments[4] = "--out";
    arguments[5] = directory.resolve("out").toString();
    System.arraycopy(more, 0, arguments, 6, more.length);
    return CliRun.of(arguments);
  }

  private JsonNode thresholds() throws IOException {
    return new ObjectMapper()
        .readTree(directory.resolve("out/summary.json").toFile())
        .get("thresholds");
  }

  @Test
  void whereAllHoldTheExitCodeIs0() throws IOException {
    CliRun run = run(GOALS.replace("400ms", "1s"));
    assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
    assertThat(thresholds()).hasSize(7);
    assertThat(thresholds().get(1).get("value").asDouble()).isBetween(0.05, 1.0);
    assertThat(thresholds().get(6).get("value").asDouble()).isBetween(0.001, 0.2);
    assertThat(run.out()).contains("holds   shoppers.failed < 0.1%   is 0 %");
  }

  @Test
  void whereOneIsMissedTheExitCodeIs1() throws IOException {
    CliRun run = run(GOALS.replace("400ms", "1ms"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(thresholds().get(1).get("holds").asBoolean()).isFalse();
    assertThat(run.out())
        .containsPattern("MISSED  shoppers.latency.p\\(99\\) < 1ms   is [0-9.]+ ms\n");
  }

  @Test
  void whatIsDueBeforeTheMeasurementDoesNotCount() throws IOException {
    run("measure: { from: 10s }\nthresholds: [ shoppers.offered > 0 ]\n");
    // the template's rate in this part is 92/s to 133/s
    assertThat(thresholds().get(0).get("value").asDouble()).isBetween(1000.0, 1300.0);
  }

  @Test
  void whatARunDoesNotReachNeitherHoldsNorIsMissed() throws IOException {
    CliRun run = run("thresholds: [ shoppers.recovery(4min) < 5s, shoppers.offered > 0 ]\n");
    assertThat(run.exitCode()).isEqualTo(ExitCode.LIMIT);
    assertThat(thresholds().get(0).get("holds").isNull()).isTrue();
    assertThat(thresholds().get(0).get("reason").asText()).isEqualTo("not reached");
    assertThat(thresholds().get(1).get("holds").asBoolean()).isTrue();
    assertThat(run.out()).contains("not reached  shoppers.recovery(4min) < 5s");
  }

  @Test
  void aPartialRunJudgesOnlyWhatTheRestCannotChange() throws Exception {
    String template = Catalog.template();
    String goals =
        """
        thresholds:
          - shoppers.offered < 0
          - shoppers.offered < 1000000
          - shoppers.offered >= 0
          - shoppers.failed < 0.1%
        """;
    String yaml = template.substring(0, template.indexOf("measure:")) + goals;
    Scenario scenario =
        ScenarioReader.read(
            new ScenarioSource("goals", "goals.yaml", directory, yaml), Overrides.NONE);
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    try (Interruption interruption = new Interruption();
        Progress progress = Progress.of(nowhere, true, scenario.world())) {
      interruption.request();
      Report report = Report.of(new Simulation(scenario, 1L << 30).run(interruption, progress));
      assertThat(report.result().isPartial()).isTrue();
      assertThat(report.thresholds())
          .extracting(t -> t.judgement().words())
          .containsExactly("MISSED", "not reached", "holds", "not reached");
    }
  }

  @Test
  void resourcesOfHostsAreJudgedInUnitsAndInShares() throws IOException {
    CliRun run =
        run(
            """
            thresholds:
              - nginx.timewait.peak > 100
              - nginx.timewait.peak < 50%
              - app.acceptQueue(8080).peak < 1000
              - app.synQueue(8080).peak < 100%
            """);
    assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
    assertThat(thresholds()).allSatisfy(t -> assertThat(t.get("value").isNumber()).isTrue());
  }

  @Test
  void resourcesThatAreNotThereAreRefusedWithThoseThatAre() throws IOException {
    CliRun run =
        run(
            """
            thresholds:
              - nginx.acceptQueue(81).peak < 10
              - nginx.pool(hikari).peak < 80%
              - nginx.sinQueue(80).peak < 10
            """);
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err())
        .contains("unknown metric sinQueue")
        .contains("synQueue, acceptQueue, conntrack, cpu, pool, workers, files, connections");
  }
}
