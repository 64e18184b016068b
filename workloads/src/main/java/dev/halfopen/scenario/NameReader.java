package dev.halfopen.scenario;

import java.util.ArrayList;
import java.util.List;

/** Reads {@code names:}, what a DNS server answers. */
final class NameReader {
  private static final String DNS_SERVER = "dnsServer";

  private NameReader() {}

  static List<NameSpec> read(MapReader top) {
    if (!top.has("names")) {
      return List.of();
    }
    if (Registry.role(DNS_SERVER).isEmpty()) {
      top.notModelled("names");
      return List.of();
    }
    MapReader names = top.mapOrEmpty("names");
    List<NameSpec> all = new ArrayList<>();
    for (String name : names.node().entries().keySet()) {
      names.map(name).ifPresent(n -> all.add(read(name, n)));
    }
    return all;
  }

  private static NameSpec read(String key, MapReader name) {
    NameSpec spec =
        new NameSpec(
            key,
            name.requiredText("address"),
            name.durationNs("ttl", "60s", "0s..24h"),
            name.requiredText("server"));
    name.finish();
    return spec;
  }
}
