package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A request is explained by what went wrong where it waits, and not by what went wrong elsewhere.
 * Each scenario has servers that never answer, for no reason on record, and one fault.
 */
class ReasonsTest {
  private static final String ANSWERS = "responses";

  @TempDir private Path directory;

  private DiagnosedRun twoServers(String timeout, String fault) throws IOException {
    return DiagnosedRun.of(
        directory,
        """
        halfopen: 1
        duration: 40s
        hosts:
          clients: { addresses: 50 }
          server:
            count: 2
            kernel: linux-6.18
            apps: { web: { role: httpServer, listen: { port: 80 }, serviceTime: { constant: 1h } } }
          bystander: { kernel: linux-6.18 }
        links:
          - { between: [clients, server], rtt: 1ms, rate: 10Gbit/s }
          - { between: [clients, bystander], rtt: 1ms, rate: 10Gbit/s }
        load:
          clients: { from: clients, to: "server:80", rate: 5/s, arrivals: constant, timeout: TIMEOUT }
        faults:
          - { name: fault, at: 0.1s, FAULT }
        """
            .replace("TIMEOUT", timeout)
            .replace("FAULT", fault));
  }

  @Test
  void aFaultOfAHostThatNobodyWaitsForExplainsNoRequest() throws IOException {
    for (String fault :
        new String[] {
          "do: hang, host: bystander, for: 10min",
          "do: powerLoss, host: bystander",
          "do: partition, between: [clients, bystander]"
        }) {
      DiagnosedRun run = twoServers("0s", fault);
      assertThat(run.unexplained()).as(fault).isEqualTo(run.waiting("response")).isPositive();
      assertThat(run.resources()).isEmpty();
      DiagnosedRun gaveUp = twoServers("5s", fault);
      assertThat(gaveUp.unexplained()).as(fault).isGreaterThanOrEqualTo(gaveUp.failed());
      assertThat(gaveUp.failed()).isPositive();
    }
  }

  @Test
  void aServerThatHangsExplainsItsOwnHalfOfTheRequests() throws IOException {
    DiagnosedRun run = twoServers("0s", "do: hang, host: server-2, for: 10min");
    JsonNode hung = run.diagnosis(ANSWERS);
    assertThat(hung.get("host").asText()).isEqualTo("server-2");
    assertThat(hung.get("evidence").asText()).contains("server-2 hung (0.1 s to 40.0 s)");
    assertThat(hung.get("explainsUnfinished").asLong())
        .isEqualTo(run.waiting("response") / 2)
        .isEqualTo(run.unexplained())
        .isPositive();
  }

  @Test
  void whoGaveUpAtTheOtherServerIsNotExplainedEither() throws IOException {
    DiagnosedRun run = twoServers("5s", "do: hang, host: server-2, for: 10min");
    assertThat(run.diagnosis("patience of the clients").get("explainsFailed").asLong())
        .isBetween(run.failed() / 2, run.failed() / 2 + 1)
        .isPositive();
    assertThat(run.unexplained()).isPositive();
  }

  @Test
  void onlyWhoIsCutOffLacksAnAcknowledgementForThatReason() throws IOException {
    DiagnosedRun run = twoServers("0s", "do: partition, between: [clients, server-2]");
    assertThat(run.diagnosis("answers to SYN").get("host").asText()).isEqualTo("server-2");
    assertThat(run.diagnosis("answers to SYN").get("explainsUnfinished").asLong())
        .isEqualTo(run.waiting("connect"))
        .isPositive();
    assertThat(run.unexplained()).isEqualTo(run.waiting("response")).isPositive();
  }

  private DiagnosedRun proxy(String fault) throws IOException {
    return DiagnosedRun.of(
        directory,
        """
        halfopen: 1
        duration: 40s
        hosts:
          clients: { addresses: 50 }
          proxy:
            kernel: linux-6.18
            apps:
              nginx:
                role: reverseProxy
                listen: { port: 80 }
                upstream: { to: "app:8080", idlePool: 32, readTimeout: 1h }
          app:
            count: 2
            kernel: linux-6.18
            apps: { web: { role: httpServer, listen: { port: 8080 }, serviceTime: { constant: 1h } } }
          bystander: { kernel: linux-6.18 }
        links:
          - { between: [clients, proxy], rtt: 1ms, rate: 10Gbit/s }
          - { between: [proxy, app], rtt: 1ms, rate: 10Gbit/s }
          - { between: [proxy, bystander], rtt: 1ms, rate: 10Gbit/s }
        load:
          clients: { from: clients, to: "proxy:80", rate: 5/s, arrivals: constant, timeout: 0s }
        faults:
          - { name: fault, at: 0.1s, FAULT }
        """
            .replace("FAULT", fault));
  }

  @Test
  void behindAProxyTheUpstreamThatHangsExplainsWhatTheProxyAskedItFor() throws IOException {
    DiagnosedRun run = proxy("do: hang, host: app-2, for: 10min");
    JsonNode hung = run.diagnosis(ANSWERS);
    assertThat(hung.get("host").asText()).isEqualTo("app-2");
    assertThat(hung.get("explainsUnfinished").asLong())
        .isBetween(run.waiting("response") / 2 - 1, run.waiting("response") / 2 + 1)
        .isPositive();
    assertThat(run.unexplained())
        .isEqualTo(run.waiting("response") - hung.get("explainsUnfinished").asLong());
    DiagnosedRun elsewhere = proxy("do: hang, host: bystander, for: 10min");
    assertThat(elsewhere.unexplained()).isEqualTo(elsewhere.waiting("response")).isPositive();
  }

  private DiagnosedRun database(String fault) throws IOException {
    return DiagnosedRun.of(
        directory,
        """
        halfopen: 1
        duration: 40s
        hosts:
          users: { addresses: 100 }
          app:
            kernel: linux-6.18
            apps:
              orders:
                role: httpServer
                listen: { port: 8080 }
                workers: 500
                perRequest: [ { query: { pool: hikari, times: 1 } } ]
              hikari: { role: connectionPool, to: "db-1:5432", maximumPoolSize: 400 }
          db:
            count: 2
            kernel: linux-6.18
            apps:
              postgres:
                role: database
                listen: { port: 5432 }
                maxConnections: 1000
                queryTime: { constant: 1h }
        links:
          - { between: [users, app], rtt: 1ms, rate: 10Gbit/s }
          - { between: [app, db], rtt: 1ms, rate: 10Gbit/s }
        load:
          users: { from: users, to: "app:8080", rate: 5/s, timeout: 0s }
        faults:
          - { name: fault, at: 20s, FAULT }
        """
            .replace("FAULT", fault));
  }

  @Test
  void behindAPoolTheDatabaseThatIsAskedExplainsItAndItsStandbyDoesNot() throws IOException {
    DiagnosedRun hung = database("do: hang, host: db-1, for: 10min");
    assertThat(hung.unexplained()).isZero();
    assertThat(hung.diagnosis(ANSWERS).get("host").asText()).isEqualTo("db-1");
    DiagnosedRun standby = database("do: hang, host: db-2, for: 10min");
    assertThat(standby.unexplained()).isEqualTo(standby.waiting("response")).isPositive();
  }

  @Test
  void workersThatWereFullForAMomentExplainOnlyWhoHadToWaitForThem() throws IOException {
    DiagnosedRun run =
        DiagnosedRun.of(
            directory,
            """
            halfopen: 1
            duration: 40s
            hosts:
              clients: { addresses: 50 }
              server:
                kernel: linux-6.18
                apps:
                  web: { role: httpServer, listen: { port: 80 }, workers: 150, serviceTime: { constant: 1h } }
            links:
              - { between: [clients, server], rtt: 1ms, rate: 10Gbit/s }
            load:
              clients: { from: clients, to: "server:80", rate: 5/s, arrivals: constant, timeout: 1s }
            """);
    JsonNode full = run.diagnosis("workers");
    assertThat(full.get("explainsFailed").asLong()).isBetween(45L, 50L);
    assertThat(run.unexplained()).as("who found one and waits for ever").isBetween(145L, 150L);
  }
}
