package dev.halfopen.cli;

import dev.halfopen.engine.MemoryRefused;
import dev.halfopen.report.Ending;
import dev.halfopen.report.Report;
import dev.halfopen.report.RunResult;
import dev.halfopen.report.sweep.Measure;
import dev.halfopen.report.sweep.Point;
import dev.halfopen.report.sweep.RunRow;
import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.Mark;
import dev.halfopen.scenario.Overrides;
import dev.halfopen.scenario.Scenario;
import dev.halfopen.scenario.ScenarioReader;
import dev.halfopen.scenario.ScenarioSource;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A run as a function of scenario, point and seed; it keeps nothing and may be shared. */
final class PointRunner {
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

  /**
   * Refuses {@code --set} of what changes from run to run: it would be ignored.
   *
   * @param varied what varies the keys: "--vary"
   */
  static void refuseFixed(Overrides base, Collection<String> keys, String varied)
      throws BadInputException {
    for (Overrides.Setting set : base.sets()) {
      if (keys.contains(set.key())) {
        String option = "--set " + set.key() + "=" + set.value();
        throw new BadInputException(
            varied + " " + set.key() + ": conflicts with " + option + "; give one");
      }
    }
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
