package dev.halfopen.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.halfopen.cli.CommandLineProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In every named workload no request is lost from the books, and every failure has a reason. */
class AccountsTest {
  /** Workloads that would take long as they are. */
  private static final Map<String, List<String>> SMALLER =
      Map.of(
          "port-exhaustion",
          List.of("--set=rate=100/s", "--set=ephemeralPorts=1000", "--duration=100s"),
          "db-failover",
          List.of("--set=rate=20/s"),
          "fan-out",
          List.of("--duration=30s"),
          "churn-1m",
          List.of("--set=rate=500/s", "--duration=5s"),
          "timewait-10m",
          List.of("--set=rate=500/s", "--duration=5s"),
          "fan-out-1m",
          List.of("--set=connections=1000", "--set=openRate=1000/s", "--duration=10s"),
          "connections-100m",
          List.of(
              "--set=connections=1000",
              "--set=openRate=1000/s",
              "--duration=5s",
              "--set=rate=100/s"),
          "syn-flood-line-rate",
          List.of("--set=rate=10000/s"));

  @TempDir private Path directory;

  static List<String> workloads() {
    return Catalog.entries().stream().map(Catalog.Entry::name).toList();
  }

  private JsonNode run(String name) throws IOException {
    List<String> command = new ArrayList<>(List.of("run", name, "--json"));
    command.addAll(SMALLER.getOrDefault(name, List.of()));
    command.addAll(List.of("--out", directory.resolve("out").toString()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    new CommandLineProgram(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(command.toArray(new String[0]));
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    return new ObjectMapper().readTree(out.toByteArray());
  }

  private static long sum(JsonNode object) {
    long sum = 0;
    for (JsonNode value : object) {
      sum += value.asLong();
    }
    return sum;
  }

  private static void balances(JsonNode requests) {
    long failed = requests.get("failed").asLong();
    long unfinished = requests.get("unfinished").asLong();
    assertThat(requests.get("offered").asLong())
        .isEqualTo(requests.get("succeeded").asLong() + failed + unfinished);
    assertThat(sum(requests.get("failures"))).isEqualTo(failed);
    assertThat(sum(requests.get("seenAs"))).isEqualTo(failed);
    assertThat(sum(requests.get("waiting"))).isEqualTo(unfinished);
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void everyRequestIsAccountedForAndExplained(String name) throws IOException {
    JsonNode summary = run(name);
    JsonNode requests = summary.get("requests");
    balances(requests);
    summary.get("loads").forEach(AccountsTest::balances);
    assertThat(summary.get("unexplained").asLong()).isZero();
    long explained = 0;
    for (JsonNode d : summary.get("diagnosis")) {
      explained += d.get("explains").asLong();
      assertThat(d.get("evidence").asText()).isNotEmpty();
      assertThat(d.get("onARealHost").asText()).isNotEmpty();
      assertThat(d.get("from").asDouble()).isBetween(0.0, d.get("to").asDouble());
    }
    assertThat(explained)
        .isEqualTo(
            requests.get("failed").asLong()
                + requests.get("unfinished").asLong()
                - requests.at("/waiting/inFlight").asLong());
  }
}
