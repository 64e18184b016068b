package dev.halfopen.cli;

import dev.halfopen.catalog.Catalog;
import dev.halfopen.report.Report;
import dev.halfopen.report.sweep.Futures;
import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.Overrides;
import dev.halfopen.scenario.Scenario;
import dev.halfopen.scenario.ScenarioReader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The run of the workload that a scenario names under {@code variants}, on a thread beside it. */
final class VariantRun implements AutoCloseable {
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final Interruption interruption;
  private final Future<Optional<Report>> report;

  /**
   * Begins it.
   *
   * @param memoryBytes that its tables may take
   */
  VariantRun(Scenario scenario, long memoryBytes, Interruption interruption) {
    this.interruption = interruption;
    this.report = thread.submit(() -> PointRunner.report(scenario, memoryBytes, interruption));
  }

  /** What is to be simulated, if anything: with the kernel of all hosts and the seed asked for. */
  static Optional<Scenario> scenario(Scenario beside, Overrides overrides)
      throws BadInputException {
    if (beside.variants().isEmpty()) {
      return Optional.empty();
    }
    String name = beside.variants().get();
    if (Catalog.entries().stream().noneMatch(e -> e.name().equals(name))) {
      throw new BadInputException(
          beside.world().name()
              + ".yaml: variants: "
              + name
              + " is no workload of `halfopen list`");
    }
    Overrides common =
        new Overrides(
            overrides.kernels().stream().filter(k -> k.host().isEmpty()).toList(),
            overrides.seed(),
            Optional.empty(),
            List.of(),
            List.of(),
            List.of());
    return Optional.of(ScenarioReader.read(Catalog.open(name), common));
  }

  /** Waits for its end; empty if the user has interrupted. */
  Optional<Report> await() throws InterruptedException {
    return Futures.await(report);
  }

  /** Nothing of it is left: a run that fails beside it takes it along. */
  @Override
  public void close() {
    if (!report.isDone()) {
      interruption.request();
    }
    thread.shutdown();
  }
}
