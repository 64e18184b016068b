package dev.halfopen.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.halfopen.cli.CommandLineProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workloads of millions, at a hundredth of their size and less. */
class ScaleWorkloadsTest {
  @TempDir private Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int cli(String workload, String... options) {
    List<String> args = new ArrayList<>(List.of("run", workload, "--out", directory + "/out"));
    args.addAll(Arrays.asList(options));
    return new CommandLineProgram(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(args.toArray(String[]::new));
  }

  /** All expectations hold, and there are so many. */
  private JsonNode run(int expectations, String workload, String... options) throws IOException {
    List<String> all = new ArrayList<>(Arrays.asList(options));
    all.add("--json");
    int code = cli(workload, all.toArray(String[]::new));
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    JsonNode summary = new ObjectMapper().readTree(out.toByteArray());
    assertThat(code).as(summary.get("expectations").toPrettyString()).isZero();
    int applied = 0;
    for (JsonNode e : summary.get("expectations")) {
      applied += e.get("notApplicable").isNull() ? 1 : 0;
    }
    assertThat(applied).as(summary.get("expectations").toPrettyString()).isEqualTo(expectations);
    return summary;
  }

  private static double bytes(JsonNode summary, String key) {
    return summary.get("machine").get(key).asDouble();
  }

  @Test
  void churnKeepsAsManyTimeWaitsAsItsRateAndTheirLifeGive() throws IOException {
    JsonNode summary = run(3, "churn-1m", "--set", "rate=500/s", "--set", "machines=10");
    assertThat(summary.get("hosts").get("clients").get("peakSockets").get("timewait").asLong())
        .isBetween(30_000L, 31_100L);
  }

  @Test
  void tenMillionTimeWaitsAreChurnAtTenTimesTheRate() throws IOException {
    run(3, "timewait-10m", "--set", "rate=500/s", "--set", "machines=10");
  }

  @Test
  void everyPageThatFansOutIsAsSlowAsTheSlowestOfItsHundredParts() throws IOException {
    JsonNode summary =
        run(
            4,
            "fan-out-1m",
            "--set",
            "connections=20000",
            "--set",
            "openRate=20000/s",
            "--set",
            "pages=50/s",
            "--duration",
            "12s");
    assertThat(summary.get("requests").get("succeeded").asLong()).isGreaterThan(300);
  }

  @Test
  void heldConnectionsStayAndTakeWhatTheyMay() throws IOException {
    JsonNode summary =
        run(
            3,
            "connections-100m",
            "--set",
            "connections=20000",
            "--set",
            "openRate=20000/s",
            "--set",
            "rate=2000/s",
            "--set",
            "machines=4",
            "--duration",
            "6s");
    assertThat(summary.get("requests").get("succeeded").asLong()).isGreaterThan(5_000);
    JsonNode demux = summary.get("machine").get("memory").get("tables").get("demux");
    assertThat(demux.get("peakRows").asLong()).isEqualTo(40_000);
    assertThat(demux.get("bytesPerRow").asDouble()).isBetween(10.6, 10.9);
  }

  /**
   * Just as many ends as a table's first segment has rows, so that little of what is billed lies
   * idle.
   */
  private JsonNode heldAtAWholeSegment(boolean keepalive) throws IOException {
    return run(
        3,
        "connections-100m",
        "--set",
        "connections=131000",
        "--set",
        "openRate=100000/s",
        "--set",
        "rate=100/s",
        "--set",
        "machines=7",
        "--set",
        "tcpKeepalive=" + keepalive,
        "--duration",
        "5s");
  }

  private static JsonNode table(JsonNode summary, String name) {
    return summary.get("machine").get("memory").get("tables").get(name);
  }

  @Test
  void idleEstablishedEndpointTakesAtMost80BytesAndKeepaliveAtMost10More() throws IOException {
    double ends = 262_000;
    JsonNode plain = heldAtAWholeSegment(false);
    // The wheel's smallest lists are a part of this world's size that a large one does not notice.
    double wheel = table(plain, "timerWheel").get("bytes").asDouble() / ends;
    assertThat(bytes(plain, "bytesPerIdle") - wheel).isBetween(74.0, 80.0);
    double flights = table(plain, "flights").get("bytes").asDouble() / ends;
    assertThat(bytes(plain, "bytesPerEstablished") - bytes(plain, "bytesPerIdle"))
        .isGreaterThan(flights - 0.1);

    out.reset();
    JsonNode alive = heldAtAWholeSegment(true);
    long entries =
        table(alive, "timerWheel").get("peakRows").asLong()
            - table(plain, "timerWheel").get("peakRows").asLong();
    double bytesOfChunk = 64 * Long.BYTES + Integer.BYTES;
    assertThat(entries / ends).isGreaterThan(0.99);
    assertThat(entries / ends * bytesOfChunk / 64).isLessThan(10.0);
  }

  @Test
  void halfOpenConnectionTakesAtMost56BytesAllIn() throws IOException {
    // They live for 66 s, and are just fewer than the rows of a table's first segment.
    int code =
        cli(
            "syn-flood",
            "--set",
            "rate=3700/s",
            "--set",
            "backlog=4000000",
            "--set",
            "synBacklog=8000000",
            "--json");
    assertThat(code).isZero();
    JsonNode summary = new ObjectMapper().readTree(out.toByteArray());
    assertThat(table(summary, "requests").get("peakRows").asLong()).isGreaterThan(240_000L);
    assertThat(bytes(summary, "bytesPerSynRecv")).isBetween(48.0, 56.0);
  }

  @Test
  void clientsBesideAFloodThatIsAnsweredByCookiesAreAllServed() throws IOException {
    JsonNode summary =
        run(
            2,
            "syn-flood-line-rate",
            "--set",
            "rate=100000/s",
            "--set",
            "clients=200/s",
            "--duration",
            "4s");
    assertThat(summary.get("requests").get("failed").asLong()).isZero();
    assertThat(summary.get("simulated").get("syns").asLong()).isBetween(298_500L, 301_000L);
    assertThat(bytes(summary, "bytesPerSynRecv")).isPositive();
  }

  @Test
  void whatIsLeftOutIsSaidBeforeTheVerdict() {
    int code = cli("churn-1m", "--set", "rate=10/s", "--set", "machines=1", "--duration", "2s");
    assertThat(code).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "left out: CPU, conntrack, open files, network cards; they have no limit and take no"
                + " time\n");
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("HOLDS: none of 20 requests");
  }

  @Test
  void runThatDoesNotFitIsRefusedBeforeItStarts() {
    int code = cli("connections-100m", "--max-memory", "100MiB");
    assertThat(code).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("connections-100m: needs about 14.9 GiB (100M connections, both ends); ")
        .endsWith(" allowed. Lower load.requests.connections or raise --max-memory\n");
  }
}
