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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits that are reached without a request being refused are named, too, with their evidence. */
class LimitDiagnosisTest {
  @TempDir private Path directory;

  private JsonNode run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("run"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--json", "--out", directory + "/out"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new CommandLineProgram(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
        .run(command.toArray(new String[0]));
    JsonNode summary = new ObjectMapper().readTree(out.toByteArray());
    assertThat(summary.get("unexplained").asLong()).isZero();
    return summary;
  }

  private static JsonNode diagnosis(JsonNode summary, String resource) {
    for (JsonNode d : summary.get("diagnosis")) {
      if (d.get("resource").asText().equals(resource)) {
        return d;
      }
    }
    throw new AssertionError("no " + resource + " in " + summary.get("diagnosis"));
  }

  @Test
  void fullTimeWaitBucketsAreNamedThoughNothingFails() throws IOException {
    JsonNode summary =
        run(
            "port-exhaustion",
            "--set=rate=100/s",
            "--duration=20s",
            "--sysctl=proxy:net.ipv4.tcp_max_tw_buckets=500");
    JsonNode d = diagnosis(summary, "TIME_WAIT buckets");
    assertThat(d.get("host").asText()).isEqualTo("proxy");
    assertThat(d.get("from").asDouble()).isBetween(4.9, 5.1);
    assertThat(d.get("explains").asLong()).isZero();
    assertThat(d.get("evidence").asText()).contains("tcp_max_tw_buckets is 500: 1,500 connections");
    assertThat(d.get("onARealHost").asText()).contains("time wait bucket table overflow");
    assertThat(summary.get("verdict").asText()).startsWith("HOLDS");
  }

  @Test
  void tooManyOrphansExplainTheResetsOfTheirPeers() throws IOException {
    Path file = directory.resolve("orphans.yaml");
    Files.writeString(
        file,
        """
        halfopen: 1
        duration: 10s
        hosts:
          clients: { addresses: 500 }
          server:
            kernel: linux-6.18
            sysctl: { net.ipv4.tcp_max_orphans: 5 }
            apps:
              web: { role: httpServer, listen: { port: 80 }, requestsPerConnection: 1 }
        links:
          - { between: [clients, server], rtt: 100ms, rate: 10Gbit/s }
        load:
          clients: { from: clients, to: server:80, rate: 200/s, responseBytes: 200KiB }
        """);
    JsonNode summary = run(file.toString());
    JsonNode d = diagnosis(summary, "orphaned sockets");
    assertThat(d.get("host").asText()).isEqualTo("server");
    assertThat(d.get("explainsFailed").asLong())
        .isEqualTo(summary.at("/requests/failed").asLong())
        .isPositive();
    assertThat(d.get("onARealHost").asText()).contains("too many orphaned sockets");
    assertThat(
            summary.at("/hosts/server/counters/TcpExtTCPAbortOnMemory").asLong()
                >= d.get("explainsFailed").asLong())
        .isTrue();
  }

  @Test
  void threadsThatWaitForADeadDatabaseAreNamedWithTheAttemptsOnItsAddress() throws IOException {
    JsonNode summary = run("db-failover", "--set=rate=8/s", "--set=query=1s");
    JsonNode idle = diagnosis(summary, "idle reader without keepalive");
    assertThat(idle.get("host").asText()).startsWith("api-");
    assertThat(idle.get("explainsFailed").asLong()).isPositive();
    assertThat(idle.get("from").asDouble()).isEqualTo(120.0);
    assertThat(diagnosis(summary, "connection attempts on a dead address").get("evidence").asText())
        .contains("db-1, which is gone since 120.0 s");
    JsonNode kept =
        run("db-failover", "--set=rate=8/s", "--set=query=1s", "--set=socketTimeout=30s");
    assertThat(kept.get("diagnosis").findValuesAsText("resource"))
        .doesNotContain("idle reader without keepalive");
    assertThat(diagnosis(kept, "connection attempts on a dead address").get("from").asDouble())
        .isGreaterThanOrEqualTo(120.0);
    assertThat(diagnosis(kept, "answers of the database").get("host").asText()).isEqualTo("db-1");
  }

  @Test
  void requestsThatHangAtTheEndAreExplainedThoughNoneHasFailed() throws IOException {
    JsonNode summary = run("accept-overflow", "--duration=30s");
    assertThat(summary.at("/requests/failed").asLong()).isZero();
    JsonNode d = summary.at("/diagnosis/0");
    assertThat(d.get("resource").asText()).isEqualTo("accept queue");
    assertThat(d.get("explainsUnfinished").asLong()).isPositive();
    assertThat(summary.get("verdict").asText()).startsWith("HANGS: ");
  }

  @Test
  void eachReasonHasItsOwnHostAndTimes() throws IOException {
    JsonNode summary = run("half-open-db");
    JsonNode full = diagnosis(summary, "max_connections");
    assertThat(full.get("host").asText()).isEqualTo("db");
    assertThat(full.get("from").asDouble()).isBetween(5460.0, 5461.0);
    JsonNode gone = diagnosis(summary, "connection attempts on a dead address");
    assertThat(gone.get("from").asDouble()).isBetween(600.0, 601.0);
    assertThat(summary.get("verdict").asText())
        .startsWith("FAILS from 5")
        .contains("the database had no slot left")
        .contains("from 600.0 s on already 290, connections were tried to app");
  }

  @Test
  void aFullPoolIsNamedWhereClientsGiveUpWaitingForIt() throws IOException {
    Path file = directory.resolve("pool.yaml");
    Files.writeString(
        file,
        """
        halfopen: 1
        duration: 60s
        hosts:
          users: { addresses: 100 }
          app:
            apps:
              orders:
                role: httpServer
                listen: { port: 8080 }
                workers: 50
                perRequest: [ { query: { pool: hikari, times: 1 } } ]
              hikari: { role: connectionPool, to: "db:5432", maximumPoolSize: 5 }
          db:
            apps:
              postgres: { role: database, listen: { port: 5432 }, queryTime: { constant: 500ms } }
        links:
          - { between: [users, app], rtt: 1ms, rate: 10Gbit/s }
          - { between: [app, db], rtt: 1ms, rate: 10Gbit/s }
        load:
          users: { from: users, to: "app:8080", rate: 30/s, timeout: 3s }
        """);
    JsonNode summary = run(file.toString());
    JsonNode d = summary.at("/diagnosis/0");
    assertThat(d.get("resource").asText()).isEqualTo("connection pool");
    assertThat(d.get("host").asText()).isEqualTo("app");
    assertThat(d.get("explainsFailed").asLong())
        .isEqualTo(summary.at("/requests/failures/clientTimeout").asLong())
        .isPositive();
    assertThat(d.get("evidence").asText())
        .contains("app hikari: all 5 connections in use for")
        .contains("app orders: all 50 workers in use for");
  }
}
