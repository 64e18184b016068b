package dev.halfopen.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that may help against a shortage: values that are set as {@code --set} would.
 *
 * @param changes key and value; a key is a path ({@code hosts.proxy.apps.nginx.upstream.idlePool})
 *     or a sysctl of a group ({@code proxy:net.ipv4.tcp_tw_reuse})
 * @param risk what it costs beside memory
 */
public record Remedy(Map<String, String> changes, String risk) {
  public Remedy {
    changes = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(changes));
  }

  static Remedy of(String risk, String... keysAndValues) {
    Map<String, String> changes = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      changes.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return new Remedy(changes, risk);
  }
}
