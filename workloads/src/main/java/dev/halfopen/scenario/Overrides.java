package dev.halfopen.scenario;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the command line changes in a scenario. */
public record Overrides(
    List<KernelChoice> kernels,
    Optional<Setting> seed,
    Optional<Setting> duration,
    List<Setting> sets,
    List<SysctlSetting> sysctls,
    List<SysctlFileChoice> sysctlFiles) {
  /** How the marks of values begin that change from run to run. */
  private static final List<String> VARIES = List.of("--vary ", "--raise ", "sweep.grid ");

  public static final Overrides NONE =
      new Overrides(List.of(), Optional.empty(), Optional.empty(), List.of(), List.of(), List.of());

  /** {@code --kernel [HOST:]VERSION}; without a host, all hosts. */
  public record KernelChoice(Optional<String> host, String version, Mark mark) {}

  /** {@code --set KEY=VALUE}, and what has the same shape. */
  public record Setting(String key, String value, Mark mark) {}

  /** {@code --sysctl HOST:KEY=VALUE}; {@code origin} is the option's name. */
  public record SysctlSetting(
      Optional<String> host, String key, String value, String origin, Mark mark) {
    /** Whether it changes from run to run of a sweep or of a search for a capacity. */
    boolean isVaried() {
      return VARIES.stream().anyMatch(mark.source()::startsWith);
    }
  }

  /** {@code --sysctl-file HOST:FILE}. */
  public record SysctlFileChoice(Optional<String> host, Path file, Mark mark) {}
}
