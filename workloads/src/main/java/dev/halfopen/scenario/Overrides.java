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
  public static final Overrides NONE =
      new Overrides(List.of(), Optional.empty(), Optional.empty(), List.of(), List.of(), List.of());

  /** {@code --kernel [HOST:]VERSION}; without a host, all hosts. */
  public record KernelChoice(Optional<String> host, String version, Mark mark) {}

  /** {@code --set KEY=VALUE}, and what has the same shape. */
  public record Setting(String key, String value, Mark mark) {}

  /** {@code --sysctl HOST:KEY=VALUE}; {@code origin} is the option's name. */
  public record SysctlSetting(
      Optional<String> host, String key, String value, String origin, Mark mark) {}

  /** {@code --sysctl-file HOST:FILE}. */
  public record SysctlFileChoice(Optional<String> host, Path file, Mark mark) {}
}
