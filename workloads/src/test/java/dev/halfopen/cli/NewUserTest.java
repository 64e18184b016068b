package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What somebody types who has never read more than --help. */
class NewUserTest {
  private static String firstFound(String question) {
    String[] words = ("list " + question).split(" ", -1);
    CliRun run = CliRun.of(words);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out().lines().skip(1).findFirst().orElse("").strip().split(" ", 2)[0];
  }

  @Test
  void aQuestionInTheirWordsFindsTheWorkload() {
    assertThat(firstFound("my DB died and my app hung for 15 minutes: why?"))
        .isEqualTo("db-failover");
    assertThat(firstFound("my reverse proxy gives 502s at peak, EADDRNOTAVAIL"))
        .isEqualTo("port-exhaustion");
    assertThat(firstFound("sporadic 502 with keepalive, connection reset by peer"))
        .isEqualTo("reuse-matrix");
    assertThat(firstFound("possible SYN flooding")).isEqualTo("syn-flood");
    assertThat(firstFound("ListenOverflows")).isEqualTo("accept-overflow");
    assertThat(firstFound("too many clients already")).isEqualTo("half-open-db");
    assertThat(firstFound("tail latency of microservices")).isEqualTo("fan-out");
    assertThat(firstFound("switch outage, slow to recover")).isEqualTo("rto-ladder");
  }

  @Test
  void wordsThatNoWorkloadKnowsAreRefusedWithTheWayOn() {
    CliRun run = CliRun.of("list", "zebra");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("no workload is about zebra; `halfopen list` shows all");
  }

  @Test
  void theListTellsQuestionsFromMeasurementsOfTheSimulator() {
    assertThat(CliRun.of("list").out())
        .containsSubsequence(
            "questions from outages", "  db-failover  ", "how much the simulator", "  churn-1m");
  }

  @Test
  void helpAndVersionAreUnderstoodAsWordAndAsOption() {
    assertThat(CliRun.of("help").out()).isEqualTo(CliRun.of("--help").out());
    assertThat(CliRun.of("help", "run").out()).isEqualTo(CliRun.of("run", "--help").out());
    assertThat(CliRun.of("--version").out()).isEqualTo(CliRun.of("version").out());
  }

  @Test
  void aPartOfANameSuggestsTheNames() {
    assertThat(CliRun.of("run", "db").err()).contains("did you mean half-open-db or db-failover");
  }

  @Test
  void withoutACommandTheFirstStepIsSaid() {
    assertThat(CliRun.of().err()).contains("`halfopen list` shows what it can answer");
  }

  @Test
  void aSweepWithoutAGridSaysHowToMakeOne() {
    assertThat(CliRun.of("sweep", "rto-ladder", "--dry-run").err())
        .contains("nothing varies; --vary KEY=A,B,C makes a grid");
  }

  @Test
  void theWorkloadsBringTheirOwnSweepAndCapacity() {
    assertThat(CliRun.of("sweep", "db-failover", "--dry-run").out())
        .contains("4 points, 5 seeds, 20 runs");
  }
}
