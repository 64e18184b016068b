package dev.halfopen.report;

import dev.halfopen.tcp.Mib;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counters as {@code nstat -a} and {@code nstat -aj} print them. A group of many hosts has one file
 * with its sums: a thousand upstreams are no thousand files.
 */
final class NstatFiles {
  private static final int HOSTS_SHOWN_SINGLY = 16;

  private NstatFiles() {}

  /** File names with their contents. */
  static Map<String, String> of(RunResult result) {
    Map<String, String> files = new LinkedHashMap<>();
    for (Map.Entry<String, long[]> e : counters(result.hosts()).entrySet()) {
      files.put("nstat-" + e.getKey() + ".txt", text(e.getValue()));
      files.put("nstat-" + e.getKey() + ".json", json(e.getValue()));
    }
    return files;
  }

  private static Map<String, long[]> counters(List<HostResult> hosts) {
    Map<String, Integer> sizes = new TreeMap<>();
    hosts.forEach(h -> sizes.merge(h.spec().group(), 1, Integer::sum));
    Map<String, long[]> sums = new LinkedHashMap<>();
    for (HostResult host : hosts) {
      String group = host.spec().group();
      boolean single = sizes.getOrDefault(group, 0) <= HOSTS_SHOWN_SINGLY;
      long[] sum = sums.computeIfAbsent(single ? host.name() : group, k -> new long[Mib.COUNT]);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += host.counter(i);
      }
    }
    return sums;
  }

  private static String text(long[] counters) {
    StringBuilder out = new StringBuilder("#kernel\n");
    for (int i = 0; i < counters.length; i++) {
      String name = Mib.name(i);
      String value = Long.toString(counters[i]);
      out.append(name)
          .append(" ".repeat(Math.max(1, 32 - name.length())))
          .append(value)
          .append(" ".repeat(Math.max(1, 19 - value.length())))
          .append("0.0\n");
    }
    return out.toString();
  }

  private static String json(long[] counters) {
    JsonWriter json = new JsonWriter();
    json.object().object("kernel");
    for (int i = 0; i < counters.length; i++) {
      json.number(Mib.name(i), counters[i]);
    }
    return json.endObject().endObject().text();
  }
}
