package dev.halfopen.scenario;

import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Sysctl;
import dev.halfopen.tcp.SysctlProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Collects the sysctls of one host from the places that may set them; later wins: kernel default,
 * sysctlFile, scenario sysctl, --sysctl-file, --set, --sysctl.
 */
final class SysctlReader {
  private static final String MEMORY_UNMODELLED = "memory, not modelled";

  private final KernelProfile kernel;
  private final Problems problems;
  private final List<String> warnings;
  private final Map<String, HostSysctls.Value> values = new LinkedHashMap<>();
  private final Map<String, HostSysctls.Value> unmodelled = new LinkedHashMap<>();

  SysctlReader(KernelProfile kernel, Problems problems, List<String> warnings) {
    this.kernel = kernel;
    this.problems = problems;
    this.warnings = warnings;
  }

  Map<String, HostSysctls.Value> values() {
    return values;
  }

  /** What the kernel derives and no model looks at. */
  Map<String, HostSysctls.Value> unmodelled() {
    return unmodelled;
  }

  static boolean isModelled(String key) {
    return key.equals(HostSysctls.PORT_RANGE)
        || key.equals(HostSysctls.RECEIVE_BUFFER)
        || (Sysctl.byKey(key) != null && !key.contains("["));
  }

  /** The sysctls that a scenario or an option can set. */
  static Set<String> modelledKeys() {
    Set<String> keys = new TreeSet<>();
    for (Sysctl sysctl : Sysctl.values()) {
      if (isModelled(sysctl.key())) {
        keys.add(sysctl.key());
      }
    }
    keys.add(HostSysctls.PORT_RANGE);
    keys.add(HostSysctls.RECEIVE_BUFFER);
    return keys;
  }

  /** Takes the keys of a file; {@code mark} and {@code path} are where it was named. */
  void file(Path file, String origin, Mark mark, String path) {
    try {
      SysctlFile read = SysctlFile.read(file, origin, problems);
      read.warn(file, warnings);
      read.values().forEach((key, value) -> put(key, value, key));
    } catch (IOException e) {
      problems.add(mark, path, FileProblem.unreadable(file, e));
    }
  }

  /** What the kernel makes of the memory that it finds; whatever else is said wins. */
  void memory(MemorySpec memory, Mark mark) {
    memory
        .sysctls(kernel)
        .forEach((key, value) -> put(key, new HostSysctls.Value(value, "memory", mark), key));
    memory
        .unmodelled(kernel)
        .forEach(
            (key, value) ->
                unmodelled.put(key, new HostSysctls.Value(value, MEMORY_UNMODELLED, mark)));
  }

  /** Takes the {@code sysctl:} mapping of a host. */
  void mapping(MapReader host) {
    Optional<MapReader> sysctl = host.map("sysctl");
    if (sysctl.isEmpty()) {
      return;
    }
    MapReader map = sysctl.get();
    for (Map.Entry<String, YamlNode.Entry> e : map.node().entries().entrySet()) {
      String key = e.getKey();
      Optional<String> complaint = keyComplaint(key);
      if (complaint.isPresent()) {
        problems.add(e.getValue().keyMark(), map.path(), complaint.get());
        continue;
      }
      map.context()
          .resolve(map.path(key), e.getValue().value())
          .ifPresent(
              v -> put(key, new HostSysctls.Value(text(v.node()), origin(v), v.mark()), key));
    }
  }

  private static String origin(ReadContext.Resolved value) {
    return value.mark().isInFile() ? "scenario" : "--set";
  }

  private static String text(YamlNode node) {
    if (node instanceof YamlNode.Sequence list) {
      StringBuilder text = new StringBuilder();
      list.items()
          .forEach(i -> text.append(text.length() == 0 ? "" : " ").append(ParameterType.text(i)));
      return text.toString();
    }
    return ParameterType.text(node).trim().replaceAll("\\s+", " ");
  }

  /** Takes one {@code --sysctl} or {@code --set HOST:KEY=VALUE}. */
  void option(Overrides.SysctlSetting setting) {
    Optional<String> complaint = keyComplaint(setting.key());
    if (complaint.isPresent()) {
      problems.add(setting.mark(), "", complaint.get());
      return;
    }
    String text = setting.value().trim().replaceAll("\\s+", " ");
    put(setting.key(), new HostSysctls.Value(text, setting.origin(), setting.mark()), "");
  }

  /** Sets the size of the range of local ports, from the kernel's first port on. */
  void ephemeralPorts(int ports, String origin, Mark mark, String path, String host) {
    HostSysctls.Value explicit = values.get(HostSysctls.PORT_RANGE);
    if (explicit != null) {
      String other =
          explicit.mark().isInFile()
              ? host + ":" + HostSysctls.PORT_RANGE + " in " + explicit.mark().shortForm()
              : explicit.mark().source();
      problems.add(mark, path, "conflicts with " + other + "; give one");
      return;
    }
    long first = kernel.defaultOf(Sysctl.PORT_RANGE_FIRST);
    String text = first + " " + (first + ports - 1);
    put(HostSysctls.PORT_RANGE, new HostSysctls.Value(text, origin, mark, true), path);
  }

  static Optional<String> keyComplaint(String key) {
    if (isModelled(key)) {
      return Optional.empty();
    }
    if (KnownSysctls.keys().contains(key)) {
      return Optional.of(key + " is not modelled yet");
    }
    Set<String> known = new TreeSet<>(KnownSysctls.keys());
    known.addAll(modelledKeys());
    return Optional.of("unknown key " + key + Suggest.hint(key, known));
  }

  private void put(String key, HostSysctls.Value value, String path) {
    try {
      HostSysctls.apply(new SysctlProfile(kernel), key, value.text());
      values.put(key, value);
    } catch (IllegalArgumentException e) {
      String message = Problems.text(e);
      boolean repeated =
          !path.isEmpty() && value.mark().isInFile() && message.startsWith(path + ": ");
      problems.add(value.mark(), path, repeated ? message.substring(path.length() + 2) : message);
    }
  }
}
