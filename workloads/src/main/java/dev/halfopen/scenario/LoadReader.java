package dev.halfopen.scenario;

import java.util.List;

/** Reads {@code load:} and {@code links:}. */
final class LoadReader {
  private static final String REQUESTS = "requests";

  private LoadReader() {}

  /** Whether a load is a flood, which {@link FloodReader} reads. */
  static boolean isFlood(MapReader load) {
    return load.has("kind") && load.text("kind").equals(FloodReader.KIND);
  }

  static LoadSpec load(MapReader load) {
    load.notModelled("sources", "forgedHostsAnswer", "options");
    load.word("kind", REQUESTS, List.of(REQUESTS, FloodReader.KIND));
    String from = load.requiredText("from");
    Address to = Address.read(load, "to");
    load.require("rate");
    RateSpec rate = RateReader.read(load, "1/h..10000000/s");
    LoadSpec spec =
        new LoadSpec(
            load.name(),
            from,
            to.group(),
            to.port(),
            rate,
            load.oneOf("arrivals", LoadSpec.Arrivals.POISSON, LoadSpec.Arrivals.class),
            (int) StrictMath.round(1000 * load.share("posts", "0%", "0%..100%")),
            load.countOr("requestsPerClientConnection", "unlimited", "unlimited", "1..1000000000"),
            bytes(load, "requestBytes", "200B"),
            bytes(load, "responseBytes", "1000B"),
            load.durationNs("timeout", "30s", "0s..24h"));
    load.finish();
    return spec;
  }

  private static int bytes(MapReader load, String key, String defaultText) {
    boolean isDistribution =
        load.node().get(key).filter(YamlNode.Mapping.class::isInstance).isPresent();
    if (isDistribution) {
      load.map(key);
      load.problem(key, "a distribution of sizes is not modelled yet; give one size");
      return 1;
    }
    return Math.toIntExact(
        load.quantity(key, ValueKind.SIZE, defaultText, "1B..1073741824B").asLong());
  }

  static LinkSpec link(MapReader link) {
    link.notModelled("loss", "jitter", "reorder", "duplicate");
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
            link.quantity("queue", ValueKind.SIZE, "0B", "0B..64GiB").asLong());
    link.finish();
    return spec;
  }
}
