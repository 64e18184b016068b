package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proxies, HTTP servers and responders that lose power, are killed, or hang, and come back. */
class MortalServersTest {
  private static final String THREE_TIERS =
      """
      halfopen: 1
      duration: 3min
      hosts:
        users: { addresses: 200 }
        edge:
          apps: { nginx: { role: reverseProxy, listen: { port: 80 }, upstream: { to: app:8080, closer: proxy, idlePool: 8 } } }
        app:
          count: 2
          apps: { tomcat: { role: httpServer, listen: { port: 8080 }, serviceTime: { exponential: 5ms } } }
        echo:
          apps: { echo: { role: responder, listen: { port: 7 } } }
      links:
        - { between: [users, edge], rtt: 1ms }
        - { between: [users, echo], rtt: 1ms }
        - { between: [edge, app], rtt: 1ms }
      load:
        visits: { from: users, to: edge:80, rate: 50/s, arrivals: constant, requestsPerClientConnection: unlimited }
        echoes: { from: users, to: echo:7, rate: 50/s, arrivals: constant }
      faults:
      """;

  @TempDir private Path directory;

  private CliRun cli(String faults) throws IOException {
    Path file = directory.resolve("tiers.yaml");
    Files.writeString(file, THREE_TIERS + faults);
    return CliRun.of("run", file.toString(), "--json", "--out", directory + "/out");
  }

  private JsonNode run(String... faults) throws IOException {
    return cli("  - {" + String.join("}\n  - {", faults) + "}\n").summaryWithAllExplained();
  }

  private static JsonNode load(JsonNode summary, String name) {
    return summary.get("loads").get(name);
  }

  private static long failures(JsonNode load, String cause) {
    JsonNode n = load.get("failures").get(cause);
    return n == null ? 0 : n.asLong();
  }

  @Test
  void aProxyThatProbesItsUpstreamsFindsTheDeadOne() throws IOException {
    String patient = "idlePool: 8, readTimeout: 0s, maxFails: 0, retryOn: [timeout]";
    String probing = patient + ", tcpKeepalive: true";
    JsonNode without = hangingAt(patient).get("ETIMEDOUT");
    JsonNode with = hangingAt(probing).get("ETIMEDOUT");
    assertThat(without).isNull();
    // A request at the dead server's each end is found after 10 s and 3 probes of 2 s.
    assertThat(with.asLong()).isPositive();
  }

  /** The failures of a load while a server hangs in the dark for a minute. */
  private JsonNode hangingAt(String upstream) throws IOException {
    String tiers =
        THREE_TIERS
            .replace("idlePool: 8", upstream)
            .replace("exponential: 5ms", "constant: 2s")
            .replace(
                "  edge:\n",
                "  edge:\n    sysctl: { net.ipv4.tcp_keepalive_time: 10,"
                    + " net.ipv4.tcp_keepalive_intvl: 2, net.ipv4.tcp_keepalive_probes: 3 }\n");
    Path file = directory.resolve("probing.yaml");
    Files.writeString(file, tiers + "  - { at: 30s, do: powerLoss, host: app-1 }\n");
    CliRun run = CliRun.of("run", file.toString(), "--json", "--out", directory + "/probing");
    return load(run.summaryWithAllExplained(), "visits").get("failures");
  }

  @Test
  void aResponderWithoutPowerIsSilentAndServesAgainWhenItBoots() throws IOException {
    JsonNode summary =
        run(" at: 60s, do: powerLoss, host: echo ", " at: 120s, do: boot, host: echo ");
    assertThat(load(summary, "visits").get("failed").asLong()).isZero();
    JsonNode echoes = load(summary, "echoes");
    // Of 60 s at 50/s those fail that had no SYN to send between the boot and their 30 s.
    assertThat(echoes.get("failed").asLong()).isBetween(1400L, 2400L);
    assertThat(failures(echoes, "clientTimeout")).isEqualTo(echoes.get("failed").asLong());
    assertThat(echoes.get("longestOutageSeconds").asDouble()).isBetween(59.9, 61.1);
    assertThat(summary.get("diagnosis").get(0).get("resource").asText())
        .isEqualTo("connection attempts on a dead address");
  }

  @Test
  void anUnreachableHttpServerIsReportedAtOnceByItsProxy() throws IOException {
    JsonNode summary =
        run(
            " at: 60s, do: powerLoss, host: app, deadAddress: unreachable ",
            " at: 90s, do: boot, host: app ");
    JsonNode visits = load(summary, "visits");
    assertThat(failures(visits, "EHOSTUNREACH")).isBetween(1000L, 2001L);
    assertThat(load(summary, "echoes").get("failed").asLong()).isZero();
    assertThat(summary.get("hosts").get("app-1").get("sockets").get("estab").asLong()).isPositive();
  }

  @Test
  void aKilledProxyRefusesAndBeginsAnewWithoutAnIdlePool() throws IOException {
    JsonNode summary = run(" at: 60s, do: restart, host: edge, down: 10s ");
    JsonNode visits = load(summary, "visits");
    assertThat(failures(visits, "ECONNREFUSED")).isBetween(495L, 502L);
    assertThat(visits.get("longestOutageSeconds").asDouble()).isBetween(9.9, 10.1);
    assertThat(visits.get("failed").asLong()).isLessThan(510);
  }

  @Test
  void aServerThatHangsAnswersWhatHasWaited() throws IOException {
    JsonNode summary =
        run(
            " at: 60s, do: hang, host: echo, for: 5s ",
            " at: 100s, do: hang, host: edge, for: 5s ");
    assertThat(summary.get("requests").get("failed").asLong()).isZero();
    assertThat(load(summary, "echoes").get("longestOutageSeconds").asDouble()).isBetween(4.9, 5.1);
    assertThat(load(summary, "visits").get("longestOutageSeconds").asDouble()).isBetween(4.9, 5.1);
  }

  @Test
  void whoSendsALoadStaysAlive() throws IOException {
    CliRun run = cli("  - { at: 60s, do: powerLoss, host: users }\n");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("not modelled yet: the end of users, which sends a load");
  }
}
