package dev.halfopen.cli;

import dev.halfopen.engine.MemoryRefused;
import dev.halfopen.report.Diagnosis;
import dev.halfopen.report.Ending;
import dev.halfopen.report.Remedy;
import dev.halfopen.report.RemedyOutcome;
import dev.halfopen.report.Report;
import dev.halfopen.report.sweep.Futures;
import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.EffectiveValue;
import dev.halfopen.scenario.Mark;
import dev.halfopen.scenario.Overrides;
import dev.halfopen.scenario.RunEstimate;
import dev.halfopen.scenario.Scenario;
import dev.halfopen.scenario.ScenarioReader;
import dev.halfopen.scenario.ScenarioSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs a scenario again with each remedy for what ran out, on all cores, as a sweep runs its
 * points: the same seed, one thread each.
 */
final class RemedyRuns {
  private static final String SYSCTL = ":net.";

  /** Origin of a value that a parameter gave. */
  private static final Pattern PARAMETER =
      Pattern.compile("(?:parameter |--set )([A-Za-z0-9]+)(?:=.*)?");

  private final ScenarioSource source;
  private final Overrides base;
  private final Report report;
  private final PointRunner runner;
  private final long memoryBytes;

  /**
   * For one report.
   *
   * @param memoryBytes that all runs may take together
   */
  RemedyRuns(
      ScenarioSource source,
      Overrides base,
      Report report,
      long memoryBytes,
      Interruption interruption) {
    this.source = source;
    this.base = base;
    this.report = report;
    this.memoryBytes = memoryBytes;
    long each = memoryBytes / jobs(memoryBytes, report.result().scenario());
    this.runner = new PointRunner(source, base, List.of(), each, interruption);
  }

  private static int jobs(long memoryBytes, Scenario scenario) {
    long needed = Math.max(1, RunEstimate.of(scenario.world()).bytes());
    long fit = Math.max(1, memoryBytes / needed);
    return (int) Math.min(fit, Runtime.getRuntime().availableProcessors());
  }

  /** The report with what each remedy came to. */
  Report run() throws InterruptedException {
    Map<Diagnosis, List<Remedy>> wanted = new LinkedHashMap<>();
    report.diagnoses().forEach(d -> wanted.put(d, report.remediesFor(d)));
    ExecutorService threads =
        Executors.newFixedThreadPool(jobs(memoryBytes, report.result().scenario()));
    try {
      Map<String, Future<Tried>> tried = new LinkedHashMap<>();
      for (List<Remedy> remedies : wanted.values()) {
        for (Remedy remedy : remedies) {
          tried.computeIfAbsent(change(remedy), c -> threads.submit(() -> attempt(remedy)));
        }
      }
      Map<Diagnosis, List<RemedyOutcome>> outcomes = new LinkedHashMap<>();
      for (Map.Entry<Diagnosis, List<Remedy>> e : wanted.entrySet()) {
        List<RemedyOutcome> list = new ArrayList<>();
        for (Remedy remedy : e.getValue()) {
          list.add(
              outcome(
                  remedy,
                  e.getKey(),
                  Futures.await(Objects.requireNonNull(tried.get(change(remedy))))));
        }
        list.sort(RemedyOutcome.BEST_FIRST);
        outcomes.put(e.getKey(), list);
      }
      return report.withRemedies(outcomes);
    } finally {
      threads.shutdownNow();
    }
  }

  /** A run, or why there is none. */
  private record Tried(Optional<Report> report, String why) {}

  private RemedyOutcome outcome(Remedy remedy, Diagnosis diagnosis, Tried tried) {
    return new RemedyOutcome(
        remedy,
        change(remedy),
        tried.report().map(r -> RemedyOutcome.Effect.of(r, report.group(diagnosis))),
        tried.why());
  }

  private Tried attempt(Remedy remedy) {
    try {
      Optional<Report> changed =
          isSoAlready(remedy) ? Optional.empty() : runner.report(scenario(remedy));
      if (changed.isEmpty()) {
        return new Tried(changed, isSoAlready(remedy) ? "it is so already" : "interrupted");
      }
      return changed.get().result().ending() == Ending.LIMIT
          ? new Tried(Optional.empty(), changed.get().result().endReason())
          : new Tried(changed, "");
    } catch (BadInputException e) {
      return new Tried(Optional.empty(), e.lines().get(0));
    } catch (MemoryRefused e) {
      return new Tried(Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  private Scenario scenario(Remedy remedy) throws BadInputException {
    List<Overrides.Setting> sets = new ArrayList<>(base.sets());
    List<Overrides.SysctlSetting> sysctls = new ArrayList<>(base.sysctls());
    remedy
        .changes()
        .forEach(
            (key, value) -> {
              Mark mark = Mark.option(key + "=" + value);
              if (key.contains(SYSCTL)) {
                String[] hostAndKey = key.split(":", 2);
                sysctls.add(
                    new Overrides.SysctlSetting(
                        Optional.of(hostAndKey[0]), hostAndKey[1], value, "--sysctl", mark));
              } else {
                sets.add(new Overrides.Setting(key, value, mark));
              }
            });
    return ScenarioReader.read(
        source,
        new Overrides(
            base.kernels(), base.seed(), base.duration(), sets, sysctls, base.sysctlFiles()));
  }

  // ---- what a remedy changes

  private boolean isSoAlready(Remedy remedy) {
    return remedy.changes().entrySet().stream()
        .allMatch(e -> e.getValue().equals(valueNow(e.getKey()).orElse(null)));
  }

  private Optional<String> valueNow(String key) {
    Scenario scenario = report.result().scenario();
    if (key.contains(SYSCTL)) {
      String[] hostAndKey = key.split(":", 2);
      return scenario.world().group(hostAndKey[0]).stream()
          .findFirst()
          .map(h -> h.sysctls().all().get(hostAndKey[1]))
          .map(v -> v.text());
    }
    return scenario.values().stream()
        .filter(v -> v.path().equals(key))
        .map(v -> v.value())
        .findFirst();
  }

  /** Keys and values; a key is the parameter that stands in its place, if one does. */
  private String change(Remedy remedy) {
    List<String> all = new ArrayList<>();
    remedy.changes().forEach((key, value) -> all.add(nameOf(key) + "=" + value));
    return String.join(", ", all);
  }

  private String nameOf(String key) {
    for (EffectiveValue value : report.result().scenario().values()) {
      Matcher parameter = PARAMETER.matcher(value.origin());
      if (value.path().equals(key) && parameter.matches()) {
        return parameter.group(1);
      }
    }
    return key;
  }
}
