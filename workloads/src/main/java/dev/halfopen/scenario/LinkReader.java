package dev.halfopen.scenario;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code links:}. What goes wrong on a link is one value for both directions, or {@code {
 * forth: ..., back: ... }}: forth is from the first of {@code between} to the second.
 */
final class LinkReader {
  private static final String SHARE = "0%..100%";
  private static final String FORTH = "forth";
  private static final String BACK = "back";

  private LinkReader() {}

  static List<LinkSpec> read(MapReader top) {
    List<LinkSpec> links = new ArrayList<>();
    top.eachItem("links", link -> links.add(link(link)));
    return links;
  }

  private static LinkSpec link(MapReader link) {
    link.require("between");
    List<String> ends = link.list("between").stream().map(ParameterType::text).toList();
    if (link.has("between") && ends.size() != 2) {
      link.problem("between", "two hosts are wanted, for example [clients, proxy]");
    }
    LinkSpec spec =
        new LinkSpec(
            ends.size() == 2 ? ends.get(0) : "",
            ends.size() == 2 ? ends.get(1) : "",
            link.durationNs("rtt", "0ms", "0ns..1h"),
            link.quantity("rate", ValueKind.BIT_RATE, "10Gbit/s", "1kbit/s..10000Gbit/s").asLong(),
            link.quantity("queue", ValueKind.SIZE, "0B", "0B..64GiB").asLong(),
            troubles(link, FORTH),
            troubles(link, BACK));
    link.finish();
    return spec;
  }

  private static LinkSpec.Troubles troubles(MapReader link, String way) {
    return new LinkSpec.Troubles(
        number(link, "loss", way, ValueKind.SHARE, "0%", SHARE) / ValueKind.SHARE_ONE,
        number(link, "jitter", way, ValueKind.DURATION, "0ms", "0ms..1h"),
        number(link, "duplicate", way, ValueKind.SHARE, "0%", SHARE) / ValueKind.SHARE_ONE,
        number(link, "reorder", way, ValueKind.SHARE, "0%", SHARE) / ValueKind.SHARE_ONE,
        number(link, "reorderDelay", way, ValueKind.DURATION, "1ms", "1ns..1h"));
  }

  private static long number(
      MapReader link, String key, String way, ValueKind kind, String defaultText, String range) {
    boolean each = link.node().get(key).filter(YamlNode.Mapping.class::isInstance).isPresent();
    if (!each) {
      return way.equals(BACK) && !link.has(key)
          ? Quantity.parse(kind, defaultText).asLong()
          : link.quantity(key, kind, defaultText, range).asLong();
    }
    MapReader ways = link.mapOrEmpty(key);
    ways.known(FORTH);
    ways.known(BACK);
    ways.finish();
    return ways.quantity(way, kind, defaultText, range).asLong();
  }
}
