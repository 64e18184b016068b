package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each resource of summary.json names the column of timeseries.csv that shows it. */
class ResourceSeriesTest {
  private static final String EVERYTHING =
      """
      halfopen: 1
      duration: 2s
      hosts:
        clients: { addresses: 50 }
        edge:
          kernel: linux-6.18
          conntrack: { enabled: true }
          cpu: { cores: 2, perPacket: 1us }
          apps:
            nginx:
              role: reverseProxy
              listen: { port: 80 }
              workers: 2
              connectionsPerWorker: 512
              openFiles: 1024
              upstream: { to: app:8080 }
        app:
          count: 2
          kernel: linux-6.18
          apps:
            shop:
              role: httpServer
              listen: { port: 8080 }
              workers: 8
              openFiles: 100
              perRequest: [ { query: { pool: hikari, times: 1 } } ]
            hikari: { role: connectionPool, to: "db:5432", maximumPoolSize: 4 }
            admin: { role: httpServer, listen: { port: 9090 }, workers: 3, openFiles: 50 }
        db:
          kernel: linux-6.18
          apps: { postgres: { role: database, listen: { port: 5432 }, queryTime: { constant: 5ms } } }
      links:
        - { between: [clients, edge], rtt: 1ms }
        - { between: [edge, app], rtt: 1ms }
        - { between: [app, db], rtt: 1ms }
      load:
        visits: { from: clients, to: "edge:80", rate: 50/s }
      """;

  @TempDir private Path directory;

  @Test
  void everyResourceHasItsColumn() throws IOException {
    DiagnosedRun run = DiagnosedRun.of(directory, EVERYTHING);
    Path file = directory.resolve("out").resolve("timeseries.csv");
    List<String> columns = List.of(Files.readAllLines(file).get(0).split(",", -1));
    List<String> shown = new ArrayList<>();
    Set<String> kinds = new TreeSet<>();
    for (JsonNode resource : run.summary().get("resources")) {
      assertThat(columns).as(resource.toString()).contains(resource.get("series").asText());
      shown.add(resource.get("resource").asText() + " " + resource.get("series").asText());
      kinds.add(resource.get("resource").asText());
    }
    assertThat(kinds)
        .containsExactly(
            "CPU",
            "SYN queue",
            "TIME_WAIT sockets",
            "accept queue",
            "connection pool",
            "connection tracking",
            "ephemeral ports",
            "max_connections",
            "open files",
            "orphaned sockets",
            "worker connections",
            "workers");
    assertThat(shown)
        .contains(
            "ephemeral ports edge.ports(app:8080)",
            "connection pool app-2.hikari.inUse",
            "max_connections db.connections",
            "workers app.admin.workers",
            "workers app-1.shop.workers",
            "open files edge.nginx.openFiles",
            "SYN queue edge.synRecv",
            "CPU edge.cpuQueue");
  }
}
