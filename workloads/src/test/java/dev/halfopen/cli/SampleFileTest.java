package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Times and sizes from a file that somebody has measured. */
class SampleFileTest {
  private static final String SCENARIO =
      """
      halfopen: 1
      duration: 20s
      hosts:
        clients: { addresses: 100 }
        server:
          apps:
            web: { role: httpServer, listen: { port: 80 }, serviceTime: { file: times.csv } }
      links:
        - { between: [clients, server], rtt: 0ms }
      load:
        all: { from: clients, to: "server:80", rate: 100/s, responseBytes: { file: sizes.csv } }
      """;

  @TempDir private Path directory;

  @BeforeEach
  void writeScenario() throws IOException {
    write("s.yaml", SCENARIO);
    write("times.csv", "upstream_response_time [ms],requests\n# of a Monday\n\n10,3\n500;1\n");
    write("sizes.csv", "700B\n1KiB\n");
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(directory.resolve(name), content);
  }

  private CliRun run(String scenario, String out) {
    return CliRun.of(
        "run", directory.resolve(scenario).toString(), "--out", directory.resolve(out).toString());
  }

  private JsonNode summary(String out) throws IOException {
    return new ObjectMapper().readTree(directory.resolve(out).resolve("summary.json").toFile());
  }

  private String error() {
    return run("s.yaml", "out").err().replace(directory + "/", "");
  }

  @Test
  void requestsTakeWhatTheFileSays() throws IOException {
    assertThat(run("s.yaml", "out").exitCode()).isZero();
    JsonNode latency = summary("out").get("latency").get("request");
    assertThat(latency.get("p50Ms").asDouble()).isBetween(10.0, 11.0);
    assertThat(latency.get("p90Ms").asDouble()).isBetween(500.0, 501.0);
  }

  @Test
  void theSummaryNamesTheFileAndItsHash() throws IOException {
    run("s.yaml", "out");
    JsonNode parameters = summary("out").get("parameters");
    JsonNode times = parameters.get("hosts.server.apps.web.serviceTime.file");
    assertThat(times.get("value").asText()).matches("times.csv, 4 values, sha256 [0-9a-f]{16}");
    assertThat(times.get("origin").asText()).isEqualTo("file");
    String before = parameters.get("load.all.responseBytes.file").get("value").asText();
    write("sizes.csv", "700B\n2KiB\n");
    run("s.yaml", "out");
    assertThat(summary("out").get("parameters").get("load.all.responseBytes.file").get("value"))
        .isNotEqualTo(before);
  }

  @Test
  void theFolderOfARunHoldsAllThatItTakesToRunAgain() throws IOException {
    run("s.yaml", "out");
    Files.delete(directory.resolve("times.csv"));
    Files.delete(directory.resolve("sizes.csv"));
    assertThat(run("out/scenario.yaml", "again").err()).isEmpty();
    assertThat(summary("again").get("digest")).isEqualTo(summary("out").get("digest"));
  }

  @Test
  void checkNamesTheFile() {
    CliRun check = CliRun.of("check", directory.resolve("s.yaml").toString());
    assertThat(check.out()).containsPattern("serviceTime.file +times.csv, 4 values, sha256 ");
  }

  @Test
  void whatIsWrongIsNamedWithItsLine() throws IOException {
    write("times.csv", "10ms\n20\n");
    assertThat(error()).startsWith("times.csv:2:1: \"20\" has no unit; write 20ms, 20s or 20min");
    write("times.csv", "ms\n20\n-1\n");
    assertThat(error()).startsWith("times.csv:3:1: -1 is negative; 0ns..1h");
    write("times.csv", "10ms\n2h\n");
    assertThat(error()).startsWith("times.csv:2:1: 2h is out of range; 0ns..1h");
    write("times.csv", "10ms,often\n");
    assertThat(error()).startsWith("times.csv:1:1: \"often\" is not how often");
    write("times.csv", "10ms,1,GET\n");
    assertThat(error()).startsWith("times.csv:1:1: 3 columns");
    write("times.csv", "# nothing\n");
    assertThat(error()).contains("holds no value");
    Files.delete(directory.resolve("times.csv"));
    assertThat(error())
        .startsWith("s.yaml:7:75: hosts.server.apps.web.serviceTime.file: cannot read times.csv:")
        .contains("no such file");
  }
}
