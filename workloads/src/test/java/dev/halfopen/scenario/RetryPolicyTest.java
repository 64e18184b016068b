package dev.halfopen.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/**
 * A server of 200 requests a second, which 160 a second ask for, is cut off for some seconds: with
 * repeats that nothing limits it never gets out of it, with a budget it does.
 */
class RetryPolicyTest {
  @TempDir private Path directory;

  private static final String SCENARIO =
      """
      halfopen: 1
      duration: 60s
      hosts:
        clients: { addresses: 500 }
        server:
          kernel: linux-6.18
          apps:
            web:
              role: httpServer
              listen: { port: 80, backlog: 4096 }
              workers: 20
              serviceTime: { constant: 100ms }
      links:
        - { between: [clients, server], rtt: 1ms, rate: 10Gbit/s }
      load:
        clients: { from: clients, to: server:80, rate: RATE, timeout: 30s, requestsPerClientConnection: 1, retry: { RETRY } }
      faults:
        - { name: network, at: 10s, do: partition, between: [clients, server], for: 5s }
      """;

  private Path file(String rate, String retry) throws IOException {
    Path file = directory.resolve("storm.yaml");
    Files.writeString(file, SCENARIO.replace("RATE", rate).replace("RETRY", retry));
    return file;
  }

  private JsonNode run(String retry) throws IOException {
    return run("160/s", retry);
  }

  private JsonNode run(String rate, String retry) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new CommandLineProgram(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
        .run("run", file(rate, retry).toString(), "--json", "--out", directory + "/out");
    JsonNode summary = new ObjectMapper().readTree(out.toByteArray());
    assertThat(summary.get("unexplained").asLong()).isZero();
    return summary.get("requests");
  }

  @Test
  void aStormIsBoundedByItsBudgetAndByNothingElse() throws IOException {
    String storm = "tries: 50, tryTimeout: 500ms, backoff: 1ms, maxBackoff: 1ms, jitter: none";
    JsonNode without = run(storm);
    JsonNode with = run(storm + ", budget: 10%, budgetBurst: 20");
    long offered = with.get("offered").asLong();
    assertThat(without.get("offered").asLong()).isEqualTo(offered);
    assertThat(without.get("retries").asLong()).isGreaterThan(2 * offered);
    assertThat(with.get("retries").asLong()).isPositive().isLessThanOrEqualTo(offered / 10 + 20);
    assertThat(with.get("retriesRefused").asLong()).isPositive();
    assertThat(with.get("succeeded").asLong()).isGreaterThan(without.get("succeeded").asLong());
  }

  @Test
  void repeatsAfterABackoffCarryRequestsOverAnOutage() throws IOException {
    String retry = "tries: 8, tryTimeout: 500ms, backoff: 200ms, maxBackoff: 5s, jitter: ";
    for (String jitter : new String[] {"none", "full", "decorrelated"}) {
      JsonNode requests = run("10/s", retry + jitter);
      assertThat(requests.get("failed").asLong()).as(jitter).isZero();
      assertThat(requests.get("attempts").asLong())
          .isGreaterThanOrEqualTo(
              requests.get("succeeded").asLong() + requests.get("retries").asLong());
      assertThat(requests.get("retries").asLong()).as(jitter).isGreaterThan(50);
    }
  }

  @Test
  void theSameSeedRepeatsAlike() throws IOException {
    String retry = "tries: 5, tryTimeout: 500ms, jitter: decorrelated, budget: 50%";
    assertThat(run(retry)).isEqualTo(run(retry));
  }

  @Test
  void saysWhatIsWrongWithAPolicy() throws IOException {
    refuses("tries: 1", "retry.tries: 1 is out of range; 2..1000");
    refuses("jitter: some", "\"some\" is not one of none, full, decorrelated");
    refuses("backoff: 20s", "retry.maxBackoff: is less than backoff");
    refuses("budgetBurst: 5", "retry.budgetBurst: there is no budget");
    refuses("budget: 2", "\"2\" has no unit; write 2%");
    refuses("bakoff: 2s", "unknown key bakoff; did you mean backoff?");
  }

  private void refuses(String retry, String message) throws IOException {
    Path file = file("160/s", retry);
    assertThatThrownBy(() -> ScenarioReader.read(ScenarioSource.ofFile(file), Overrides.NONE))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
  }
}
