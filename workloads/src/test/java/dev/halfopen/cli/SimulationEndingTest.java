package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.catalog.Catalog;
import dev.halfopen.report.Ending;
import dev.halfopen.report.MemoryBill;
import dev.halfopen.report.Report;
import dev.halfopen.report.RunResult;
import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.Overrides;
import dev.halfopen.scenario.Scenario;
import dev.halfopen.scenario.ScenarioReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Runs that do not reach their end still say what they have seen. */
class SimulationEndingTest {
  private static final long PLENTY = 1L << 30;

  private static RunResult run(long memoryBytes, boolean interrupted) throws BadInputException {
    Scenario scenario = ScenarioReader.read(Catalog.open("port-exhaustion"), Overrides.NONE);
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
    try (Interruption interruption = new Interruption();
        Progress progress = Progress.of(nowhere, true, scenario.world())) {
      if (interrupted) {
        interruption.request();
      }
      return new Simulation(scenario, memoryBytes).run(interruption, progress);
    }
  }

  @Test
  void interruptedRunIsPartialAndItsBooksAreClosed() throws BadInputException {
    RunResult result = run(PLENTY, true);
    assertThat(result.ending()).isEqualTo(Ending.INTERRUPTED);
    assertThat(result.endNs()).isPositive().isLessThan(180_000_000_000L);
    Report report = Report.of(result);
    assertThat(report.verdict()).startsWith("Interrupted at 0.2 s, until then: ");
    assertThat(report.applicable()).isEmpty();
    assertThat(result.total().offered())
        .isEqualTo(
            result.total().succeeded() + result.total().failed() + result.total().unfinished());
  }

  @Test
  void runThatMeetsItsMemoryLimitIsPartial() throws BadInputException {
    RunResult result = run(3L << 20, false);
    assertThat(result.ending()).isEqualTo(Ending.LIMIT);
    assertThat(result.endReason()).startsWith("memory: ").endsWith("raise --max-memory");
    assertThat(Report.of(result).verdict()).startsWith("Ended at ").contains(" by a limit (memory");
  }

  @Test
  void runThatMeetsItsMemoryLimitSendsItsBillAndTheRequestsItHasSeen() throws BadInputException {
    RunResult result = run(3L << 20, false);
    MemoryBill bill = result.machine().memory();
    assertThat(bill.peakBytes()).isLessThanOrEqualTo(3L << 20);
    assertThat(bill.item("timeWaits").orElseThrow().peakRows()).isPositive();
    assertThat(result.total().offered()).isPositive();
  }

  @Test
  void tablesLeaveTheHeapWhatElseLiesThere() {
    assertThat(ScenarioOptions.forTables(64L << 20)).isEqualTo(32L << 20);
    assertThat(ScenarioOptions.forTables(1L << 30)).isBetween(900L << 20, 976L << 20);
    assertThat(ScenarioOptions.forTables(20L << 30)).isEqualTo((20L << 30) - (512L << 20));
  }
}
