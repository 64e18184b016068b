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
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Port exhaustion as a real nginx before 1,000 ports was measured (oracle O11): 100 requests a
 * second for 150 s where nothing else is said.
 */
class PortExhaustionTest {
  @TempDir private Path directory;

  private JsonNode run(String... options) throws IOException {
    List<String> args =
        new ArrayList<>(List.of("run", "port-exhaustion", "--json", "--out", directory + "/out"));
    args.addAll(Arrays.asList(options));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        new CommandLineProgram(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8))
            .run(args.toArray(String[]::new));
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    JsonNode summary = new ObjectMapper().readTree(out.toByteArray());
    assertThat(code).as(summary.get("expectations").toPrettyString()).isZero();
    JsonNode requests = summary.get("requests");
    assertThat(number(requests, "offered"))
        .isEqualTo(
            number(requests, "succeeded")
                + number(requests, "failed")
                + number(requests, "unfinished"));
    return summary;
  }

  private JsonNode runSmall(String... options) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of("--set", "ephemeralPorts=1000", "--set", "rate=100/s", "--duration", "150s"));
    all.addAll(Arrays.asList(options));
    return run(all.toArray(String[]::new));
  }

  private static long number(JsonNode node, String key) {
    return node.get(key).asLong();
  }

  private static JsonNode expectation(JsonNode summary, String name) {
    for (JsonNode e : summary.get("expectations")) {
      if (e.get("name").asText().equals(name)) {
        return e;
      }
    }
    throw new AssertionError("no expectation " + name);
  }

  private static long proxyPeak(JsonNode summary, String sockets) {
    return summary.get("hosts").get("proxy").get("peakSockets").get(sockets).asLong();
  }

  private static double firstFailure(JsonNode summary) {
    return summary.get("requests").get("firstFailureSeconds").asDouble();
  }

  private static double succeededShare(JsonNode summary) {
    JsonNode requests = summary.get("requests");
    return (double) number(requests, "succeeded") / number(requests, "offered");
  }

  @Test
  void defaultRunStopsAfterEveryPortWasUsedOnce() throws IOException {
    JsonNode summary = run();
    JsonNode requests = summary.get("requests");
    assertThat(firstFailure(summary)).isEqualTo(28.232);
    assertThat(number(requests, "offered")).isEqualTo(180_000);
    assertThat(number(requests, "succeeded")).isEqualTo(84_696);
    assertThat(number(requests, "failed")).isEqualTo(95_304);
    assertThat(number(requests.get("failures"), "EADDRNOTAVAIL")).isEqualTo(95_304);
    assertThat(expectation(summary, "successes before it").get("simulated").asLong())
        .isEqualTo(28_232);
    assertThat(expectation(summary, "sustained rate").get("simulated").asDouble())
        .isEqualTo(459.505208);
    JsonNode diagnosis = summary.get("diagnosis").get(0);
    assertThat(diagnosis.get("resource").asText()).isEqualTo("ephemeral ports");
    assertThat(number(diagnosis, "explains")).isEqualTo(95_304);
    assertThat(number(summary, "unexplained")).isZero();
    assertThat(summary.get("verdict").asText())
        .isEqualTo(
            "STOPS at 28.2 s: proxy has no free port to upstream-1:8080 (28,232 of 28,232 in"
                + " TIME_WAIT). Then 459.5 of 1000 requests/s get through.");
  }

  @Test
  void finTimeoutChangesNothing() throws IOException {
    JsonNode summary = runSmall();
    JsonNode shorter = runSmall("--sysctl", "proxy:net.ipv4.tcp_fin_timeout=10");
    assertThat(shorter.get("digest")).isEqualTo(summary.get("digest"));
  }

  @Test
  void rateBelowTheLimitNeverFails() throws IOException {
    JsonNode summary = run("--set", "rate=450/s");
    assertThat(number(summary.get("requests"), "failed")).isZero();
    assertThat(expectation(summary, "failed requests").get("holds").asBoolean()).isTrue();
  }

  @Test
  void thousandPortsServeAThousandRequestsPerCycle() throws IOException {
    JsonNode summary = runSmall();
    assertThat(firstFailure(summary)).isEqualTo(10.0);
    assertThat(succeededShare(summary)).isBetween(0.20, 0.21);
    assertThat(expectation(summary, "sustained rate").get("holds").asBoolean()).isTrue();
  }

  @Test
  void secondUpstreamDoublesThePorts() throws IOException {
    JsonNode summary = runSmall("--set", "upstreams=2");
    assertThat(firstFailure(summary)).isEqualTo(20.0);
    assertThat(succeededShare(summary)).isBetween(0.40, 0.41);
  }

  @Test
  void maxFailsHidesTheCauseFromTheLogButNotFromTheDiagnosis() throws IOException {
    JsonNode summary = runSmall("--set", "upstreams=2", "--set", "maxFails=1");
    long failed = number(summary.get("requests"), "failed");
    assertThat(number(summary.get("proxies").get("proxy"), "noLiveUpstreams"))
        .isGreaterThan(failed * 9 / 10);
    JsonNode diagnosis = summary.get("diagnosis").get(0);
    assertThat(diagnosis.get("resource").asText()).isEqualTo("ephemeral ports");
    assertThat(number(diagnosis, "explains")).isEqualTo(failed);
  }

  @Test
  void slowLoadKeepsTimeWaitBetweenItsShortestAndLongestLife() throws IOException {
    JsonNode summary = runSmall("--set", "rate=15/s");
    assertThat(number(summary.get("requests"), "failed")).isZero();
    assertThat(proxyPeak(summary, "timewait")).isBetween(925L, 931L);
    assertThat(summary.get("hosts").get("proxy").get("sockets").get("timewait").asLong())
        .isBetween(899L, 931L);
  }

  @Test
  void timeWaitReuseTakesTheFirstParityOnly() throws IOException {
    JsonNode summary = runSmall("--sysctl", "proxy:net.ipv4.tcp_tw_reuse=1");
    assertThat(number(summary.get("requests"), "failed")).isZero();
    assertThat(proxyPeak(summary, "timewait")).isBetween(499L, 500L);
  }

  @Test
  void upstreamThatClosesFirstKeepsTheTimeWait() throws IOException {
    JsonNode summary = runSmall("--set", "closer=upstream");
    assertThat(number(summary.get("requests"), "failed")).isZero();
    assertThat(proxyPeak(summary, "timewait")).isZero();
  }

  @Test
  void idlePoolNeedsAFewConnectionsOnly() throws IOException {
    JsonNode summary = runSmall("--set", "idlePool=32");
    assertThat(number(summary.get("requests"), "failed")).isZero();
    assertThat(number(summary.get("proxies").get("proxy"), "upstreamConnections"))
        .isBetween(15L, 20L);
  }

  @Test
  void linux310SustainsPortsPerMinute() throws IOException {
    JsonNode summary = run("--kernel", "linux-3.10");
    assertThat(expectation(summary, "successes before it").get("simulated").asLong())
        .isEqualTo(28_233);
    assertThat(expectation(summary, "sustained rate").get("simulated").asDouble())
        .isEqualTo(470.55);
  }

  @Test
  void fiveUpstreamsMeetTheLimitOfTimeWaitBuckets() throws IOException {
    JsonNode summary =
        runSmall(
            "--set",
            "upstreams=5",
            "--set",
            "rate=200/s",
            "--sysctl",
            "proxy:net.ipv4.tcp_max_tw_buckets=4000");
    assertThat(number(summary.get("requests"), "failed")).isZero();
    assertThat(
            number(summary.get("hosts").get("proxy").get("counters"), "TcpExtTCPTimeWaitOverflow"))
        .isPositive();
  }

  /** With all ports and buckets: 131,072 / 3000/s. */
  @Test
  @Tag("long")
  void fiveUpstreamsAtFullSizeFillTheBucketsAndNeverRunOutOfPorts() throws IOException {
    JsonNode summary = run("--set=upstreams=5", "--set=rate=3000/s");
    assertThat(holds(summary, "failed requests")).isTrue();
    assertThat(holds(summary, "tcp_max_tw_buckets full")).isTrue();
    assertThat(expectation(summary, "tcp_max_tw_buckets full").get("simulated").asDouble())
        .isBetween(43.69, 43.70);
  }

  @Test
  void fiveUpstreamsBelowTheLimitOfBucketsAreJudgedLikeOne() throws IOException {
    JsonNode summary =
        runSmall(
            "--set=upstreams=5",
            "--set=rate=70/s",
            "--sysctl=proxy:net.ipv4.tcp_max_tw_buckets=4600");
    assertThat(holds(summary, "failed requests")).isTrue();
    assertThat(holds(summary, "TIME_WAIT at the end")).isTrue();
  }

  @Test
  void fiveUpstreamsFillTheBucketsAtBucketsPerRate() throws IOException {
    JsonNode summary =
        runSmall(
            "--set=upstreams=5",
            "--set=rate=110/s",
            "--sysctl=proxy:net.ipv4.tcp_max_tw_buckets=4640");
    assertThat(holds(summary, "failed requests")).isTrue();
    assertThat(expectation(summary, "tcp_max_tw_buckets full").get("simulated").asDouble())
        .isBetween(42.17, 42.2);
  }

  @Test
  void aProxyWinsSomeTwelvePercentOfTheRaces() throws IOException {
    JsonNode summary = run("--set=closer=race", "--set=rate=200/s", "--duration=100s");
    assertThat(holds(summary, "share of the closes that the proxy wins")).isTrue();
    assertThat(holds(summary, "failed requests")).isTrue();
  }

  @Test
  void timeWaitsAreWhereTheFirstCloseWas() throws IOException {
    JsonNode summary = run("--set=closer=upstream", "--set=rate=200/s", "--duration=100s");
    assertThat(holds(summary, "TIME_WAIT of the proxy at the most")).isTrue();
    assertThat(holds(summary, "TIME_WAIT of the upstreams at the end")).isTrue();
    JsonNode faster = runSmall("--set=closer=upstream");
    assertThat(
            expectation(faster, "TIME_WAIT of the upstreams at the end").get("simulated").asLong())
        .isEqualTo(500);
  }

  @Test
  void portsThatAreTakenOverAfterASecondNeedTheFirstParityOnly() throws IOException {
    JsonNode summary = runSmall("--sysctl", "proxy:net.ipv4.tcp_tw_reuse=1");
    assertThat(holds(summary, "TIME_WAIT of the proxy at the most")).isTrue();
    assertThat(holds(summary, "failed requests")).isTrue();
  }

  private static boolean holds(JsonNode summary, String name) {
    return expectation(summary, name).get("holds").asBoolean();
  }
}
