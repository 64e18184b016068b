package dev.halfopen.cli;

import dev.halfopen.engine.MemoryRefused;
import dev.halfopen.net.capture.Capture;
import dev.halfopen.report.Ending;
import dev.halfopen.report.Figures;
import dev.halfopen.report.MemoryText;
import dev.halfopen.report.Report;
import dev.halfopen.report.RunDirectory;
import dev.halfopen.report.RunFiles;
import dev.halfopen.report.RunResult;
import dev.halfopen.report.SummaryJson;
import dev.halfopen.report.SummaryText;
import dev.halfopen.report.ThreadUse;
import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.FloodSpec;
import dev.halfopen.scenario.RunEstimate;
import dev.halfopen.scenario.Scenario;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a scenario and writes what came out. */
@Command(name = "run", description = "Runs a workload or a scenario file.")
final class RunCommand extends HelpfulCommand {
  private static final int HASH_LENGTH = 6;

  private final Streams streams;

  @Mixin private ScenarioOptions options = new ScenarioOptions();

  @Mixin private PcapOptions pcap = new PcapOptions();

  @Option(
      names = "--ss-at",
      paramLabel = "TIME",
      split = ",",
      description = "Lists all sockets then, as `ss -tan` does, in ss-TIME.txt: 30s,90s.")
  private List<String> listedAt = new ArrayList<>();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the simulation, at most; they change no result. Default: 1.")
  private int threads = 1;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the files go. Default: halfopen-out/NAME-HASH/.")
  private @Nullable String out;

  @Option(names = "--json", description = "Prints summary.json and nothing else.")
  private boolean json;

  @Option(names = "--quiet", description = "Prints the verdict only, and no progress.")
  private boolean quiet;

  @Option(
      names = "--remedies",
      description = "Runs again with each remedy for what ran out, and shows what it changes.")
  private boolean remedies;

  /** What was asked for and could not be written, a line each; all else is. */
  private final List<String> unwritten = new ArrayList<>();

  RunCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws Exception {
    if (threads < 1) {
      throw new BadInputException("--threads " + threads + ": at least 1");
    }
    Scenario scenario = options.read();
    long memoryBytes = options.memoryBytes();
    pcap.check(scenario.world());
    Listings listings = Listings.at(listedAt, scenario.world());
    RunEstimate.of(scenario.world()).check(options.nameOrFile(), memoryBytes);
    Optional<Scenario> variants = VariantRun.scenario(scenario, options.overrides());
    RunDirectory directory = RunDirectory.prepare(path(scenario), optionText(scenario));
    String leftOut = SummaryText.leftOut(scenario.world());
    if (!json && !quiet && !leftOut.isEmpty()) {
      streams.err().println(leftOut);
    }
    try (Interruption interruption = new Interruption()) {
      Report report =
          withVariants(scenario, variants, memoryBytes, directory, listings, interruption);
      if (remedies) {
        report = withRemedies(report, memoryBytes, interruption);
      }
      write(directory, report);
      warnOfThreads(report.result().machine().threads());
      print(directory, report);
      if (!unwritten.isEmpty()) {
        throw new BadInputException(unwritten);
      }
      return exitCode(report);
    }
  }

  /** The scenario's run, and beside it that of the variants that it wants to be shown. */
  private Report withVariants(
      Scenario scenario,
      Optional<Scenario> variants,
      long memoryBytes,
      RunDirectory directory,
      Listings listings,
      Interruption interruption)
      throws BadInputException, InterruptedException {
    if (quiet || variants.isEmpty()) {
      return simulate(scenario, memoryBytes, directory, listings, interruption);
    }
    long each = memoryBytes / 2;
    try (VariantRun run = new VariantRun(variants.get(), each, interruption)) {
      Report report = simulate(scenario, each, directory, listings, interruption);
      return report.result().isPartial() ? report : report.withVariants(run.await());
    }
  }

  private Report simulate(
      Scenario scenario,
      long memoryBytes,
      RunDirectory directory,
      Listings listings,
      Interruption interruption)
      throws BadInputException {
    boolean isDone = false;
    Capture capture = null;
    try (Progress progress = Progress.of(streams.err(), quiet || json, scenario.world())) {
      capture = pcap.begin(directory).orElse(null);
      listings.to(directory);
      Simulation simulation = new Simulation(scenario, memoryBytes, threads, capture, listings);
      Report report = Report.of(simulation.run(interruption, progress));
      close(capture, directory);
      unwritten.addAll(listings.problems());
      isDone = true;
      return report;
    } catch (MemoryRefused e) {
      throw new BadInputException(
          options.nameOrFile() + ": " + e.getMessage() + "; raise --max-memory");
    } finally {
      if (!isDone) {
        abandon(capture);
        directory.undo();
      }
    }
  }

  private void close(@Nullable Capture capture, RunDirectory directory) {
    if (capture == null) {
      return;
    }
    try {
      capture.close();
    } catch (IOException e) {
      unwritten.add(directory.giveUp(PcapOptions.FILE, e));
      return;
    }
    String note = PcapOptions.note(capture);
    if (!note.isEmpty() && !json && !quiet) {
      streams.err().println(note);
    }
  }

  private static void abandon(@Nullable Capture capture) {
    if (capture != null) {
      try {
        capture.close();
      } catch (IOException e) {
        return; // the run has failed already, and says why
      }
    }
  }

  private Report withRemedies(Report report, long memoryBytes, Interruption interruption)
      throws BadInputException, InterruptedException {
    if (report.result().isPartial() || report.diagnoses().isEmpty()) {
      String why = report.result().isPartial() ? "the run is partial" : "nothing ran out";
      streams.err().println("note: --remedies: " + why);
      return report;
    }
    if (!json && !quiet) {
      streams.err().println("trying what helps ...");
    }
    return new RemedyRuns(options.source(), options.overrides(), report, memoryBytes, interruption)
        .run();
  }

  private Path path(Scenario scenario) throws BadInputException {
    try {
      return Path.of(outText(scenario));
    } catch (InvalidPathException e) {
      throw new BadInputException(optionText(scenario) + ": is not a file name");
    }
  }

  private String outText(Scenario scenario) {
    return out != null ? out : "halfopen-out/" + scenario.world().name() + "-" + hash(scenario);
  }

  private String optionText(Scenario scenario) {
    return "--out " + outText(scenario);
  }

  /** Short name of the effective scenario, its seed and duration included. */
  static String hash(Scenario scenario) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(scenario.effectiveYaml().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private void write(RunDirectory directory, Report report) throws BadInputException {
    try {
      Map<String, byte[]> files = RunFiles.of(report);
      directory.write(files);
    } catch (IOException e) {
      throw new BadInputException(
          "--out " + directory.path() + ": cannot be written: " + RunDirectory.reason(e));
    }
  }

  /** Not among the report's warnings: its files depend on scenario and seed alone. */
  private void warnOfThreads(ThreadUse use) {
    if (!use.why().isEmpty()) {
      streams.err().println("warning: --threads " + threads + ": " + use.why());
    }
  }

  private void print(RunDirectory directory, Report report) {
    if (json) {
      streams.out().print(SummaryJson.of(report));
    } else if (quiet) {
      streams.out().println(report.verdict());
    } else {
      streams.out().print(SummaryText.of(report, directory.path() + "/report.html ..."));
      streams.out().print(MemoryText.of(report.result().machine().memory()));
      streams.out().println(speed(report));
      if (threads > 1) {
        streams.out().println("threads          " + report.result().machine().threads().line());
      }
    }
    streams.out().flush();
  }

  private static String speed(Report report) {
    double wall = Figures.seconds(report.result().machine().wallNs());
    return "simulated        "
        + Figures.rate(Figures.seconds(report.result().endNs()))
        + " s in "
        + Figures.fixed(wall, 1)
        + " s: "
        + Figures.grouped(report.result().work().events())
        + " events, "
        + Figures.grouped(report.result().work().packets())
        + " packets; digest "
        + SummaryJson.hex(report.result().digest())
        + perSyn(report.result());
  }

  /** The CPU time of a flood's SYN, with all that else was simulated; "" without a flood. */
  private static String perSyn(RunResult result) {
    boolean isFlooded = !result.scenario().world().loads(FloodSpec.class).isEmpty();
    long syns = result.work().syns();
    return isFlooded && syns > 0
        ? "; " + Figures.fixed((double) result.machine().cpuNs() / syns, 1) + " ns CPU a SYN"
        : "";
  }

  private static int exitCode(Report report) {
    Ending ending = report.result().ending();
    if (ending == Ending.INTERRUPTED) {
      return ExitCode.INTERRUPTED;
    }
    if (ending == Ending.LIMIT) {
      return ExitCode.LIMIT;
    }
    if (!report.selfCheckHolds()) {
      return ExitCode.INTERNAL_OR_SELF_CHECK;
    }
    if (report.missesThreshold()) {
      return ExitCode.THRESHOLD_MISSED;
    }
    return report.reachesThresholds() ? ExitCode.FINE : ExitCode.LIMIT;
  }
}
