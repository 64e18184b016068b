package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thresholds on what a host was equipped with judge the peaks that the summary shows. */
class ResourceThresholdsTest {
  private static final String SCENARIO =
      """
      halfopen: 1
      duration: 5s
      hosts:
        clients: { addresses: 100 }
        server:
          kernel: linux-6.18
          conntrack: { sysctl: { net.netfilter.nf_conntrack_max: 100 } }
          cpu: { cores: 1, perPacket: 5ms }
          nic: { ring: 32 }
          apps:
            web:
              role: httpServer
              listen: { port: 80 }
              workers: 10
              openFiles: 20
              serviceTime: { constant: 500ms }
      links:
        - { between: [clients, server], rtt: 1ms }
      load:
        clients: { from: clients, to: "server:80", rate: 10/s, arrivals: constant, requestsPerClientConnection: 1 }
      thresholds:
      """;

  private static final Map<String, String> RESOURCES = new LinkedHashMap<>();

  static {
    RESOURCES.put("server.conntrack", "connection tracking");
    RESOURCES.put("server.cpu", "CPU");
    RESOURCES.put("server.workers(web)", "workers");
    RESOURCES.put("server.files", "open files");
  }

  @TempDir private Path directory;

  private CliRun run(String threshold) throws IOException {
    Path file = directory.resolve("limits.yaml");
    StringBuilder text = new StringBuilder(SCENARIO);
    RESOURCES.keySet().forEach(r -> text.append("  - ").append(r).append(threshold).append('\n'));
    Files.writeString(file, text);
    return CliRun.of("run", file.toString(), "--out", directory.resolve("out").toString());
  }

  private JsonNode summary() throws IOException {
    return new ObjectMapper().readTree(directory.resolve("out/summary.json").toFile());
  }

  private static JsonNode resource(JsonNode summary, String name) {
    for (JsonNode resource : summary.get("resources")) {
      if (resource.get("resource").asText().equals(name)) {
        return resource;
      }
    }
    throw new AssertionError(name);
  }

  @Test
  void aShareIsThatOfThePeak() throws IOException {
    assertThat(run(".peak < 100%").exitCode()).isZero();
    JsonNode summary = summary();
    int i = 0;
    for (String name : RESOURCES.values()) {
      JsonNode threshold = summary.get("thresholds").get(i++);
      assertThat(threshold.get("holds").asBoolean()).as(name).isTrue();
      assertThat(threshold.get("value").asDouble())
          .as(name)
          .isEqualTo(resource(summary, name).get("share").asDouble())
          .isBetween(0.01, 0.7);
    }
    assertThat(resource(summary, "workers").get("peak").asLong()).isBetween(5L, 7L);
    assertThat(resource(summary, "connection tracking").get("peak").asLong()).isEqualTo(50);
  }

  @Test
  void aCountIsThePeak() throws IOException {
    assertThat(run(".peak < 1").exitCode()).isEqualTo(1);
    JsonNode summary = summary();
    int i = 0;
    for (String name : RESOURCES.values()) {
      JsonNode threshold = summary.get("thresholds").get(i++);
      assertThat(threshold.get("holds").asBoolean()).as(name).isFalse();
      assertThat(threshold.get("value").asLong())
          .as(name)
          .isEqualTo(resource(summary, name).get("peak").asLong());
    }
  }
}
