package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --ss-at}: which sockets the listing of an instant holds. */
class SocketListingTest {
  @TempDir private Path directory;

  private CliRun run(String name, String scenario, String... options) {
    List<String> args = new ArrayList<>(List.of("run", scenario, "--quiet"));
    args.addAll(List.of("--out", directory.resolve(name).toString()));
    args.addAll(Arrays.asList(options));
    return CliRun.of(args.toArray(String[]::new));
  }

  private CliRun exhausted(String name, String... options) {
    List<String> all =
        new ArrayList<>(
            List.of("--duration", "20s", "--set", "ephemeralPorts=1000", "--set", "rate=100/s"));
    all.addAll(Arrays.asList(options));
    return run(name, "port-exhaustion", all.toArray(String[]::new));
  }

  private List<String> listing(String run, String file) throws IOException {
    return Files.readAllLines(directory.resolve(run).resolve(file));
  }

  @Test
  void listsTimeWaitsListenersAndConnectionsOfEachHost() throws IOException {
    assertThat(exhausted("a", "--ss-at", "5.005s,15s").exitCode()).isZero();
    List<String> early = listing("a", "ss-5.005s.txt");
    assertThat(early)
        .filteredOn(l -> l.startsWith("#"))
        .containsExactly("# clients", "# proxy", "# upstream-1");
    assertThat(early).filteredOn(l -> l.startsWith("TIME-WAIT")).hasSize(501);
    assertThat(early)
        .filteredOn(l -> l.startsWith("LISTEN"))
        .containsExactly(
            "LISTEN    0      511          0.0.0.0:80         0.0.0.0:*           ",
            "LISTEN 0      4096         0.0.0.0:8080      0.0.0.0:*          ");
    assertThat(listing("a", "ss-15s.txt"))
        .filteredOn(l -> l.startsWith("TIME-WAIT"))
        .hasSize(1000)
        .allMatch(l -> l.matches("TIME-WAIT 0      0           10.0.0.1:\\d+ +10.0.0.2:8080 +"));
  }

  @Test
  void listingChangesNothingInTheRunAndNeitherDoThreadsInIt() throws IOException {
    exhausted("with", "--ss-at", "5s", "--ss-at", "7s", "--threads", "2");
    exhausted("without");
    exhausted("again", "--ss-at", "5s,7s");
    ObjectMapper json = new ObjectMapper();
    JsonNode digest = json.readTree(directory.resolve("with/summary.json").toFile()).get("digest");
    assertThat(json.readTree(directory.resolve("without/summary.json").toFile()).get("digest"))
        .isEqualTo(digest);
    assertThat(listing("with", "ss-7s.txt")).isEqualTo(listing("again", "ss-7s.txt"));
  }

  @Test
  void halfOpenRequestsAndTheFullAcceptQueueAreThere() throws IOException {
    run("a", "syn-flood", "--set", "rate=50/s", "--duration", "30s", "--ss-at", "25s");
    List<String> listing = listing("a", "ss-25s.txt");
    assertThat(listing).filteredOn(l -> l.startsWith("SYN-RECV")).hasSizeGreaterThan(400);
    run("b", "accept-overflow", "--duration", "20s", "--ss-at", "15s");
    assertThat(listing("b", "ss-15s.txt"))
        .filteredOn(l -> l.startsWith("LISTEN"))
        .anyMatch(l -> l.matches("LISTEN +\\d{2,} +\\d+ .*"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "30s|--ss-at 30s: is not within the run of 20 s",
        "0s|--ss-at 0s: is not within the run of 20 s",
        "5|--ss-at 5: \"5\" has no unit; write 5ms, 5s or 5min"
      })
  void badInstantIsOneLine(String time, String message) {
    CliRun run = exhausted("a", "--ss-at", time);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errorLines()).containsExactly(message);
  }
}
