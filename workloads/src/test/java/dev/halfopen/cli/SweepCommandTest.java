package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepCommandTest {
  @TempDir private Path directory;

  private CliRun sweep(String out, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "sweep",
                "port-exhaustion",
                "--duration=2s",
                "--set=arrivals=poisson",
                "--set=ephemeralPorts=300",
                "--vary=rate=100/s,200/s,400/s",
                "--vary=idlePool=0,8",
                "--seeds=3",
                "--out=" + directory.resolve(out)));
    args.addAll(List.of(more));
    return CliRun.of(args.toArray(String[]::new));
  }

  private String text(String out, String file) throws IOException {
    return Files.readString(directory.resolve(out).resolve(file));
  }

  private void sameFiles(String a, String b) throws IOException {
    for (String file :
        List.of("results.csv", "points.csv", "histograms.csv", "latency.hlog", "report.html")) {
      assertThat(text(b, file)).as(file).isEqualTo(text(a, file));
    }
  }

  @Test
  void interruptedAndResumedIsAsIfNothingHadHappened() throws IOException {
    assertThat(sweep("whole", "--jobs=1").exitCode()).isZero();
    assertThat(text("whole", "results.csv").lines()).hasSize(1 + 3 * 2 * 3);
    assertThat(sweep("cut", "--jobs=2").exitCode()).isZero();
    sameFiles("whole", "cut");

    String results = text("cut", "results.csv");
    int middle = results.indexOf('\n', results.length() / 2) + 20; // within a row
    Files.writeString(directory.resolve("cut/results.csv"), results.substring(0, middle));
    Files.delete(directory.resolve("cut/points.csv"));
    assertThat(sweep("cut", "--resume").exitCode()).isZero();
    sameFiles("whole", "cut");
  }

  @Test
  void partsMergeToTheWhole() throws IOException {
    sweep("whole");
    sweep("one", "--part=1/2");
    sweep("two", "--part=2/2");
    assertThat(text("one", "results.csv").lines()).hasSize(1 + 9);
    sweep("merged", "--merge=" + directory.resolve("one"), "--merge=" + directory.resolve("two"));
    sameFiles("whole", "merged");
  }

  @Test
  void anotherSweepIsNotGoneOnWith() {
    sweep("whole");
    CliRun other = sweep("whole", "--resume", "--set=upstreams=2");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("holds another sweep");
  }

  @Test
  void aPointThatCannotBeRunIsARowWithItsError() throws IOException {
    CliRun run = sweep("whole", "--vary=maxFails=0,-1");
    assertThat(run.exitCode()).isZero();
    List<String> rows = text("whole", "results.csv").lines().skip(1).toList();
    assertThat(rows).hasSize(3 * 2 * 2 * 3);
    assertThat(rows.stream().filter(r -> r.contains("--vary maxFails=-1"))).hasSize(3 * 2 * 3);
    assertThat(text("whole", "report.html")).contains("Points that could not be run");
  }

  @Test
  void anUnknownKeyIsRefusedBeforeAnythingRuns() {
    CliRun run = sweep("whole", "--vary=rat=1/s");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("rat");
    assertThat(directory.resolve("whole")).doesNotExist();
  }

  @Test
  void aParameterThatIsVariedOrRaisedCannotBeSet() {
    CliRun run = sweep("whole", "--set=rate=50/s");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errorLines())
        .containsExactly("--vary rate: conflicts with --set rate=50/s; give one");
    assertThat(directory.resolve("whole")).doesNotExist();
    CliRun capacity =
        CliRun.of(
            "capacity", "port-exhaustion", "--raise=rate", "--within=1/s..9/s", "--set=rate=50/s");
    assertThat(capacity.errorLines())
        .containsExactly("--raise rate: conflicts with --set rate=50/s; give one");
  }

  @Test
  void aSysctlThatIsVariedIsNotHiddenByOneThatIsSet() {
    String key = "proxy:net.ipv4.tcp_tw_reuse=";
    CliRun run = sweep("whole", "--vary=" + key + "1,2", "--sysctl=" + key + "0");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errorLines())
        .containsExactly("--vary " + key + "1: conflicts with --sysctl " + key + "0; give one");
    assertThat(directory.resolve("whole")).doesNotExist();
    CliRun capacity =
        CliRun.of(
            "capacity",
            "rto-ladder",
            "--raise=server:net.ipv4.tcp_retries2",
            "--within=3..15",
            "--sysctl=server:net.ipv4.tcp_retries2=8");
    assertThat(capacity.exitCode()).isEqualTo(2);
    assertThat(capacity.err()).contains("conflicts with --sysctl server:net.ipv4.tcp_retries2=8");
  }

  @Test
  void theGridOfTheScenarioIsNotHiddenEither() {
    String key = "nginx:net.ipv4.tcp_tw_reuse=";
    CliRun run =
        CliRun.of("sweep", "../docs/examples/edge.yaml", "--dry-run", "--sysctl=" + key + "0");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errorLines())
        .containsExactly("sweep.grid " + key + "2: conflicts with --sysctl " + key + "0; give one");
    CliRun other = CliRun.of("sweep", "../docs/examples/edge.yaml", "--dry-run");
    assertThat(other.exitCode()).isZero();
  }

  @Test
  void withoutChanceThereIsOneSeed() throws IOException {
    CliRun run =
        CliRun.of(
            "sweep",
            "port-exhaustion",
            "--duration=1s",
            "--vary=rate=10/s,20/s",
            "--out=" + directory.resolve("one"));
    assertThat(run.err()).contains("nothing here is left to chance: one seed");
    assertThat(text("one", "results.csv").lines()).hasSize(3);
  }

  @Test
  void aDryRunWritesNothing() {
    CliRun run = sweep("dry", "--dry-run");
    assertThat(run.out()).contains("6 points, 3 seeds, 18 runs").contains("rate=100/s idlePool=0");
    assertThat(directory.resolve("dry")).doesNotExist();
  }

  @Test
  void theHistogramsOfSeedsAreAddedUpWithoutLoss() throws IOException {
    sweep("whole");
    long succeeded = 0;
    for (String row : text("whole", "results.csv").lines().skip(1).limit(3).toList()) {
      succeeded += Long.parseLong(row.split(",", -1)[5]);
    }
    try (HistogramLogReader reader =
        new HistogramLogReader(directory.resolve("whole/latency.hlog").toFile())) {
      EncodableHistogram first = reader.nextIntervalHistogram();
      assertThat(first.getTag()).isEqualTo("point-0-request");
      assertThat(((Histogram) first).getTotalCount()).isEqualTo(succeeded);
    }
  }

  @Test
  void capacityIsPortsByTimeWait() {
    // 1000 ports, each 62.05 s at most in use (60 s and the timer's granularity): 16.1/s.
    CliRun run =
        CliRun.of(
            "capacity",
            "port-exhaustion",
            "--duration=70s",
            "--set=ephemeralPorts=1000",
            "--raise=rate",
            "--within=5/s..100/s");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("rate=16/s (failed == 0)").contains("rate=17/s");
    assertThat(run.out()).contains("monotone         yes");
  }

  @Test
  @Tag("long")
  void capacityOfTheKernelsOwnRange() {
    // 28,232 ports / 62.05 s = 455/s
    CliRun run =
        CliRun.of(
            "capacity",
            "port-exhaustion",
            "--duration=75s",
            "--raise=rate",
            "--within=100/s..2000/s");
    String holds = run.out().replaceAll("(?s).*holds up to +rate=([0-9]+)/s.*", "$1");
    assertThat(Double.parseDouble(holds)).isBetween(455 / 1.01, 455 * 1.01);
  }

  @Test
  void capacityAsksForWhatItNeeds() {
    CliRun run = CliRun.of("capacity", "rto-ladder");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("give --raise KEY --within A..B");
  }
}
