package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a run, what stands in them, and that the same seed writes the same. */
class RunCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  private CliRun run(String name, String... options) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "run",
                "port-exhaustion",
                "--out",
                directory.resolve(name).toString(),
                "--duration",
                "20s",
                "--set",
                "ephemeralPorts=1000",
                "--set",
                "rate=100/s"));
    args.addAll(Arrays.asList(options));
    return CliRun.of(args.toArray(String[]::new));
  }

  private JsonNode summary(String name) throws IOException {
    return JSON.readTree(directory.resolve(name).resolve("summary.json").toFile());
  }

  private static List<String> namesIn(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void writesAllFilesAndLeavesNoTemporaryOnes() throws IOException {
    CliRun run = run("a");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(namesIn(directory.resolve("a")))
        .containsExactly(
            ".halfopen",
            "latency.hgrm",
            "latency.hlog",
            "nstat-clients.json",
            "nstat-clients.txt",
            "nstat-proxy.json",
            "nstat-proxy.txt",
            "nstat-upstream-1.json",
            "nstat-upstream-1.txt",
            "openmetrics.txt",
            "report.html",
            "scenario.yaml",
            "summary.json",
            "summary.txt",
            "timeseries.csv");
  }

  @Test
  void theReportCanBeMadeAgain() throws IOException {
    run("a");
    Path page = directory.resolve("a").resolve("report.html");
    byte[] written = Files.readAllBytes(page);
    Files.delete(page);
    CliRun again = CliRun.of("report", directory.resolve("a").toString());
    assertThat(again.exitCode()).isZero();
    assertThat(again.out()).contains("report.html");
    assertThat(Files.readAllBytes(page)).isEqualTo(written);
  }

  @Test
  void aReportNeedsARunOfOurs() throws IOException {
    CliRun none = CliRun.of("report", directory.resolve("nothing").toString());
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("nothing: is no folder; give one that `halfopen run` wrote");
    CliRun foreign = CliRun.of("report", directory.toString());
    assertThat(foreign.exitCode()).isEqualTo(2);
    assertThat(foreign.err()).contains("was not written by halfopen");
  }

  @Test
  void summaryKeepsTheContract() throws IOException {
    run("a");
    JsonNode s = summary("a");
    assertThat(s.fieldNames())
        .toIterable()
        .contains(
            "schema",
            "workload",
            "seed",
            "digest",
            "partial",
            "verdict",
            "hosts",
            "parameters",
            "simulated",
            "requests",
            "loads",
            "latency",
            "expectations",
            "thresholds",
            "diagnosis",
            "unexplained",
            "resources",
            "warnings",
            "notModelled",
            "machine");
    assertThat(s.get("digest").asText()).matches("[0-9a-f]{16}");
    JsonNode proxy = s.get("hosts").get("proxy");
    assertThat(proxy.get("kernel").asText()).isEqualTo("linux-6.18");
    assertThat(proxy.get("hz").asInt()).isEqualTo(250);
    JsonNode range = proxy.get("sysctl").get("net.ipv4.ip_local_port_range");
    assertThat(range.get("value").asText()).isEqualTo("32768 33767");
    assertThat(range.get("origin").asText()).isEqualTo("--set");
    assertThat(proxy.get("counters").get("TcpExtTW").asInt()).isEqualTo(1000);
    assertThat(proxy.get("sockets").get("timewait").asInt()).isEqualTo(1000);
    assertThat(s.get("parameters").get("rate").get("origin").asText()).isEqualTo("--set");
    assertThat(s.get("parameters").get("closer").get("origin").asText()).isEqualTo("default");
    JsonNode requests = s.get("requests");
    assertThat(requests.get("offered").asInt()).isEqualTo(2000);
    assertThat(requests.get("succeeded").asInt()).isEqualTo(1000);
    assertThat(requests.get("failures").get("EADDRNOTAVAIL").asInt()).isEqualTo(1000);
    assertThat(requests.get("seenAs").get("502").asInt()).isEqualTo(1000);
    assertThat(requests.get("firstFailureSeconds").asDouble()).isEqualTo(10.0);
    assertThat(s.get("loads").get("requests")).isEqualTo(requests);
    JsonNode diagnosis = s.get("diagnosis").get(0);
    assertThat(diagnosis.get("resource").asText()).isEqualTo("ephemeral ports");
    assertThat(diagnosis.get("host").asText()).isEqualTo("proxy");
    assertThat(diagnosis.get("detail").asText()).isEqualTo("-> upstream-1:8080");
    assertThat(diagnosis.get("explains").asInt()).isEqualTo(1000);
    assertThat(s.get("unexplained").asInt()).isZero();
  }

  @Test
  void jsonOptionPrintsTheSummaryAlone() throws IOException {
    CliRun run = run("a", "--json");
    assertThat(run.out())
        .isEqualTo(Files.readString(directory.resolve("a/summary.json"), StandardCharsets.UTF_8));
    assertThat(run.err()).isEmpty();
  }

  @Test
  void quietOptionPrintsTheVerdictAlone() {
    assertThat(run("a", "--quiet").out())
        .isEqualTo(
            "STOPS at 10.0 s: proxy has no free port to upstream-1:8080 (1,000 of 1,000 in"
                + " TIME_WAIT). 1,000 of 2,000 requests fail.\n");
  }

  @Test
  void sameSeedWritesTheSameBytes() throws IOException {
    run("a", "--set", "arrivals=poisson", "--seed", "7");
    run("b", "--set", "arrivals=poisson", "--seed", "7");
    assertThat(comparable("a")).isEqualTo(comparable("b"));
    run("c", "--set", "arrivals=poisson", "--seed", "8");
    assertThat(summary("c").get("digest")).isNotEqualTo(summary("a").get("digest"));
  }

  /** Contents by name, without what a machine may change. */
  private Map<String, String> comparable(String name) throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (String file : namesIn(directory.resolve(name))) {
      Path path = directory.resolve(name).resolve(file);
      files.put(file, Files.readString(path, StandardCharsets.UTF_8));
    }
    ObjectNode summary = (ObjectNode) summary(name);
    summary.remove("machine");
    files.put("summary.json", summary.toString());
    return files;
  }

  @Test
  void effectiveScenarioRunsTheSame() throws IOException {
    run(
        "a",
        "--sysctl",
        "proxy:net.ipv4.tcp_tw_reuse=1",
        "--kernel",
        "upstream:linux-3.10",
        "--seed",
        "9",
        "--set",
        "retryOn=error");
    Path scenario = directory.resolve("a/scenario.yaml");
    Path out = directory.resolve("again");
    CliRun again = CliRun.of("run", scenario.toString(), "--out", out.toString());
    assertThat(again.err()).isEmpty();
    assertThat(summary("again").get("digest")).isEqualTo(summary("a").get("digest"));
  }

  @Test
  void shownWorkloadRunsWithTheSameDigest() throws IOException {
    Path mine = directory.resolve("mine.yaml");
    Files.writeString(mine, CliRun.of("show", "port-exhaustion").out(), StandardCharsets.UTF_8);
    run("a");
    Path out = directory.resolve("b");
    CliRun.of(
        "run",
        mine.toString(),
        "--out",
        out.toString(),
        "--duration",
        "20s",
        "--set",
        "ephemeralPorts=1000",
        "--set",
        "rate=100/s");
    assertThat(summary("b").get("digest")).isEqualTo(summary("a").get("digest"));
    assertThat(summary("b").get("workload").asText()).isEqualTo("mine");
  }

  @Test
  void ownDirectoryIsReplacedWhole() throws IOException {
    run("a", "--set", "upstreams=2");
    assertThat(directory.resolve("a/nstat-upstream-2.txt")).exists();
    run("a");
    assertThat(directory.resolve("a/nstat-upstream-2.txt")).doesNotExist();
  }

  @Test
  void hlogHoldsEveryRequest() throws IOException {
    run("a");
    long requests = 0;
    long failures = 0;
    try (HistogramLogReader reader =
        new HistogramLogReader(directory.resolve("a/latency.hlog").toFile())) {
      while (reader.hasNext()) {
        EncodableHistogram histogram = reader.nextIntervalHistogram();
        long count = ((org.HdrHistogram.Histogram) histogram).getTotalCount();
        requests += histogram.getTag().equals("request") ? count : 0;
        failures += histogram.getTag().equals("timeToFailure") ? count : 0;
      }
    }
    assertThat(requests).isEqualTo(1000);
    assertThat(failures).isEqualTo(1000);
  }

  @Test
  void timeSeriesHasARowForEverySecond() throws IOException {
    run("a");
    List<String> lines = Files.readAllLines(directory.resolve("a/timeseries.csv"));
    assertThat(lines).hasSize(22);
    assertThat(lines.get(0))
        .startsWith("seconds,offered,succeeded,failed,unfinished,clients.estab");
    assertThat(lines.get(0)).endsWith(",proxy.ports(upstream:8080),memoryBytes");
    assertThat(lines.get(21)).startsWith("20.000,").containsPattern(",1000,\\d+$");
  }

  @Test
  void checkPrintsEveryValueWithItsOrigin() {
    CliRun run =
        CliRun.of(
            "check",
            "port-exhaustion",
            "--set",
            "rate=15/s",
            "--sysctl",
            "proxy:net.ipv4.tcp_tw_reuse=1");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .containsPattern("rate +15/s +--set +requests")
        .containsPattern("hosts.proxy.apps.nginx.listen.port +80 +port-exhaustion.yaml:\\d+")
        .containsPattern("load.requests.rate +15/s +--set rate=15/s")
        .containsPattern("proxy:net.ipv4.tcp_tw_reuse +1 +--sysctl")
        .containsPattern("upstream:net.ipv4.tcp_tw_reuse +2 +kernel")
        .containsPattern("needs about \\d+ MiB");
  }

  @Test
  void setTakesAnyValueByItsPath() {
    CliRun run =
        CliRun.of(
            "check",
            "db-failover",
            "--set=hosts.api.apps.hikari.driver.tcpUserTimeout=30s",
            "--set=names.db.internal.ttl=7s",
            "--set=hosts.api.sysctl.net.ipv4.tcp_tw_reuse=1");
    assertThat(run.out())
        .containsPattern("driver.tcpUserTimeout +30s +--set hosts.api")
        .containsPattern("db.internal.ttl +7s +--set names")
        .containsPattern("api:net.ipv4.tcp_tw_reuse +1 +--set");
  }

  @Test
  void sysctlFileIsReadAndUnknownKeysAreReported() throws IOException {
    Path file = directory.resolve("sysctl.txt");
    Files.writeString(
        file,
        """
        kernel.pid_max = 4194304
        sysctl: permission denied on key 'net.ipv4.tcp_fastopen_key'
        net.ipv4.ip_local_port_range = 40000\t40999
        net.ipv4.tcp_wmem = 4096 16384 4194304
        net.ipv4.tcp_new_thing = 1
        """,
        StandardCharsets.UTF_8);
    CliRun run = CliRun.of("check", "port-exhaustion", "--sysctl-file", "proxy:" + file);
    assertThat(run.out())
        .containsPattern("proxy:net.ipv4.ip_local_port_range +40000 40999 +--sysctl-file");
    assertThat(run.errorLines())
        .containsExactly(
            "warning: " + file + ": unknown keys ignored: net.ipv4.tcp_new_thing",
            "warning: "
                + file
                + ": 1 keys used; ignored: 1 net.* keys that are not modelled yet, 1 outside net.*");
  }

  @Test
  void helpShowsTwoGroupsWithAnExampleEach() {
    CliRun run = CliRun.of("--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .containsSubsequence(
            "ask\n",
            "run ",
            "list ",
            "show ",
            "check ",
            "example: halfopen run",
            "check the simulator\n",
            "claims ",
            "oracle ",
            "packetdrill ",
            "version ",
            "example: halfopen claims");
  }
}
