package dev.halfopen.cli;

import dev.halfopen.report.Figures;
import dev.halfopen.report.RunDirectory;
import dev.halfopen.report.html.SweepPage;
import dev.halfopen.report.sweep.Grid;
import dev.halfopen.report.sweep.Measure;
import dev.halfopen.report.sweep.Point;
import dev.halfopen.report.sweep.Spread;
import dev.halfopen.report.sweep.SweepPlan;
import dev.halfopen.report.sweep.SweepRunner;
import dev.halfopen.report.sweep.SweepStore;
import dev.halfopen.report.sweep.SweepSummary;
import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.RunEstimate;
import dev.halfopen.scenario.Scenario;
import dev.halfopen.scenario.SweepSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a scenario at every point of a grid with several seeds. */
@Command(name = "sweep", description = "Runs a scenario over a grid of values and seeds.")
final class SweepCommand extends HelpfulCommand {
  private static final Pattern PART = Pattern.compile("(\\d{1,6})/(\\d{1,6})");
  private static final Pattern COMMAS = Pattern.compile(",(?![^\\[]*\\])");

  private final Streams streams;

  @Mixin private ScenarioOptions options = new ScenarioOptions();

  @Option(
      names = "--vary",
      paramLabel = "KEY=A,B,C",
      description = "Values of a parameter or HOST:sysctl; replaces the grid of the scenario.")
  private List<String> vary = new ArrayList<>();

  @Option(names = "--seeds", paramLabel = "N", description = "Seeds of each point. Default: 20.")
  private @Nullable Integer seeds;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Runs at the same time. Default: one a core, as far as memory reaches.")
  private @Nullable Integer jobs;

  @Option(names = "--resume", description = "Goes on with what --out DIR holds already.")
  private boolean resume;

  @Option(names = "--part", paramLabel = "I/N", description = "Only every Nth run, from the Ith.")
  private @Nullable String part;

  @Option(
      names = "--merge",
      paramLabel = "DIR",
      description = "Takes the runs of a part that was run elsewhere; runs what is missing.")
  private List<Path> merge = new ArrayList<>();

  @Option(names = "--dry-run", description = "Prints what would be run.")
  private boolean dryRun;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Default: halfopen-out/NAME-sweep-HASH/.")
  private @Nullable Path out;

  @Option(names = "--quiet", description = "Prints no table and no progress.")
  private boolean quiet;

  SweepCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws Exception {
    Scenario baseline = options.read();
    List<Scenario> scenarios = new ArrayList<>();
    SweepPlan plan = plan(baseline, scenarios);
    List<SweepPlan.Run> wanted = part(plan.runs());
    long largest =
        scenarios.stream().mapToLong(s -> RunEstimate.of(s.world()).bytes()).max().orElse(1);
    long memory = options.memoryBytes();
    int threads = threads(largest, memory);
    if (dryRun) {
      dry(plan, wanted.size(), scenarios, largest, threads);
      return ExitCode.FINE;
    }
    Path path = out != null ? out : Path.of(defaultOut(baseline, plan));
    RunDirectory directory = RunDirectory.prepare(path, "--out " + path);
    List<Path> earlier = new ArrayList<>(merge);
    if (resume && SweepStore.isThere(path)) {
      earlier.add(path);
    } else if (!merge.contains(path)) {
      directory.write(Map.of());
    }
    try (Interruption interruption = new Interruption();
        SweepStore store = SweepStore.open(plan, path, earlier)) {
      PointRunner runner =
          new PointRunner(
              options.source(),
              options.overrides(),
              plan.measures(),
              memory / threads,
              interruption);
      SweepRunner.run(
          wanted, store, threads, runner::run, interruption::isRequested, this::progress);
      write(directory, plan, store, baseline);
      if (!quiet) {
        print(new SweepSummary(plan, store), path);
      }
      if (interruption.isRequested()) {
        streams.err().println("interrupted: " + store.size() + " runs are kept; --resume goes on");
        return ExitCode.INTERRUPTED;
      }
    } catch (IOException e) {
      throw new BadInputException("--out " + path + ": " + RunDirectory.reason(e));
    }
    return ExitCode.FINE;
  }

  // ---- what to run

  private SweepPlan plan(Scenario baseline, List<Scenario> scenarios) throws BadInputException {
    SweepSpec spec = SweepSpec.of(options.source());
    Grid grid = new Grid(vary.isEmpty() ? spec.grid() : varied());
    String varies = vary.isEmpty() ? "sweep.grid" : "--vary";
    PointRunner.refuseFixed(options.overrides(), grid.keys().keySet(), varies);
    boolean random = readPoints(grid, scenarios);
    int count = seeds != null ? seeds : spec.seeds();
    List<Long> all = Seeds.of(baseline, count, random, streams);
    Map<String, Measure> measures = new LinkedHashMap<>();
    for (String name : Measure.ALWAYS) {
      measures.put(name, Measure.parse(name, ""));
    }
    List<Measure> shown = new ArrayList<>();
    List<String> report =
        spec.report().isEmpty() ? List.of("failedShare", "outage", "latency.p(99)") : spec.report();
    for (String name : report) {
      String where = options.nameOrFile() + ": sweep.report";
      Measure measure = Measure.parse(name, where);
      measure.check(baseline.world(), where);
      shown.add(measures.computeIfAbsent(name, n -> measure));
    }
    return new SweepPlan(
        baseline.world().name(),
        baseline.world().question(),
        grid,
        all,
        List.copyOf(measures.values()),
        shown,
        baseline.effectiveYaml());
  }

  private Map<String, List<String>> varied() throws BadInputException {
    Map<String, List<String>> keys = new LinkedHashMap<>();
    for (String text : vary) {
      int equals = text.indexOf('=');
      List<String> values =
          equals <= 0 ? List.of() : List.of(COMMAS.split(text.substring(equals + 1), -1));
      if (values.isEmpty() || values.stream().anyMatch(String::isBlank)) {
        throw new BadInputException("--vary " + text + ": is not KEY=A,B,C");
      }
      String key = text.substring(0, equals).trim();
      if (keys.put(key, values.stream().map(String::trim).toList()) != null) {
        throw new BadInputException("--vary " + text + ": " + key + " is given twice");
      }
    }
    return keys;
  }

  /** Reads every point once: a sweep of which no point can be run is refused before it starts. */
  private boolean readPoints(Grid grid, List<Scenario> scenarios) throws BadInputException {
    boolean random = false;
    Optional<BadInputException> first = Optional.empty();
    for (Point point : grid.points()) {
      try {
        Scenario scenario =
            PointRunner.scenario(
                options.source(),
                options.overrides(),
                vary.isEmpty() ? "sweep.grid" : "--vary",
                point.settings(),
                Optional.empty());
        scenarios.add(scenario);
        random |= scenario.world().isRandom();
      } catch (BadInputException e) {
        first = first.or(() -> Optional.of(e));
      }
    }
    if (scenarios.isEmpty() && first.isPresent()) {
      throw first.get();
    }
    return random;
  }

  private List<SweepPlan.Run> part(List<SweepPlan.Run> runs) throws BadInputException {
    if (part == null) {
      return runs;
    }
    Matcher m = PART.matcher(part);
    int i = m.matches() ? Integer.parseInt(m.group(1)) : 0;
    int n = m.matches() ? Integer.parseInt(m.group(2)) : 0;
    if (i < 1 || i > n) {
      throw new BadInputException("--part " + part + ": is not I/N with I from 1 to N");
    }
    List<SweepPlan.Run> mine = new ArrayList<>();
    for (int k = i - 1; k < runs.size(); k += n) {
      mine.add(runs.get(k));
    }
    return mine;
  }

  private int threads(long largest, long memory) throws BadInputException {
    if (jobs != null && jobs < 1) {
      throw new BadInputException("--jobs " + jobs + ": at least 1");
    }
    int asked = jobs != null ? jobs : Runtime.getRuntime().availableProcessors();
    int fit = (int) Math.max(1, Math.min(Integer.MAX_VALUE, memory / Math.max(1, largest)));
    if (jobs != null && fit < asked) {
      streams.err().println("note: memory reaches for " + fit + " runs at the same time");
    }
    return Math.min(asked, fit);
  }

  private void dry(SweepPlan plan, int runs, List<Scenario> scenarios, long largest, int threads) {
    double seconds =
        scenarios.stream().mapToDouble(s -> RunEstimate.of(s.world()).seconds()).average().orElse(0)
            * runs
            / threads;
    plan.grid()
        .points()
        .forEach(p -> streams.out().println("point " + p.index() + "  " + label(p)));
    if (plan.grid().keys().isEmpty()) {
      streams.err().println("note: nothing varies; --vary KEY=A,B,C makes a grid");
    }
    streams
        .out()
        .println(
            plan.grid().points().size()
                + " points, "
                + plan.seeds().size()
                + " seeds, "
                + runs
                + " runs, "
                + threads
                + " at a time; at the most "
                + Figures.bytes(largest)
                + " each; some "
                + Figures.rate(seconds)
                + " s");
  }

  // ---- what came out

  private String defaultOut(Scenario baseline, SweepPlan plan) {
    String suffix = part == null ? "" : "-part-" + part.replace('/', '-');
    return "halfopen-out/" + plan.name() + "-sweep-" + RunCommand.hash(baseline) + suffix;
  }

  private void progress(dev.halfopen.report.sweep.RunRow row, int finished, int all) {
    if (!quiet && Progress.isTerminal()) {
      streams.err().print("\r" + finished + " of " + all + " runs");
      if (finished == all) {
        streams.err().println();
      }
      streams.err().flush();
    }
  }

  private static void write(
      RunDirectory directory, SweepPlan plan, SweepStore store, Scenario baseline)
      throws IOException {
    SweepSummary summary = new SweepSummary(plan, store);
    directory.replace("scenario.yaml", baseline.effectiveYaml().getBytes(StandardCharsets.UTF_8));
    directory.replace("points.csv", summary.pointsCsv().getBytes(StandardCharsets.UTF_8));
    directory.replace("latency.hlog", summary.hlog());
    directory.replace("report.html", SweepPage.of(summary));
    for (Map.Entry<String, byte[]> file : store.sorted().entrySet()) {
      directory.replace(file.getKey(), file.getValue());
    }
  }

  private void print(SweepSummary summary, Path path) {
    for (Point point : summary.plan().grid().points()) {
      StringBuilder line = new StringBuilder(label(point));
      line.append("  n=").append(summary.runs(point));
      for (Measure m : summary.plan().shown()) {
        line.append("  ").append(m.name()).append(' ');
        line.append(text(summary.spread(point, m), m));
      }
      String error = summary.error(point);
      line.append(error.isEmpty() ? "" : "  error: " + error);
      streams.out().println(line);
    }
    streams.out().println("files            " + path + "/");
    streams.out().flush();
  }

  private static String label(Point point) {
    return point.label().isEmpty() ? "as it is" : point.label();
  }

  private static String text(Spread spread, Measure m) {
    if (spread.n() == 0) {
      return "none";
    }
    String unit = m.unit().isEmpty() ? "" : " " + m.unit();
    String range =
        Double.isNaN(spread.low()) || Double.isNaN(spread.high())
            ? ""
            : " ("
                + Figures.number(spread.low(), 3)
                + " to "
                + Figures.number(spread.high(), 3)
                + ")";
    return (spread.isLowerBound() ? ">=" : "") + Figures.number(spread.middle(), 3) + range + unit;
  }
}
