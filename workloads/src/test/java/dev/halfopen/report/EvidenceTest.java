package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.halfopen.cli.CommandLineProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A diagnosis needs evidence: what nothing on record explains is reported as unexplained. */
class EvidenceTest {
  @TempDir private Path directory;

  private static final String SCENARIO =
      """
      halfopen: 1
      duration: 40s
      hosts:
        clients: { addresses: 50 }
        server:
          kernel: linux-6.18
          apps:
            web: { role: httpServer, listen: { port: 80 }, serviceTime: { constant: SERVICE } }
        other: { kernel: linux-6.18 }
      links:
        - { between: [clients, server], rtt: 1ms, rate: 10Gbit/s }
        - { between: [clients, other], rtt: 1ms, rate: 10Gbit/s }
      load:
        clients: { from: clients, to: "server:80", rate: 5/s, timeout: TIMEOUT }
      faults:
        - { name: fault, at: 10s, FAULT }
      """;

  private static final String OTHER_DIES = "do: powerLoss, host: other";

  private JsonNode run(String service, String timeout, String fault) throws IOException {
    Path file = directory.resolve("evidence.yaml");
    Files.writeString(
        file,
        SCENARIO
            .replace("SERVICE", service)
            .replace("TIMEOUT", timeout)
            .replace("FAULT", fault)
            .replace("faults:\n  - { name: fault, at: 10s, NONE }\n", ""));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new CommandLineProgram(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
        .run("run", file.toString(), "--json", "--out", directory + "/out");
    return new ObjectMapper().readTree(out.toByteArray());
  }

  @Test
  void aServerThatNeverAnswersForNoRecordedReasonIsUnexplained() throws IOException {
    JsonNode waits = run("1h", "0s", "NONE");
    assertThat(waits.get("diagnosis")).isEmpty();
    assertThat(waits.get("unexplained").asLong())
        .isEqualTo(waits.at("/requests/waiting/response").asLong())
        .isPositive();
    JsonNode gaveUp = run("1h", "5s", "NONE");
    assertThat(gaveUp.at("/requests/failures/clientTimeout").asLong()).isPositive();
    assertThat(gaveUp.get("unexplained").asLong())
        .isGreaterThanOrEqualTo(gaveUp.at("/requests/failed").asLong());
  }

  @Test
  void aHostThatHungExplainsWhoWaitedMeanwhile() throws IOException {
    JsonNode hung = run("1ms", "5s", "do: hang, host: server, for: 20s");
    assertThat(hung.get("unexplained").asLong()).isZero();
    assertThat(hung.at("/diagnosis/0/evidence").asText())
        .contains("server hung (10.0 s to 30.0 s)");
  }

  @Test
  void thePowerLossOfAHostThatNobodyConnectsToExplainsNoAttempt() throws IOException {
    JsonNode summary = run("1ms", "5s", "do: partition, between: [clients, server]");
    assertThat(summary.get("unexplained").asLong()).isZero();
    JsonNode other =
        run(
            "1ms",
            "0s",
            OTHER_DIES + " }\n  - { name: cut, at: 10s, do: partition, between: [clients, server]");
    assertThat(other.at("/requests/waiting/connect").asLong()).isPositive();
    assertThat(other.get("diagnosis").findValuesAsText("resource"))
        .doesNotContain("connection attempts on a dead address");
    JsonNode dead = run("1ms", "0s", "do: powerLoss, host: server");
    assertThat(dead.get("diagnosis").findValuesAsText("resource"))
        .contains("connection attempts on a dead address");
    assertThat(dead.at("/diagnosis/0/detail").asText()).isEqualTo("-> server");
  }
}
