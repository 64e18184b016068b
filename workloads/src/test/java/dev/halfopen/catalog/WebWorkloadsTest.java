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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** syn-flood, accept-overflow, fan-out and reuse-matrix: what must come out of them does. */
class WebWorkloadsTest {
  @TempDir private Path directory;

  /** Runs; every expectation that applies must hold, all failures must be explained. */
  private JsonNode run(String workload, String... options) throws IOException {
    List<String> args =
        new ArrayList<>(List.of("run", workload, "--json", "--out", directory + "/out"));
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
    assertThat(summary.get("unexplained").asLong()).isZero();
    for (JsonNode load : summary.get("loads")) {
      assertThat(load.get("offered").asLong())
          .isEqualTo(
              load.get("succeeded").asLong()
                  + load.get("failed").asLong()
                  + load.get("unfinished").asLong());
    }
    return summary;
  }

  private static long count(JsonNode summary, String load, String what) {
    return summary.get("loads").get(load).get(what).asLong();
  }

  private static JsonNode expectation(JsonNode summary, String name) {
    for (JsonNode e : summary.get("expectations")) {
      if (e.get("name").asText().equals(name)) {
        return e;
      }
    }
    throw new AssertionError("no expectation " + name);
  }

  private static double simulated(JsonNode summary, String name) {
    JsonNode e = expectation(summary, name);
    assertThat(e.get("notApplicable").isNull()).as(e.toPrettyString()).isTrue();
    return e.get("simulated").asDouble();
  }

  private static String exhausted(JsonNode summary) {
    return summary.get("diagnosis").get(0).get("resource").asText();
  }

  // ---- syn-flood

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"linux-6.18", "linux-3.10"})
  void withoutCookiesCustomersPlayALottery(String kernel) throws IOException {
    JsonNode summary = run("syn-flood", "--kernel", kernel);
    assertThat(count(summary, "established", "failed")).isZero();
    assertThat(count(summary, "customers", "failed")).isBetween(1200L, 2500L);
    assertThat(count(summary, "afterwards", "failed")).isZero();
    assertThat(exhausted(summary)).isEqualTo("SYN queue");
    assertThat(simulated(summary, "SYN queue at its fullest")).isEqualTo(512);
    assertThat(simulated(summary, "half-open 10 s after the flood")).isBetween(220.0, 290.0);
    assertThat(simulated(summary, "half-open 67 s after the flood")).isZero();
  }

  @ParameterizedTest(name = "tcp_syncookies={0}")
  @ValueSource(ints = {1, 2})
  void withCookiesEverybodyComesIn(int cookies) throws IOException {
    JsonNode summary = run("syn-flood", "--set", "syncookies=" + cookies);
    assertThat(summary.get("requests").get("failed").asLong()).isZero();
    assertThat(simulated(summary, "SYNs answered with a cookie")).isGreaterThan(90_000);
    assertThat(simulated(summary, "SYN queue at its fullest")).isEqualTo(cookies == 1 ? 512 : 0);
  }

  /** Judged against the interval, over seeds. */
  @ParameterizedTest(name = "seed {0}, {1}, backlog {2}")
  @CsvSource({
    "2, 300/s, 511",
    "3, 1000/s, 511",
    "4, 1000/s, 128",
    "5, 3000/s, 511",
    "6, 100/s, 511",
    "7, 1000/s, 1024",
    "8, 2000/s, 4096"
  })
  void otherSeedsRatesAndBacklogsStayWithinTheInterval(int seed, String rate, int backlog)
      throws IOException {
    JsonNode summary =
        run(
            "syn-flood",
            "--seed",
            "" + seed,
            "--set",
            "rate=" + rate,
            "--set",
            "backlog=" + backlog);
    assertThat(simulated(summary, "customers connected at all")).isBetween(0.0, 1.0);
  }

  @Test
  void hostsThatAnswerFreeTheQueue() throws IOException {
    JsonNode summary = run("syn-flood", "--set", "answering=100%", "--set", "rate=1000/s");
    assertThat(summary.get("requests").get("failed").asLong()).isZero();
    assertThat(expectation(summary, "customers connected at all").get("notApplicable").asText())
        .isEqualTo("the flood is too thin to fill the queue");
  }

  // ---- accept-overflow

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"linux-6.18", "linux-3.10"})
  void clientsOfASlowProgramWaitForTheirKernelsRepeats(String kernel) throws IOException {
    JsonNode summary = run("accept-overflow", "--kernel", kernel);
    assertThat(exhausted(summary)).isEqualTo("accept queue");
    assertThat(simulated(summary, "accept queue at its fullest")).isEqualTo(129);
    assertThat(simulated(summary, "connects at other times than the kernel's SYN schedule"))
        .isZero();
    assertThat(expectation(summary, "share of SYNs that are dropped").get("holds").asBoolean())
        .isTrue();
  }

  @ParameterizedTest(name = "r = {0}/1000, seed {1}")
  @CsvSource({"1100, 1", "1100, 2", "1300, 3", "970, 4"})
  void oneSynEachMakesItAQueueOfTheTextbook(int rate, int seed) throws IOException {
    JsonNode summary =
        run(
            "accept-overflow",
            "--set",
            "patience=900ms",
            "--set",
            "acceptTime=1ms",
            "--set",
            "rate=" + rate + "/s",
            "--duration",
            "60s",
            "--seed",
            "" + seed);
    double r = rate / 1000.0;
    double lost = simulated(summary, "share of clients that fail");
    assertThat(lost).isBetween(Math.max(0, 1 - 1 / r) - 0.02, Math.max(0, 1 - 1 / r) + 0.02);
  }

  // ---- fan-out

  @ParameterizedTest(name = "{0}: {1} pages/s")
  @CsvSource({"linux-6.18, 45.95", "linux-3.10, 47.06"})
  void tenRequestsAPageMakeATenthOfThePages(String kernel, double pages) throws IOException {
    JsonNode summary = run("fan-out", "--kernel", kernel);
    assertThat(simulated(summary, "pages before the first failure")).isEqualTo(2823);
    assertThat(simulated(summary, "sustained pages")).isBetween(0.98 * pages, 1.01 * pages);
    assertThat(simulated(summary, "share of slow pages")).isBetween(0.08, 0.115);
    assertThat(simulated(summary, "local ports that web has used")).isZero();
    assertThat(simulated(summary, "share of slow pages of byBrowsers")).isBetween(0.08, 0.115);
    assertThat(count(summary, "byBrowsers", "offered")).isEqualTo(3600);
    assertThat(count(summary, "byBrowsers", "attempts")).isEqualTo(36_000);
    assertThat(count(summary, "byBrowsers", "failed")).isZero();
    assertThat(exhausted(summary)).isEqualTo("ephemeral ports");
  }

  @ParameterizedTest(name = "{0} parts, seed {1}")
  @CsvSource({"2, 1, 0.0199", "25, 2, 0.2222", "100, 3, 0.6340"})
  void aPageIsSlowIfOneOfItsPartsIsWhoeverPutsItTogether(int parts, int seed, double expected)
      throws IOException {
    JsonNode summary =
        run(
            "fan-out",
            "--set=perPage=" + parts,
            "--set=pages=20/s",
            "--set=browserPages=100/s",
            "--seed=" + seed,
            "--duration=60s");
    double noise = 0.15 * expected + 0.01;
    assertThat(simulated(summary, "share of slow pages"))
        .isBetween(expected - 2 * noise, expected + 2 * noise);
    assertThat(simulated(summary, "share of slow pages of byBrowsers"))
        .isBetween(expected - noise, expected + noise);
  }

  // ---- reuse-matrix

  @ParameterizedTest(name = "{0}: client {1}, upstream {2}")
  @CsvSource({
    "linux-6.18, unlimited, 64",
    "linux-6.18, unlimited, 0",
    "linux-6.18, 1, 64",
    "linux-3.10, 1, 0"
  })
  void concurrencyIsRateTimesServiceTimeWhateverIsReused(String kernel, String client, int pool)
      throws IOException {
    JsonNode summary =
        run(
            "reuse-matrix",
            "--kernel",
            kernel,
            "--set",
            "clientReuse=" + client,
            "--set",
            "idlePool=" + pool);
    assertThat(simulated(summary, "requests in service")).isBetween(9.6, 10.4);
    assertThat(summary.get("requests").get("failed").asLong()).isZero();
    long opened = summary.get("proxies").get("proxy").get("upstreamConnections").asLong();
    assertThat(opened).isBetween(pool == 0 ? 35_000L : 10L, pool == 0 ? 37_000L : 100L);
  }

  @Test
  void aSmallPoolChurns() throws IOException {
    JsonNode summary = run("reuse-matrix", "--set", "idlePool=4");
    assertThat(simulated(summary, "share of the time with more than 4 in service"))
        .isBetween(0.95, 0.99);
    assertThat(simulated(summary, "TIME_WAIT of the proxy from kept connections"))
        .isBetween(1700.0, 2500.0);
  }

  @Test
  void anUpstreamThatClosesFirstFailsPostsOnly() throws IOException {
    String[] race = {
      "--set", "upstreamIdle=1s",
      "--set", "rate=60/min",
      "--set", "serviceTime=1ms",
      "--set", "rtt=20ms",
      "--duration", "1h"
    };
    JsonNode summary = run("reuse-matrix", race);
    assertThat(summary.get("requests").get("failed").asLong()).isBetween(3L, 40L);
    assertThat(exhausted(summary)).isEqualTo("kept upstream connections");
    List<String> gets = new ArrayList<>(Arrays.asList(race));
    gets.addAll(List.of("--set", "posts=0%"));
    JsonNode repeated = run("reuse-matrix", gets.toArray(String[]::new));
    assertThat(repeated.get("requests").get("failed").asLong()).isZero();
    assertThat(repeated.get("proxies").get("proxy").get("retries").asLong()).isPositive();
  }

  @ParameterizedTest(name = "{0}/s")
  @ValueSource(ints = {50, 5})
  void requestsMeetClosingConnectionsAsOftenAsIdleGapsSay(int rate) throws IOException {
    JsonNode summary =
        run(
            "reuse-matrix",
            "--set=proxyIdle=60s",
            "--set=upstreamIdle=20ms",
            "--set=serviceTime=5ms",
            "--set=rate=" + rate + "/s",
            "--set=rtt=10ms");
    assertThat(simulated(summary, "requests that met a closing connection")).isPositive();
    assertThat(simulated(summary, "of those, answered with 502"))
        .isEqualTo(summary.get("requests").get("failed").asDouble());
    assertThat(simulated(summary, "requests in service")).isPositive();
  }

  @Test
  void pagesOfOnePartAreJudged() throws IOException {
    JsonNode summary = run("fan-out", "--set=perPage=1", "--set=ephemeralPorts=1000");
    assertThat(simulated(summary, "share of slow pages")).isBetween(0.0, 0.03);
    assertThat(simulated(summary, "share of slow pages of byBrowsers")).isBetween(0.0, 0.03);
    assertThat(simulated(summary, "byBrowsers that failed")).isZero();
    assertThat(simulated(summary, "sustained pages")).isBetween(16.0, 16.5);
  }
}
