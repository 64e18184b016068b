package dev.halfopen.cli;

import dev.halfopen.engine.MemoryRefused;
import dev.halfopen.report.Ending;
import dev.halfopen.report.Report;
import dev.halfopen.report.sweep.Capacity;
import dev.halfopen.report.sweep.Condition;
import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.CapacitySpec;
import dev.halfopen.scenario.RunEstimate;
import dev.halfopen.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Searches the last value of a parameter with which a condition holds. */
@Command(name = "capacity", description = "Finds up to which value of a parameter all is well.")
final class CapacityCommand extends HelpfulCommand {
  private final Streams streams;

  @Mixin private ScenarioOptions options = new ScenarioOptions();

  @Option(names = "--raise", paramLabel = "KEY", description = "The parameter.")
  private @Nullable String raise;

  @Option(names = "--within", paramLabel = "A..B", description = "Its range: 100/s..2000/s.")
  private @Nullable String within;

  @Option(
      names = "--while",
      paramLabel = "CONDITION",
      description = "What is to hold, with every seed. Default: 'failed == 0'.")
  private @Nullable String condition;

  @Option(
      names = "--resolution",
      paramLabel = "SHARE",
      description = "How near the two values that are printed shall be. Default: 1%%.")
  private @Nullable String resolution;

  @Option(names = "--seeds", paramLabel = "N", description = "Seeds of each value. Default: 1.")
  private @Nullable Integer seeds;

  CapacityCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws Exception {
    CapacitySpec spec = CapacitySpec.of(options.source());
    String key = or(raise, spec.raise(), "");
    String range = or(within, spec.within(), "");
    if (key.isEmpty() || range.isEmpty()) {
      throw new BadInputException(
          "halfopen capacity: give --raise KEY --within A..B; "
              + options.nameOrFile()
              + " has no capacity: that says them");
    }
    String raises = raise != null ? "--raise" : "capacity.raise";
    PointRunner.refuseFixed(options.overrides(), List.of(key), raises);
    String text = or(condition, spec.condition(), "failed == 0");
    Condition bound = Condition.parse(text, "--while '" + text + "'");
    Capacity search = Capacity.of(range, or(resolution, spec.resolution(), "1%"));
    Scenario baseline = options.read();
    bound.measure().check(baseline.world(), "--while '" + text + "'");
    int count = seeds != null ? seeds : Math.max(1, spec.seeds());
    List<Long> all = Seeds.of(baseline, count, baseline.world().isRandom(), streams);
    try (Interruption interruption = new Interruption()) {
      Capacity.Result result =
          search.search(values -> trial(key, values, bound, all, interruption));
      print(key, bound, result);
      return ExitCode.FINE;
    } catch (Interrupted e) {
      streams.err().println("interrupted");
      return ExitCode.INTERRUPTED;
    }
  }

  private static String or(@Nullable String option, String inFile, String otherwise) {
    if (option != null) {
      return option;
    }
    return inFile.isEmpty() ? otherwise : inFile;
  }

  /** A value holds if it does with every seed. */
  private List<Boolean> trial(
      String key, List<String> values, Condition bound, List<Long> all, Interruption interruption)
      throws BadInputException, InterruptedException {
    long largest = 1;
    for (String value : values) {
      Scenario scenario =
          PointRunner.scenario(
              options.source(),
              options.overrides(),
              "--raise",
              Map.of(key, value),
              Optional.empty());
      largest = Math.max(largest, RunEstimate.of(scenario.world()).bytes());
    }
    long memory = options.memoryBytes();
    int cores = Runtime.getRuntime().availableProcessors();
    int threads = (int) Math.max(1, Math.min(cores, memory / largest));
    PointRunner runner =
        new PointRunner(
            options.source(), options.overrides(), List.of(), memory / threads, interruption);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<List<Future<Boolean>>> runs = new ArrayList<>();
      for (String value : values) {
        List<Future<Boolean>> ofValue = new ArrayList<>();
        for (long seed : all) {
          ofValue.add(pool.submit(() -> holds(runner, Map.of(key, value), bound, seed)));
        }
        runs.add(ofValue);
      }
      List<Boolean> answers = new ArrayList<>();
      for (int i = 0; i < runs.size(); i++) {
        boolean holds = true;
        for (Future<Boolean> run : runs.get(i)) {
          holds &= get(run);
        }
        answers.add(holds);
        streams.err().println(values.get(i) + (holds ? " holds" : " does not hold"));
      }
      return answers;
    } finally {
      pool.shutdownNow();
    }
  }

  private static boolean holds(
      PointRunner runner, Map<String, String> settings, Condition bound, long seed)
      throws BadInputException {
    Report report = runner.report(settings, "--raise", seed).orElseThrow(Interrupted::new);
    if (report.result().ending() == Ending.LIMIT) {
      throw new BadInputException(settings + ": " + report.result().endReason());
    }
    return bound.holds(report.result());
  }

  private static boolean get(Future<Boolean> run) throws BadInputException, InterruptedException {
    try {
      return run.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof BadInputException bad) {
        throw bad;
      }
      if (cause instanceof MemoryRefused refused) {
        throw new BadInputException(refused.getMessage() + "; raise --max-memory");
      }
      if (cause instanceof RuntimeException r) {
        throw r;
      }
      throw new IllegalStateException(cause);
    }
  }

  private void print(String key, Condition bound, Capacity.Result result) {
    String what = " (" + bound.text() + ")";
    if (result.lastThatHolds().isEmpty()) {
      streams
          .out()
          .println("does not hold even at " + key + "=" + result.firstThatDoesNot() + what);
    } else if (result.firstThatDoesNot().isEmpty()) {
      streams.out().println("holds up to the end: " + key + "=" + result.lastThatHolds() + what);
    } else {
      streams.out().println("holds up to      " + key + "=" + result.lastThatHolds() + what);
      streams.out().println("does not hold    " + key + "=" + result.firstThatDoesNot());
    }
    streams
        .out()
        .println(
            "monotone         "
                + (result.isMonotone()
                    ? "yes: of " + result.tried().size() + " values tried none above holds"
                    : "no: a value above holds again: " + result.tried()));
    streams.out().flush();
  }

  /** The user has interrupted; there is no partial answer. */
  private static final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
