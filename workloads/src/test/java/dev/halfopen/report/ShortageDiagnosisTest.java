package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.halfopen.cli.CommandLineProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One server, one load; what is short is named, and explains all failures. */
class ShortageDiagnosisTest {
  @TempDir private Path directory;

  private static final String SCENARIO =
      """
      halfopen: 1
      duration: 20s
      hosts:
        clients: { addresses: 500 }
        server:
          kernel: linux-6.18
          sysctl: { net.ipv4.tcp_syncookies: 0 }
          HOST
          apps:
            web:
              role: httpServer
              listen: { port: 80, backlog: 511 }
              serviceTime: { constant: 100ms }
              APP
      links:
        - { between: [clients, server], rtt: 1ms, rate: 10Gbit/s }
      load:
        clients: { from: clients, to: server:80, rate: 100/s, timeout: 2s, requestsPerClientConnection: 1 }
      """;

  private JsonNode run(String host, String app) throws IOException {
    Path file = directory.resolve("short.yaml");
    Files.writeString(file, SCENARIO.replace("HOST", host).replace("APP", app));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    new CommandLineProgram(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run("run", file.toString(), "--json", "--out", directory + "/out");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    JsonNode summary = new ObjectMapper().readTree(out.toByteArray());
    assertThat(summary.get("unexplained").asLong()).isZero();
    return summary;
  }

  private String whatIsShort(String host, String app) throws IOException {
    JsonNode summary = run(host, app);
    JsonNode first = summary.get("diagnosis").get(0);
    assertThat(first.get("host").asText()).isEqualTo("server");
    long overdue =
        summary.at("/requests/unfinished").asLong()
            - summary.at("/requests/waiting/inFlight").asLong();
    assertThat(first.get("explainsUnfinished").asLong()).isEqualTo(overdue);
    assertThat(first.get("explainsFailed").asLong())
        .isEqualTo(summary.get("requests").get("failed").asLong())
        .isPositive();
    return first.get("resource").asText();
  }

  @Test
  void nothingIsShort() throws IOException {
    JsonNode summary = run("", "");
    assertThat(summary.get("requests").get("failed").asLong()).isZero();
    assertThat(summary.get("diagnosis")).isEmpty();
    assertThat(summary.get("notModelled"))
        .extracting(JsonNode::asText)
        .containsExactly("cpu", "conntrack", "openFiles");
  }

  @Test
  void workers() throws IOException {
    assertThat(whatIsShort("", "workers: 5")).isEqualTo("workers");
  }

  @Test
  void workerConnections() throws IOException {
    assertThat(whatIsShort("", "workers: 1\n        connectionsPerWorker: 5"))
        .isEqualTo("worker connections");
  }

  @Test
  void acceptLoop() throws IOException {
    assertThat(whatIsShort("", "acceptTime: { constant: 50ms }")).isEqualTo("accept queue");
  }

  @Test
  void connectionTracking() throws IOException {
    assertThat(whatIsShort("conntrack: { sysctl: { net.netfilter.nf_conntrack_max: 300 } }", ""))
        .isEqualTo("connection tracking");
  }

  @Test
  void cores() throws IOException {
    assertThat(
            whatIsShort(
                "cpu: { cores: 1, perSyn: 30ms, perPacket: 5ms }\n    nic: { ring: 64 }", ""))
        .isEqualTo("CPU");
  }
}
