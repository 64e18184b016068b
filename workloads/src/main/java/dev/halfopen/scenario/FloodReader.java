package dev.halfopen.scenario;

import dev.halfopen.app.SynFloodConfig;

/** Reads a load of {@code kind: synFlood}. */
final class FloodReader {
  static final String KIND = "synFlood";

  private FloodReader() {}

  /** Sources of a flood. */
  private enum Sources {
    SPOOFED,
    REAL
  }

  static FloodSpec flood(MapReader load) {
    load.text("kind");
    String from = load.requiredText("from");
    Address to = Address.read(load, "to");
    load.require("rate");
    RateSpec rate = RateReader.read(load, "1/h..100000000/s");
    LoadSpec.Arrivals arrivals =
        load.oneOf("arrivals", LoadSpec.Arrivals.POISSON, LoadSpec.Arrivals.class);
    boolean spoofed = load.oneOf("sources", Sources.SPOOFED, Sources.class) == Sources.SPOOFED;
    double answering = load.share("forgedHostsAnswer", "0%", "0%..100%");
    if (!spoofed && answering > 0) {
      load.problem("forgedHostsAnswer", "nothing is forged with sources: real");
    }
    SynFloodConfig.Options options =
        load.oneOf("options", SynFloodConfig.Options.NONE, SynFloodConfig.Options.class);
    load.finish();
    return new FloodSpec(
        load.name(),
        from,
        to.group(),
        to.port(),
        rate,
        arrivals == LoadSpec.Arrivals.POISSON,
        spoofed,
        answering,
        options);
  }
}
