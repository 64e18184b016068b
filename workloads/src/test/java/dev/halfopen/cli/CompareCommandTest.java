package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
  @TempDir private Path directory;

  @BeforeEach
  void twoRuns() {
    run("a", "0");
    run("b", "8");
  }

  private void run(String name, String idlePool) {
    CliRun.of(
        "run",
        "port-exhaustion",
        "--duration=3s",
        "--set=rate=200/s",
        "--set=ephemeralPorts=300",
        "--set=idlePool=" + idlePool,
        "--out=" + directory.resolve(name));
  }

  private String at(String name) {
    return directory.resolve(name).toString();
  }

  @Test
  void inputsThatDifferComeFirstThenTheResults() {
    CliRun run = CliRun.of("compare", at("a"), at("b"));
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines().findFirst().orElse("")).matches("idlePool +0 +8");
    assertThat(run.out()).doesNotContainPattern("(?m)^rate ");
    assertThat(run.out()).containsPattern("(?m)^failed +300 +0$");
    assertThat(run.out()).contains("A  STOPS").contains("B  HOLDS");
    assertThat(run.out()).containsPattern("(?m)^failures EADDRNOTAVAIL +300 +-$");
  }

  @Test
  void countersAreShownOnRequest() {
    assertThat(CliRun.of("compare", at("a"), at("b")).out())
        .doesNotContain("TcpActiveOpens")
        .contains("--all shows");
    assertThat(CliRun.of("compare", at("a"), at("b"), "--all").out())
        .containsPattern("(?m)^proxy TcpActiveOpens +[0-9]+ +[0-9]+$");
  }

  @Test
  void aRunDoesNotDifferFromItself() {
    CliRun run = CliRun.of("compare", at("a"), at("a"));
    assertThat(run.out()).startsWith("inputs: none differ");
  }

  @Test
  void thePageShowsBothRunsInOneChart() throws IOException {
    Path page = directory.resolve("both.html");
    assertThat(CliRun.of("compare", at("a"), at("b"), "--html=" + page).exitCode()).isZero();
    String html = Files.readString(page);
    assertThat(html.indexOf("What went in differently"))
        .isPositive()
        .isLessThan(html.indexOf("What came out"));
    assertThat(html).contains("\"label\":\"a\"", "\"label\":\"b\"");
    assertThat(html).contains("ephemeral ports, proxy", "Latency by percentile");
  }

  @Test
  void whatIsNoRunIsRefused() {
    CliRun run = CliRun.of("compare", at("a"), directory.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("was not written by halfopen");
  }
}
