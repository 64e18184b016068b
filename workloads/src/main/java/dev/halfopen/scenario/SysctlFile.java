package dev.halfopen.scenario;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The output of {@code sysctl -a} of a real host. */
final class SysctlFile {
  private final Map<String, HostSysctls.Value> values = new LinkedHashMap<>();
  private final List<String> unknown = new ArrayList<>();
  private final List<String> notModelled = new ArrayList<>();
  private int foreign;

  private SysctlFile() {}

  /** Keys that the simulator models, with their values. */
  Map<String, HostSysctls.Value> values() {
    return values;
  }

  /**
   * Reads {@code key = value} lines; blank lines, comments and messages of sysctl itself are
   * skipped.
   *
   * @param origin "sysctlFile" or "--sysctl-file"
   */
  static SysctlFile read(Path file, String origin, Problems problems) throws IOException {
    SysctlFile result = new SysctlFile();
    int number = 0;
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      number++;
      String trimmed = line.trim();
      if (isNoSetting(trimmed)) {
        continue;
      }
      int equals = trimmed.indexOf('=');
      Mark mark = new Mark(file.toString(), number, 1);
      if (equals < 0) {
        problems.add(mark, "", "\"" + trimmed + "\" is not KEY = VALUE, as sysctl -a prints it");
        return result;
      }
      String key = trimmed.substring(0, equals).trim();
      String value = trimmed.substring(equals + 1).trim().replaceAll("\\s+", " ");
      result.sort(key, new HostSysctls.Value(value, origin, mark));
    }
    return result;
  }

  /** Blank lines, comments, and what sysctl -a says of keys that it may not read (2>&1). */
  private static boolean isNoSetting(String line) {
    return line.isEmpty()
        || line.startsWith("#")
        || line.startsWith(";")
        || line.startsWith("sysctl: ");
  }

  private void sort(String key, HostSysctls.Value value) {
    if (!key.startsWith("net.")) {
      foreign++;
    } else if (SysctlReader.isModelled(key)) {
      values.put(key, value);
    } else if (KnownSysctls.keys().contains(key) || !key.startsWith("net.ipv4.tcp_")) {
      notModelled.add(key);
    } else {
      unknown.add(key);
    }
  }

  /** What the user should know about the keys that were left out. */
  void warn(Path file, List<String> warnings) {
    if (!unknown.isEmpty()) {
      warnings.add(file + ": unknown keys ignored: " + String.join(", ", unknown));
    }
    if (!notModelled.isEmpty() || foreign > 0) {
      warnings.add(
          file
              + ": "
              + values.size()
              + " keys used; ignored: "
              + notModelled.size()
              + " net.* keys that are not modelled yet, "
              + foreign
              + " outside net.*");
    }
  }
}
