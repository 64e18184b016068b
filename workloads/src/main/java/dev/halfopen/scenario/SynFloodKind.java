package dev.halfopen.scenario;

import dev.halfopen.app.SynFlood;
import dev.halfopen.app.SynFloodConfig;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.Sysctl;

/** {@code kind: synFlood}. */
final class SynFloodKind implements LoadKind<FloodSpec> {
  /**
   * Machines whose addresses a flood forges and that answer; enough that none is asked twice soon.
   */
  private static final int ANSWERING_MACHINES = 1 << 16;

  /** The SYN and its SYN-ACK. */
  private static final int PACKETS_PER_SYN = 2;

  /** Five more SYN-ACKs, given up after 63 s, up to 66 s with the granules of the timers. */
  private static final double HALF_OPEN_SECONDS = 66.5;

  /** From here on the table that finds them is made for them, instead of growing by doubling. */
  private static final double MANY_HALF_OPEN = 100_000;

  /** Where the addresses come from. */
  private enum Sources {
    SPOOFED,
    REAL
  }

  @Override
  public String word() {
    return "synFlood";
  }

  @Override
  public Class<FloodSpec> specType() {
    return FloodSpec.class;
  }

  @Override
  public FloodSpec read(MapReader load) {
    String from = load.requiredText("from");
    Address to = Address.read(load, "to");
    load.require("rate");
    RateSpec rate = RateReader.read(load, "1/h..100000000/s");
    RequestLoad.Arrivals arrivals =
        load.oneOf("arrivals", RequestLoad.Arrivals.POISSON, RequestLoad.Arrivals.class);
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
        arrivals == RequestLoad.Arrivals.POISSON,
        spoofed,
        answering,
        options);
  }

  @Override
  public void check(FloodSpec flood, WorldChecks checks) {
    WorldChecks.Place from = checks.place("load", flood.name(), "from");
    if (checks.known(flood.from(), from)
        && checks.world().group(flood.from()).get(0).isForger()
        && !flood.areSpoofed()) {
      checks.problem(from, flood.from() + " has no addresses of its own");
    }
    WorldChecks.Place to = checks.place("load", flood.name(), "to");
    if (checks.known(flood.to(), to)) {
      checks.listener(flood.to(), flood.toPort(), to);
      checks.linked(flood.from(), flood.to(), to);
      if (checks.world().group(flood.to()).size() != 1) {
        checks.problem(to, "not modelled yet: a flood on a group of several hosts");
      }
    }
  }

  @Override
  public void build(FloodSpec flood, Assembler world) {
    HostSpec victimSpec = world.spec().group(flood.to()).get(0);
    Host victim = world.host(victimSpec.name());
    LinkSpec link = world.spec().link(flood.from(), flood.to()).orElseThrow();
    long bitsPerSecond = world.bitsPerSecond(link);
    SynFloodConfig config = new SynFloodConfig();
    config.victimAddress = victim.firstAddress();
    config.victimPort = flood.toPort();
    config.schedule = flood.curve().schedule();
    config.poisson = flood.isPoisson();
    config.untilNs = world.spec().durationNs();
    config.options = flood.options();
    if (!flood.areSpoofed()) {
      config.sourceCount = world.spec().group(flood.from()).get(0).addresses();
    }
    if (flood.answeringShare() > 0) {
      Host answering =
          world
              .builder()
              .farm(
                  flood.name() + "-answering", victimSpec.sysctls().profile(), ANSWERING_MACHINES);
      world.builder().link(answering, victim, bitsPerSecond, link.rttNs() / 2, link.queueBytes());
      config.answering = answering;
      config.answeringShare = flood.answeringShare();
    }
    SynFlood app = new SynFlood(config);
    world.builder().flood(flood.name(), victim, app, bitsPerSecond, link.rttNs() / 2);
    world.placed(flood, app);
    double halfOpen = halfOpenMost(flood, victimSpec, world.spec().durationNs());
    if (halfOpen >= MANY_HALF_OPEN) {
      world.builder().expectSockets(victim, (long) halfOpen);
    }
  }

  /** Half-open connections at the most: what comes within the life of one, and has a place. */
  static double halfOpenMost(FloodSpec flood, HostSpec victim, long durationNs) {
    long cookies = victim.sysctls().get(Sysctl.TCP_SYNCOOKIES);
    if (cookies == 2) {
      return 0;
    }
    double places =
        Math.min(
            victim.listener(flood.toPort()).map(a -> (double) a.spec().backlog()).orElse(0.0),
            (double) victim.sysctls().get(Sysctl.SOMAXCONN));
    if (cookies == 0) {
      places = Math.min(places, 0.75 * victim.sysctls().get(Sysctl.TCP_MAX_SYN_BACKLOG));
    }
    double sent =
        Math.min(
            flood.curve().most().perSecond() * HALF_OPEN_SECONDS,
            flood.curve().expected(durationNs));
    return Math.min(places + 1, sent * (1 - flood.answeringShare()));
  }

  @Override
  public double packets(FloodSpec flood, long durationNs) {
    return flood.curve().expected(durationNs) * PACKETS_PER_SYN;
  }
}
