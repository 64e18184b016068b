package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Remedies are simulated: what helps, what does not, and what a scenario has no place for. */
class RemediesTest {
  @TempDir private Path directory;

  private CliRun run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("run"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--remedies", "--out", directory.resolve("out").toString()));
    return CliRun.of(all.toArray(new String[0]));
  }

  private JsonNode remedies() throws IOException {
    return new ObjectMapper()
        .readTree(directory.resolve("out").resolve("summary.json").toFile())
        .at("/diagnosis/0/remedies");
  }

  private JsonNode remedy(String change) throws IOException {
    for (JsonNode remedy : remedies()) {
      if (remedy.get("change").asText().contains(change)) {
        return remedy;
      }
    }
    throw new AssertionError("no remedy " + change + " in " + remedies());
  }

  @Test
  void connectionReuseEndsPortExhaustionAndFinTimeoutDoesNot() throws IOException {
    CliRun run =
        run(
            "port-exhaustion",
            "--set=rate=20/s",
            "--sysctl=proxy:net.ipv4.ip_local_port_range=32768 32867",
            "--duration=70s");
    assertThat(remedy("idlePool=32").get("failed").asLong()).isZero();
    assertThat(remedy("tcp_tw_reuse=1").get("failed").asLong()).isZero();
    JsonNode twice = remedy("upstreams=2");
    assertThat(twice.get("firstFailureSeconds").asDouble()).isEqualTo(10.0);
    assertThat(twice.get("socketBytes").asLong())
        .isGreaterThan(twice.get("socketBytesBefore").asLong());
    assertThat(remedy("tcp_fin_timeout=15").get("failed").asLong()).isEqualTo(1200);
    assertThat(run.out())
        .contains("what helps       idlePool=32: none fails")
        .contains("tcp_fin_timeout=15: changes nothing: 1,200 of 1,400 fail");
    assertThat(Files.readString(directory.resolve("out").resolve("report.html")))
        .contains("What helps, simulated")
        .contains("idlePool=32");
  }

  @Test
  void aRemedyIsWhatTheSameScenarioWithItsSettingsComesTo() throws IOException {
    String[] base = {
      "port-exhaustion", "--set=rate=20/s", "--set=ephemeralPorts=100", "--duration=70s"
    };
    run(base);
    JsonNode tried = remedy("upstreams=2");
    List<String> again = new ArrayList<>(List.of("run"));
    again.addAll(List.of(base));
    tried
        .get("settings")
        .properties()
        .forEach(e -> again.add("--set=" + e.getKey() + "=" + e.getValue().asText()));
    again.addAll(List.of("--json", "--out", directory.resolve("again").toString()));
    JsonNode summary = new ObjectMapper().readTree(CliRun.of(again.toArray(new String[0])).out());
    assertThat(tried.get("failed").asLong())
        .isEqualTo(summary.at("/requests/failed").asLong())
        .isPositive();
    assertThat(tried.get("p99Ms").asDouble())
        .isEqualTo(summary.at("/latency/request/p99Ms").asDouble());
  }

  @Test
  void aRemedyThatTheScenarioRefusesIsNotApplicable() throws IOException {
    run("port-exhaustion", "--set=rate=20/s", "--set=ephemeralPorts=100", "--duration=20s");
    JsonNode wider = remedy("ip_local_port_range=1024 65535");
    assertThat(wider.get("notApplicable").asText()).contains("ephemeralPorts=100: conflicts with");
    assertThat(wider.has("failed")).isFalse();
  }

  @Test
  void cookiesLetEveryCustomerIn() throws IOException {
    run("syn-flood", "--set=rate=200/s", "--set=backlog=64");
    assertThat(remedy("tcp_syncookies=1").get("failed").asLong()).isZero();
    JsonNode larger = remedy("listen.backlog=1024".replace("listen.", ""));
    assertThat(larger.get("failed").asLong())
        .isLessThan(remedy("synack_retries=1").get("failed").asLong());
  }

  @Test
  void onlyATimeoutOrKeepaliveFreesThreadsWhoseQueryWasAcknowledged() throws IOException {
    CliRun run = run("db-failover", "--set=rate=4/s", "--set=query=2s", "--duration=20min");
    assertThat(run.out()).contains("still hang");
    assertThat(remedy("retries2=8").get("hanging").asLong()).isPositive();
    assertThat(remedy("socketTimeout=30s").get("hanging").asLong()).isZero();
    assertThat(remedy("tcpKeepalive=true").get("hanging").asLong()).isZero();
  }

  @Test
  void aRunInWhichNothingRanOutNeedsNone() {
    CliRun run = run("port-exhaustion", "--set=rate=20/s", "--duration=5s");
    assertThat(run.err()).contains("note: --remedies: nothing ran out");
    assertThat(run.out()).doesNotContain("what helps");
  }
}
