package dev.halfopen.cli;

import dev.halfopen.engine.MemoryRefused;
import dev.halfopen.report.Ending;
import dev.halfopen.report.Report;
import dev.halfopen.report.RunResult;
import dev.halfopen.report.sweep.Measure;
import dev.halfopen.report.sweep.Point;
import dev.halfopen.report.sweep.RunRow;
import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.EffectiveValue;
import dev.halfopen.scenario.Mark;
import dev.halfopen.scenario.Overrides;
import dev.halfopen.scenario.Scenario;
import dev.halfopen.scenario.ScenarioReader;
import dev.halfopen.scenario.ScenarioSource;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A run as a function of scenario, point and seed; it keeps nothing and may be shared. */
final class PointRunner {
  private static final Set<String> RANDOM_KEYS =
      Set.of(
          "jitter",
          "loss",
          "reorder",
          "duplicate",
          "corrupt",
          "mean",
          "p50",
          "p99",
          "exponential",
          "median",
          "uniform");

  private final ScenarioSource source;
  private final Overrides base;
  private final List<Measure> measures;
  private final long memoryBytes;
  private final Interruption interruption;

  /**
   * Makes a runner.
   *
   * @param memoryBytes that one run may take
   */
  PointRunner(
      ScenarioSource source,
      Overrides base,
      List<Measure> measures,
      long memoryBytes,
      Interruption interruption) {
    this.source = source;
    this.base = base;
    this.measures = measures;
    this.memoryBytes = memoryBytes;
    this.interruption = interruption;
  }

  /** The scenario with a point's values, and with a seed if there is one. */
  static Scenario scenario(
      ScenarioSource source,
      Overrides base,
      String option,
      Map<String, String> settings,
      Optional<Long> seed)
      throws BadInputException {
    List<Overrides.Setting> sets = new ArrayList<>(base.sets());
    settings.forEach(
        (k, v) -> sets.add(new Overrides.Setting(k, v, Mark.option(option + " " + k + "=" + v))));
    Optional<Overrides.Setting> seedSetting =
        seed.map(s -> new Overrides.Setting("--seed", "" + s, Mark.option("--seed " + s)));
    return ScenarioReader.read(
        source,
        new Overrides(
            base.kernels(),
            seedSetting.or(base::seed),
            base.duration(),
            sets,
            base.sysctls(),
            base.sysctlFiles()));
  }

  /** Whether two seeds can give different runs; what is not known to be constant counts. */
  static boolean isRandom(Scenario scenario) {
    int constant = 0;
    for (EffectiveValue value : scenario.values()) {
      String key = value.path().substring(value.path().lastIndexOf('.') + 1);
      if (value.path().startsWith("load.") && key.equals("arrivals")) {
        constant += value.value().equals("constant") ? 1 : 0;
      }
      if (RANDOM_KEYS.contains(key) && !value.value().matches("0(\\.0+)?[A-Za-z%]*")) {
        return true;
      }
    }
    return constant < scenario.world().loads().size();
  }

  /** A row of the results; empty if the user has interrupted. */
  Optional<RunRow> run(Point point, long seed) {
    try {
      Optional<Report> report = report(point.settings(), "--vary", seed);
      return report.map(
          r ->
              r.result().ending() == Ending.LIMIT
                  ? RunRow.failed(point.index(), seed, r.result().endReason(), measures)
                  : RunRow.of(point.index(), seed, r, measures));
    } catch (BadInputException | MemoryRefused e) {
      return Optional.of(
          RunRow.failed(point.index(), seed, String.valueOf(e.getMessage()), measures));
    } catch (RuntimeException e) {
      return Optional.of(RunRow.failed(point.index(), seed, "internal error: " + e, measures));
    }
  }

  /** What a run came to; empty if the user has interrupted. */
  Optional<Report> report(Map<String, String> settings, String option, long seed)
      throws BadInputException {
    return report(scenario(source, base, option, settings, Optional.of(seed)));
  }

  /** What a run of this scenario came to; empty if the user has interrupted. */
  Optional<Report> report(Scenario scenario) {
    return report(scenario, memoryBytes, interruption);
  }

  /** What a run of a scenario came to; empty if the user has interrupted. */
  static Optional<Report> report(Scenario scenario, long memoryBytes, Interruption interruption) {
    Simulation simulation = new Simulation(scenario, memoryBytes);
    try (Progress none = Progress.of(silence(), true, scenario.world())) {
      RunResult result = simulation.run(interruption, none);
      return result.ending() == Ending.INTERRUPTED
          ? Optional.empty()
          : Optional.of(Report.of(result));
    }
  }

  private static PrintStream silence() {
    return new PrintStream(
        java.io.OutputStream.nullOutputStream(), false, java.nio.charset.StandardCharsets.UTF_8);
  }
}
