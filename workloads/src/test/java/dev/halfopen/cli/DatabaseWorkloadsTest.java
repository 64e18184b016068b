package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** One of the run before. */
  private JsonNode expectation(String name) throws IOException {
    for (JsonNode e :
        new ObjectMapper()
            .readTree(directory.resolve("out").resolve("summary.json").toFile())
            .get("expectations")) {
      if (e.get("name").asText().equals(name)) {
        return e;
      }
    }
    throw new AssertionError("no expectation " + name);
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
  void killedProcessesLeaveNoConnections() throws IOException {
    assertThat(summary("run", "half-open-db", "--set", "crash=kill")).contains("2 of 2 agree");
    assertThat(expectation("connections at the end").get("simulated").asInt()).isEqualTo(20);
  }

  @Test
  void leakedConnectionsAreThoseOfTheDetectionTime() throws IOException {
    assertThat(summary("run", "half-open-db", "--set", "tcpKeepaliveTime=1800"))
        .contains("2 of 2 agree");
    assertThat(expectation("connections at the most").get("expected").asInt()).isEqualTo(60);
    assertThat(expectation("connections at the end").get("expected").asInt()).isEqualTo(40);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10s", "60s", "120s"})
  void writersStallAfterEachPartitionOfTheTable(String partition) {
    assertThat(summary("run", "rto-ladder", "--set", "partition=" + partition))
        .contains("3 of 3 agree");
  }

  @Test
  void requestsHangByWhatTheirConnectionWasDoing() {
    String text = summary("run", "db-failover", "--set", "rate=40/s");
    assertThat(text)
        .containsPattern("5 of 5 agree; variants (5\\d) of \\1 agree")
        .containsPattern("at 120.0 s +requests +answered +failed +still wait +median +longest")
        .containsPattern("\\n +acknowledged, waiting +(\\d+) +0 +0 +\\1 +- +>= 23 min")
        .containsPattern("\\n +unacknowledged +\\d+ +0 +\\d+ +0 +1[56][.0-9]* min")
        .containsPattern("by variant +variant +not acknowledged, ends after")
        .containsPattern("tcpKeepalive60s +\\d+ x [0-9. to]+ s .*\\d+ x \\d+(\\.\\d)? s \\(89 to ");
    assertThat(text.lines().findFirst().orElse(""))
        .matches("FAILS from .* At the fault requests hang up to 1[56](\\.[0-9])? min.*");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(ints = {1, 2, 3})
  void socketTimeoutEndsEveryWait(int seed) {
    String[] args = {
      "run", "db-failover", "--set", "socketTimeout=30s", "--duration", "4min", "--seed", "" + seed
    };
    assertThat(summary(args)).contains("5 of 5 agree");
  }

  @Test
  void queriesLongerThanADelayedAckLeaveWholePoolsHanging() throws IOException {
    String[] args = {"run", "db-failover", "--set", "query=400ms", "--duration", "4min"};
    assertThat(summary(args)).contains("1 of 1 agree");
    assertThat(expectation("longest time without a success").get("notApplicable").asText())
        .isEqualTo(
            "of 20 connections of a pool the load needs 13.4 in the mean, and as many hang after it");
    JsonNode acknowledged = expectation("acknowledged: still hanging at the end");
    assertThat(acknowledged.get("simulated").asInt()).isBetween(50, 110);
  }

  @Test
  void poolsWithRoomForWhatHangsServeOn() throws IOException {
    summary(
        "run",
        "db-failover",
        "--set=query=400ms",
        "--set=rate=40/s",
        "--set=socketTimeout=10s",
        "--duration=4min");
    for (String name :
        List.of(
            "acknowledged: last to end",
            "idle, handed out unchecked: last to end",
            "longest time without a success")) {
      assertThat(expectation(name).get("holds").asBoolean()).as(name).isTrue();
    }
  }

  @Test
  void theTableTellsWhatEachSettingChanges() {
    String text = summary("run", "db-failover-variants");
    assertThat(text).containsPattern("(5\\d) of \\1 agree");
    assertThat(text).containsPattern("retries15 +\\d+ +unacknowledged: first to end +9\\d\\d");
    assertThat(text).containsPattern("tcpKeepalive +\\d+ +unacknowledged");
    assertThat(text)
        .containsPattern("connectToSilent +last to give up +13\\d\\.\\d s +133\\.3 to 135\\.4 s");
    assertThat(text).doesNotContain("by connection");
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
