package dev.halfopen.gate;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What one JVM measured, as a line of text between the two processes.
 *
 * @param seconds virtual seconds measured, after the load's own warm-up
 * @param cpuNs thread CPU time
 * @param done units of work
 * @param allocatedBytes on the simulation thread, without what the tables grew by
 */
record Sample(
    String load,
    double seconds,
    long cpuNs,
    long done,
    long failed,
    long events,
    long packets,
    long allocatedBytes,
    String digest) {
  private static final String PREFIX = "GATE";

  String toLine() {
    return String.format(
        Locale.ROOT,
        "%s load=%s seconds=%s cpuNs=%d done=%d failed=%d events=%d packets=%d allocated=%d digest=%s",
        PREFIX,
        load,
        seconds,
        cpuNs,
        done,
        failed,
        events,
        packets,
        allocatedBytes,
        digest);
  }

  static boolean isSample(String line) {
    return line.startsWith(PREFIX + " ");
  }

  static Sample parse(String line) {
    Map<String, String> at = new LinkedHashMap<>();
    for (String field : line.substring(PREFIX.length()).trim().split(" ", -1)) {
      int equals = field.indexOf('=');
      at.put(field.substring(0, equals), field.substring(equals + 1));
    }
    return new Sample(
        at.get("load"),
        Double.parseDouble(at.get("seconds")),
        Long.parseLong(at.get("cpuNs")),
        Long.parseLong(at.get("done")),
        Long.parseLong(at.get("failed")),
        Long.parseLong(at.get("events")),
        Long.parseLong(at.get("packets")),
        Long.parseLong(at.get("allocated")),
        at.get("digest"));
  }

  double cpuNsPerUnit() {
    return cpuNs / (double) done;
  }
}
