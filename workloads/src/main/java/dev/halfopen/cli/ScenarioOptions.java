package dev.halfopen.cli;

import dev.halfopen.catalog.Catalog;
import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.Mark;
import dev.halfopen.scenario.Overrides;
import dev.halfopen.scenario.Quantity;
import dev.halfopen.scenario.Scenario;
import dev.halfopen.scenario.ScenarioReader;
import dev.halfopen.scenario.ScenarioSource;
import dev.halfopen.scenario.ValueKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which scenario, and what the command line changes in it. */
final class ScenarioOptions {
  /** What the heap holds beside tables, as a share and within limits: code's own data, samples. */
  private static final double HEAP_ELSE = 0.1;

  /** The launcher's young generation of 32 MiB, in which no table lies, and some. */
  private static final long HEAP_ELSE_LEAST = 48L << 20;

  private static final long HEAP_ELSE_MOST = 512L << 20;

  @Parameters(
      paramLabel = "NAME|FILE.yaml",
      completionCandidates = WorkloadNames.class,
      description = "A workload of `halfopen list`, or a file: a name with / or .yaml.")
  private String nameOrFile = "";

  @Option(
      names = "--kernel",
      paramLabel = "[HOST:]VERSION",
      description = "Kernel of a host, of all hosts without one: linux-6.18, linux-3.10.")
  private List<String> kernels = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of all random numbers. Default: the scenario's.")
  private @Nullable String seed;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description = "Virtual time to simulate: 150s, 30min. Default: the scenario's.")
  private @Nullable String duration;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Value of a parameter; `halfopen check NAME` lists them.")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--sysctl",
      paramLabel = "HOST:KEY=VALUE",
      description = "Kernel setting of a host, in the kernel's own words.")
  private List<String> sysctls = new ArrayList<>();

  @Option(
      names = "--sysctl-file",
      paramLabel = "HOST:FILE",
      description = "Output of `sysctl -a` of a real host.")
  private List<String> sysctlFiles = new ArrayList<>();

  @Option(
      names = "--max-memory",
      paramLabel = "SIZE",
      description = "Most memory a run may take: 8GiB or 8g. Default: the JVM's heap.")
  private @Nullable String maxMemory;

  /** Reads the scenario with all changes. */
  Scenario read() throws BadInputException {
    return ScenarioReader.read(source(), overrides());
  }

  ScenarioSource source() throws BadInputException {
    return Catalog.open(nameOrFile);
  }

  String nameOrFile() {
    return nameOrFile;
  }

  /** Bytes that the tables of a run may take. */
  long memoryBytes() throws BadInputException {
    long heap = forTables(Runtime.getRuntime().maxMemory());
    if (maxMemory == null) {
      return heap;
    }
    String option = "--max-memory " + maxMemory;
    try {
      Quantity size = Quantity.parse(ValueKind.SIZE, withUnit(maxMemory));
      if (size.asLong() < 1L << 20) {
        throw new BadInputException(option + ": less than 1MiB is too little for any run");
      }
      return Math.min(heap, size.asLong());
    } catch (IllegalArgumentException e) {
      throw new BadInputException(option + ": " + e.getMessage());
    }
  }

  /** What a heap of this size leaves for tables: asking for more must never end in an error. */
  static long forTables(long heapBytes) {
    long other = Math.min(HEAP_ELSE_MOST, (long) (heapBytes * HEAP_ELSE));
    return heapBytes - Math.min(heapBytes / 2, Math.max(HEAP_ELSE_LEAST, other));
  }

  /** 1g and 512m are what Java itself takes for a heap: read them as GiB and MiB. */
  private static String withUnit(String size) {
    return size.matches("\\d+[kKmMgG]")
        ? size.substring(0, size.length() - 1)
            + Character.toUpperCase(size.charAt(size.length() - 1))
            + "iB"
        : size;
  }

  /** What the options change. */
  Overrides overrides() throws BadInputException {
    List<String> errors = new ArrayList<>();
    List<Overrides.Setting> settings = new ArrayList<>();
    sets.forEach(s -> setting("--set", s, errors).ifPresent(settings::add));
    List<Overrides.SysctlSetting> kernelSettings = new ArrayList<>();
    sysctls.forEach(s -> sysctl(s, errors).ifPresent(kernelSettings::add));
    Overrides overrides =
        new Overrides(
            kernels.stream().map(ScenarioOptions::kernel).toList(),
            whole("--seed", seed),
            whole("--duration", duration),
            settings,
            kernelSettings,
            sysctlFiles.stream().map(ScenarioOptions::sysctlFile).toList());
    if (!errors.isEmpty()) {
      throw new BadInputException(errors);
    }
    return overrides;
  }

  private static Optional<Overrides.Setting> whole(String option, @Nullable String value) {
    if (value == null) {
      return Optional.empty();
    }
    return Optional.of(new Overrides.Setting(option, value, Mark.option(option + " " + value)));
  }

  private static Optional<Overrides.Setting> setting(
      String option, String text, List<String> errors) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      errors.add(option + " " + text + ": is not KEY=VALUE");
      return Optional.empty();
    }
    return Optional.of(
        new Overrides.Setting(
            text.substring(0, equals).trim(),
            text.substring(equals + 1).trim(),
            Mark.option(option + " " + text)));
  }

  private static Optional<Overrides.SysctlSetting> sysctl(String text, List<String> errors) {
    return setting("--sysctl", text, errors)
        .map(
            s -> {
              int colon = s.key().indexOf(':');
              Optional<String> host =
                  colon < 0 ? Optional.empty() : Optional.of(s.key().substring(0, colon));
              return new Overrides.SysctlSetting(
                  host, s.key().substring(colon + 1), s.value(), "--sysctl", s.mark());
            });
  }

  private static Overrides.KernelChoice kernel(String text) {
    int colon = text.indexOf(':');
    return new Overrides.KernelChoice(
        colon < 0 ? Optional.empty() : Optional.of(text.substring(0, colon)),
        text.substring(colon + 1),
        Mark.option("--kernel " + text));
  }

  private static Overrides.SysctlFileChoice sysctlFile(String text) {
    int colon = text.indexOf(':');
    return new Overrides.SysctlFileChoice(
        colon < 0 ? Optional.empty() : Optional.of(text.substring(0, colon)),
        Path.of(text.substring(colon + 1)),
        Mark.option("--sysctl-file " + text));
  }
}
