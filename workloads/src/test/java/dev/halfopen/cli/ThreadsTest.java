package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.halfopen.catalog.Catalog;
import dev.halfopen.report.Ending;
import dev.halfopen.report.Report;
import dev.halfopen.report.RunFiles;
import dev.halfopen.report.RunResult;
import dev.halfopen.report.ThreadUse;
import dev.halfopen.scenario.Mark;
import dev.halfopen.scenario.Overrides;
import dev.halfopen.scenario.Scenario;
import dev.halfopen.scenario.ScenarioReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --threads} changes how long a run takes, and what stands under "machine". */
class ThreadsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PLENTY = 1L << 30;

  /** Five upstreams far from the proxy, and a load that fills the time in between. */
  private static final List<String> FAR = List.of("rate=20000/s", "rtt=20ms", "upstreams=5");

  @TempDir private Path directory;

  private static Scenario scenario() throws Exception {
    List<Overrides.Setting> settings =
        FAR.stream()
            .map(s -> s.split("=", 2))
            .map(s -> new Overrides.Setting(s[0], s[1], Mark.option("--set " + s[0])))
            .toList();
    Overrides all =
        new Overrides(
            List.of(),
            Overrides.NONE.seed(),
            java.util.Optional.of(
                new Overrides.Setting("--duration", "1s", Mark.option("--duration 1s"))),
            settings,
            List.of(),
            List.of());
    return ScenarioReader.read(Catalog.open("port-exhaustion"), all);
  }

  private static RunResult run(int threads, long memoryBytes) throws Exception {
    Scenario scenario = scenario();
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
    try (Interruption interruption = new Interruption();
        Progress progress = Progress.of(nowhere, true, scenario.world())) {
      return new Simulation(scenario, memoryBytes, threads, null, Listings.NONE)
          .run(interruption, progress);
    }
  }

  /** All files but what stands under "machine". */
  private static Map<String, String> files(RunResult result) throws Exception {
    Map<String, String> texts = new TreeMap<>();
    for (Map.Entry<String, byte[]> file : RunFiles.of(Report.of(result)).entrySet()) {
      texts.put(file.getKey(), new String(file.getValue(), StandardCharsets.UTF_8));
    }
    ObjectNode summary = (ObjectNode) JSON.readTree(texts.get("summary.json"));
    assertThat(summary.remove("machine")).isNotNull();
    texts.put("summary.json", summary.toString());
    return texts;
  }

  @Test
  void anyNumberOfThreadsWritesTheSameFiles() throws Exception {
    Map<String, String> one = files(run(1, PLENTY));
    for (int threads : new int[] {2, 3, 8}) {
      RunResult result = run(threads, PLENTY);
      ThreadUse use = result.machine().threads();
      assertThat(use.shards()).isEqualTo(6);
      assertThat(use.shared()).isPositive();
      assertThat(use.used()).isEqualTo(Math.min(threads, 6));
      assertThat(files(result)).as("%d threads", threads).isEqualTo(one);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6, 7})
  void anyNumberOfThreadsMeetsTheMemoryLimitAtTheSamePoint(long mebibytes) throws Exception {
    RunResult first = run(1, mebibytes << 20);
    assertThat(first.ending()).isEqualTo(Ending.LIMIT);
    for (int threads : new int[] {2, 8}) {
      RunResult result = run(threads, mebibytes << 20);
      assertThat(files(result)).as("%d threads", threads).isEqualTo(files(first));
    }
  }

  private CliRun command(String... more) {
    List<String> args =
        new java.util.ArrayList<>(
            List.of("run", "port-exhaustion", "--out", directory.resolve("out").toString()));
    args.addAll(List.of(more));
    return CliRun.of(args.toArray(String[]::new));
  }

  private JsonNode machine() throws Exception {
    return JSON.readTree(directory.resolve("out/summary.json").toFile()).get("machine");
  }

  @Test
  void saysThatTheLinksLeaveNothingToShare() throws Exception {
    CliRun run = command("--duration", "1s", "--threads", "4", "--quiet");
    assertThat(run.exitCode()).isZero();
    String why =
        "one thread runs it all: every host is joined to the others by links of less than"
            + " 66.7 ms one way, in which this load makes fewer than 1000 events";
    assertThat(run.errorLines()).containsExactly("warning: --threads 4: " + why);
    assertThat(machine().get("threads").asInt()).isEqualTo(1);
    assertThat(machine().get("threadsAsked").asInt()).isEqualTo(4);
    assertThat(machine().get("threadsUnused").asText()).isEqualTo(why);
    assertThat(machine().get("windowSeconds").isNull()).isTrue();
  }

  @Test
  void saysHowManyThreadsWereOfUseAndWhatAWindowHeld() throws Exception {
    CliRun run =
        command(
            "--duration",
            "1s",
            "--set",
            FAR.get(0),
            "--set",
            FAR.get(1),
            "--set",
            FAR.get(2),
            "--threads",
            "8");
    assertThat(run.errorLines())
        .containsExactly("warning: --threads 8: 6 threads run it: the hosts make 6 shards");
    assertThat(run.out()).containsPattern("threads +6 threads, 6 shards, 100 windows of up to 10");
    assertThat(machine().get("windowSeconds").asDouble()).isEqualTo(0.01);
    assertThat(machine().get("eventsPerWindow").asInt()).isGreaterThan(1000);
    assertThat(machine().get("windowsShared").asInt()).isPositive();
  }

  @Test
  void oneThreadWasAskedForAndNothingIsSaid() throws Exception {
    CliRun run = command("--duration", "1s");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).doesNotContain("thread");
    assertThat(machine().get("threadsUnused").isNull()).isTrue();
  }
}
