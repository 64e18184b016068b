package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Browser, proxy, application server with its connection pool, database: the usual stack. */
class WebStackTest {
  private static final String STACK =
      """
      halfopen: 1
      duration: 3min
      hosts:
        users: { addresses: 200 }
        edge:
          apps:
            nginx:
              role: reverseProxy
              listen: { port: 80 }
              upstream: { to: app:8080, closer: proxy, idlePool: 16, readTimeout: 20s, maxFails: 0 }
        app:
          apps:
            shop:
              role: httpServer
              listen: { port: 8080 }
              perRequest: [ { cpu: 3ms }, { query: { pool: hikari, times: 2 } } ]
            hikari:
              role: connectionPool
              like: hikaricp-6
              to: db:5432
              driver: { like: pgjdbc-42, socketTimeout: 40s }
        db:
          apps: { postgres: { role: database, listen: { port: 5432 } } }
      links:
        - { between: [users, edge], rtt: 20ms }
        - { between: [edge, app], rtt: 1ms }
        - { between: [app, db], rtt: 1ms }
      load:
        visits: { from: users, to: edge:80, rate: 20/s, arrivals: constant, requestsPerClientConnection: unlimited, timeout: 1min }
      """;

  private static final String DARK =
      """
      faults:
        - { at: 30s, do: powerLoss, host: db }
        - { at: 90s, do: boot, host: db }
      """;

  @TempDir private Path directory;

  private JsonNode run(String yaml) throws IOException {
    Path file = directory.resolve("stack.yaml");
    Files.writeString(file, yaml);
    return CliRun.of("run", file.toString(), "--json", "--out", directory + "/out")
        .summaryWithAllExplained();
  }

  private static JsonNode visits(JsonNode summary) {
    return summary.get("loads").get("visits");
  }

  @Test
  void aProxyPassesRequestsToAnApplicationServerWithADatabase() throws IOException {
    JsonNode summary = run(STACK);
    assertThat(visits(summary).get("succeeded").asLong()).isGreaterThan(3590);
    assertThat(visits(summary).get("failed").asLong()).isZero();
  }

  @Test
  void aProxyThatIsLessPatientThanTheDriverReports504WhileTheDatabaseIsDead() throws IOException {
    JsonNode visits = visits(run(STACK + DARK));
    assertThat(visits.get("firstFailureSeconds").asDouble()).isBetween(29.9, 30.2);
    long timedOut = visits.get("failures").get("readTimeout").asLong();
    assertThat(timedOut).isEqualTo(visits.get("failed").asLong()).isBetween(700L, 1200L);
    assertThat(visits.get("seenAs").get("504").asLong()).isEqualTo(timedOut);
    assertThat(visits.get("longestOutageSeconds").asDouble()).isBetween(45.0, 75.0);
  }

  @Test
  void aProxyThatIsMorePatientPassesTheServersOwn500On() throws IOException {
    JsonNode visits = visits(run(STACK.replace("readTimeout: 20s", "readTimeout: 90s") + DARK));
    assertThat(visits.get("failed").asLong()).isBetween(100L, 500L);
    assertThat(visits.get("failures").get("socketTimeout").asLong()).isPositive();
    assertThat(visits.get("seenAs").get("500").asLong()).isEqualTo(visits.get("failed").asLong());
  }

  @Test
  void aKilledApplicationServerIsRefusedByItsKernelWhileItRestarts() throws IOException {
    JsonNode summary = run(STACK + "faults: [ { at: 30s, do: restart, host: app, down: 10s } ]\n");
    JsonNode visits = visits(summary);
    assertThat(visits.get("failures").get("ECONNREFUSED").asLong()).isBetween(195L, 201L);
    assertThat(visits.get("seenAs").get("502").asLong()).isEqualTo(visits.get("failed").asLong());
    assertThat(visits.get("failed").asLong()).isLessThan(210);
  }

  private static String shop(String keys) {
    return STACK.replace("perRequest:", keys + "\n        perRequest:");
  }

  private static long opened(JsonNode summary) {
    return summary.get("hosts").get("edge").get("counters").get("TcpActiveOpens").asLong();
  }

  @Test
  void anApplicationServerClosesAfterItsRequestsPerConnection() throws IOException {
    assertThat(opened(run(STACK))).isLessThan(20);
    assertThat(opened(run(shop("requestsPerConnection: 10")))).isBetween(350L, 400L);
  }

  @Test
  void anApplicationServerOutOfConnectionsClosesThem() throws IOException {
    JsonNode summary =
        run(shop("workers: 1\n        connectionsPerWorker: 1").replace("cpu: 3ms", "cpu: 100ms"));
    long failed = visits(summary).get("failed").asLong();
    assertThat(failed).isGreaterThan(100);
    assertThat(visits(summary).get("seenAs").get("502").asLong()).isEqualTo(failed);
  }

  @Test
  void anApplicationServerThatAcceptsSlowlyMakesConnectionsWait() throws IOException {
    JsonNode summary =
        run(
            shop("acceptTime: { constant: 2s }")
                .replace("listen: { port: 8080 }", "listen: { port: 8080, backlog: 3 }")
                .replace("idlePool: 16", "idlePool: 0"));
    assertThat(visits(summary).get("failed").asLong()).isPositive();
    JsonNode app = summary.get("hosts").get("app").get("counters");
    assertThat(app.get("TcpExtListenOverflows").asLong()).isPositive();
  }
}
