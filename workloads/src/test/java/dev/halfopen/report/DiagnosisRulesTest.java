package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each resource is named, alone, with its host, its times and all that failed where there is too
 * little of it; and not named where there is enough.
 */
class DiagnosisRulesTest {
  @TempDir private Path directory;

  /** A scenario that a word stands in for how much there is of a resource. */
  private final class Scene {
    private final String yaml;

    Scene(String yaml) {
      this.yaml = yaml;
    }

    /** It holds with so much, and is short with so little. */
    JsonNode isShort(String enough, String little, String resource, String host)
        throws IOException {
      DiagnosedRun fine = DiagnosedRun.of(directory, yaml.replace("AMOUNT", enough));
      assertThat(fine.failed()).isZero();
      assertThat(fine.resources()).isEmpty();
      DiagnosedRun run = DiagnosedRun.of(directory, yaml.replace("AMOUNT", little));
      assertThat(run.resources()).containsExactly(resource);
      assertThat(run.unexplained()).isZero();
      JsonNode d = run.diagnosis(resource);
      assertThat(d.get("host").asText()).isEqualTo(host);
      assertThat(d.get("explainsFailed").asLong()).isEqualTo(run.failed());
      assertThat(d.get("explainsUnfinished").asLong())
          .isEqualTo(run.requests("unfinished") - run.waiting("inFlight"));
      return d;
    }
  }

  private Scene server(String host, String web, String load) {
    return new Scene(
        """
        halfopen: 1
        duration: 20s
        hosts:
          clients: { addresses: 500 }
          bots: { addresses: 0.0.0.0/0 }
          server:
            kernel: linux-6.18
            HOST
            apps:
              web: { role: httpServer, listen: { port: 80, backlog: 16 }, WEB }
        links:
          - { between: [clients, server], rtt: 1ms, rate: 10Gbit/s }
          - { between: [bots, server], rtt: 1ms, rate: 10Gbit/s }
        load:
          clients:
            from: clients
            to: server:80
            arrivals: constant
            requestsPerClientConnection: 1
            LOAD
        """
            .replace("HOST", host)
            .replace("WEB", web)
            .replace("LOAD", load));
  }

  private static void began(JsonNode diagnosis, double least, double most) {
    assertThat(diagnosis.get("from").asDouble()).isBetween(least, most);
    assertThat(diagnosis.get("to").asDouble())
        .isBetween(diagnosis.get("from").asDouble(), diagnosis.get("from").asDouble() + 70);
  }

  @Test
  void synQueue() throws IOException {
    JsonNode d =
        server(
                "sysctl: { net.ipv4.tcp_syncookies: AMOUNT }",
                "serviceTime: { constant: 1ms }",
                "rate: 5/s\n    timeout: 3s\n"
                    + "  flood: { kind: synFlood, from: bots, to: server:80, rate: 20/s, sources:"
                    + " spoofed }")
            .isShort("1", "0", "SYN queue", "server");
    began(d, 0.7, 1.5);
    assertThat(d.get("evidence").asText()).contains("17 of 17 in use at 0.9 s");
    assertThat(d.get("onARealHost").asText()).contains("TcpExtTCPReqQFullDrop");
  }

  @Test
  void acceptQueue() throws IOException {
    JsonNode d =
        server("", "acceptTime: { constant: AMOUNT }", "rate: 30/s\n    timeout: 3s")
            .isShort("20ms", "100ms", "accept queue", "server");
    // 20 a second more than are accepted, from 0 s on: 17 places last for 0.85 s.
    assertThat(d.get("evidence").asText()).contains("17 of 17 in use at 0.8 s");
    began(d, 0.3, 2.0);
  }

  @Test
  void connectionTracking() throws IOException {
    JsonNode d =
        server(
                "conntrack: { sysctl: { net.netfilter.nf_conntrack_max: AMOUNT } }",
                "serviceTime: { constant: 1ms }",
                "rate: 100/s\n    timeout: 2s")
            .isShort("3000", "600", "connection tracking", "server");
    began(d, 5.8, 6.1);
    assertThat(d.get("evidence").asText()).contains("600 of 600 in use at 6.0 s");
  }

  @Test
  void cores() throws IOException {
    JsonNode d =
        server(
                "cpu: { cores: AMOUNT, perPacket: 5ms }\n    nic: { ring: 64 }",
                "serviceTime: { constant: 1ms }",
                "rate: 50/s\n    timeout: 2s")
            .isShort("2", "1", "CPU", "server");
    began(d, 1.0, 6.0);
    assertThat(d.get("evidence").asText()).contains("64 of 64 in use");
  }

  @Test
  void workers() throws IOException {
    JsonNode d =
        server(
                "",
                "workers: AMOUNT, serviceTime: { constant: 100ms }",
                "rate: 80/s\n    timeout: 2s")
            .isShort("10", "5", "workers", "server");
    // 30 a second more than are served: who comes at 3.4 s or later waits for more than 2 s.
    began(d, 3.0, 3.7);
    assertThat(d.get("evidence").asText()).contains("5 of 5 in use at 0.1 s");
  }

  @Test
  void openFiles() throws IOException {
    JsonNode d =
        server(
                "",
                "openFiles: AMOUNT, serviceTime: { constant: 100ms }",
                "rate: 50/s\n    timeout: 2s")
            .isShort("16", "4", "open files", "server");
    began(d, 0.0, 2.0);
    assertThat(d.get("evidence").asText()).contains("4 of 4 in use at 0.1 s");
    assertThat(d.get("onARealHost").asText()).contains("Too many open files");
  }

  @Test
  void timeWaitBuckets() throws IOException {
    JsonNode d =
        server(
                "sysctl: { net.ipv4.tcp_max_tw_buckets: AMOUNT }",
                "requestsPerConnection: 1",
                "rate: 100/s")
            .isShort("3000", "500", "TIME_WAIT buckets", "server");
    began(d, 4.9, 5.1);
    assertThat(d.get("explains").asLong()).isZero();
  }

  @Test
  void orphans() throws IOException {
    JsonNode d =
        new Scene(
                server(
                        "sysctl: { net.ipv4.tcp_max_orphans: AMOUNT }",
                        "requestsPerConnection: 1",
                        "rate: 200/s\n    responseBytes: 200KiB")
                    .yaml
                    .replace("rtt: 1ms", "rtt: 100ms"))
            .isShort("1000", "5", "orphaned sockets", "server");
    began(d, 0.1, 0.3);
    assertThat(d.get("evidence").asText()).contains("tcp_max_orphans is 5");
  }

  @Test
  void ephemeralPortsOfOneDestination() throws IOException {
    JsonNode d =
        new Scene(
                """
                halfopen: 1
                duration: 20s
                hosts:
                  clients: { addresses: 500 }
                  proxy:
                    kernel: linux-6.18
                    sysctl: { net.ipv4.ip_local_port_range: 32768 AMOUNT }
                    apps:
                      busy: { role: reverseProxy, listen: { port: 80 }, upstream: { to: app:8080, closer: proxy } }
                      calm: { role: reverseProxy, listen: { port: 81 }, upstream: { to: other:8080, closer: proxy } }
                  app:
                    kernel: linux-6.18
                    apps: { web: { role: httpServer, listen: { port: 8080 } } }
                  other:
                    kernel: linux-6.18
                    apps: { web: { role: httpServer, listen: { port: 8080 } } }
                links:
                  - { between: [clients, proxy], rtt: 1ms }
                  - { between: [proxy, app], rtt: 1ms }
                  - { between: [proxy, other], rtt: 1ms }
                load:
                  many: { from: clients, to: proxy:80, rate: 20/s, arrivals: constant }
                  few: { from: clients, to: proxy:81, rate: 2/s, arrivals: constant }
                """)
            .isShort("60999", "32867", "ephemeral ports", "proxy");
    assertThat(d.get("detail").asText()).isEqualTo("-> app:8080");
    // 100 ports at 20 a second; some are taken by the other destination's connections, too.
    began(d, 4.9, 5.1);
    assertThat(d.get("evidence").asText()).contains("100 of 100 local ports in use towards app");
  }

  private Scene database(String pool, String db, String load) {
    return new Scene(
        """
        halfopen: 1
        duration: 60s
        hosts:
          users: { addresses: 100 }
          app:
            kernel: linux-6.18
            apps:
              orders:
                role: httpServer
                listen: { port: 8080 }
                workers: 200
                perRequest: [ { query: { pool: hikari, times: 1 } } ]
              hikari: { role: connectionPool, to: "db:5432", POOL }
          db:
            kernel: linux-6.18
            apps: { postgres: { role: database, listen: { port: 5432 }, DB } }
        links:
          - { between: [users, app], rtt: 1ms, rate: 10Gbit/s }
          - { between: [app, db], rtt: 1ms, rate: 10Gbit/s }
        load:
          users: { from: users, to: "app:8080", arrivals: constant, LOAD
        """
            .replace("POOL", pool)
            .replace("DB", db)
            .replace("LOAD", load));
  }

  @Test
  void connectionPool() throws IOException {
    JsonNode d =
        database(
                "maximumPoolSize: AMOUNT",
                "queryTime: { constant: 250ms }",
                "rate: 30/s, timeout: 3s }")
            .isShort("10", "5", "connection pool", "app");
    // 10 a second more than are served by 20: who comes at 6 s waits for 3 s.
    began(d, 5.0, 7.0);
    assertThat(d.get("evidence").asText()).contains("app hikari: all 5 connections in use");
  }

  @Test
  void maxConnections() throws IOException {
    JsonNode d =
        database(
                "maximumPoolSize: 12",
                "maxConnections: AMOUNT, reservedConnections: 0, queryTime: { constant: 250ms }",
                "rate: 36/s, timeout: 3s }")
            .isShort("12", "6", "max_connections", "db");
    began(d, 4.0, 8.0);
    assertThat(d.get("evidence").asText())
        .contains("all 6 connections in use", "the database refused it");
  }

  @Test
  void connectionAttemptsOnADeadAddress() throws IOException {
    JsonNode d =
        server(
                "",
                "serviceTime: { constant: 1ms }",
                "rate: 5/s\n    timeout: 3s\nfaults: [ AMOUNT ]")
            .isShort(
                "",
                "{ at: 10s, do: powerLoss, host: server }",
                "connection attempts on a dead address",
                "clients");
    began(d, 10.0, 10.3);
    assertThat(d.get("detail").asText()).isEqualTo("-> server");
    assertThat(d.get("evidence").asText()).contains("server, which is gone since 10.0 s");
  }

  @Test
  void anIdleReaderWithoutKeepalive() throws IOException {
    String yaml =
        database(
                "maximumPoolSize: 100, driver: { tcpKeepalive: KEEP }",
                "queryTime: { constant: 2s }",
                "rate: 10/s, timeout: 0s }\nfaults: [ AMOUNT ]")
            .yaml
            .replace(
                "kernel: linux-6.18\n    apps:\n      orders",
                "kernel: linux-6.18\n    sysctl: { net.ipv4.tcp_keepalive_time: 5, net.ipv4.tcp_keepalive_intvl: 1, net.ipv4.tcp_keepalive_probes: 3 }\n    apps:\n      orders");
    String dies = "{ at: 30s, do: powerLoss, host: db }";
    DiagnosedRun hangs =
        DiagnosedRun.of(directory, yaml.replace("KEEP", "false").replace("AMOUNT", dies));
    JsonNode d = hangs.diagnosis("idle reader without keepalive");
    assertThat(d.get("host").asText()).isEqualTo("app");
    assertThat(d.get("from").asDouble()).isEqualTo(30.0);
    assertThat(d.get("to").asDouble()).isEqualTo(60.0);
    assertThat(d.get("explainsUnfinished").asLong()).isBetween(18L, 21L);
    assertThat(d.get("evidence").asText()).contains(d.get("explains").asText() + " threads wait");
    DiagnosedRun probed =
        DiagnosedRun.of(directory, yaml.replace("KEEP", "true").replace("AMOUNT", dies));
    assertThat(probed.resources()).isNotEmpty().doesNotContain("idle reader without keepalive");
    DiagnosedRun lives =
        DiagnosedRun.of(directory, yaml.replace("KEEP", "false").replace("AMOUNT", ""));
    assertThat(lives.resources()).isEmpty();
  }
}
