package dev.halfopen.scenario;

import dev.halfopen.app.SynFlood;
import dev.halfopen.app.SynFloodConfig;
import dev.halfopen.net.Host;
import dev.halfopen.world.WorldBuilder;
import java.util.Map;

/** Puts into a world what is no application: cores, connection tracking, floods. */
final class Equipment {
  /**
   * Machines whose addresses a flood forges and that answer; enough that none is asked twice soon.
   */
  private static final int ANSWERING_MACHINES = 1 << 16;

  private final WorldSpec spec;
  private final WorldBuilder builder;
  private final Map<String, Host> hosts;

  Equipment(WorldSpec spec, WorldBuilder builder, Map<String, Host> hosts) {
    this.spec = spec;
    this.builder = builder;
    this.hosts = hosts;
  }

  private Host host(String name) {
    Host host = hosts.get(name);
    if (host == null) {
      throw new IllegalStateException("no host " + name);
    }
    return host;
  }

  /** What a link and the network cards at its ends let through. */
  long bitsPerSecond(LinkSpec link) {
    long rate = link.bitsPerSecond();
    for (String group : new String[] {link.a(), link.b()}) {
      long nic = spec.group(group).get(0).intake().nicBitsPerSecond();
      rate = nic > 0 ? Math.min(rate, nic) : rate;
    }
    return rate;
  }

  /** What the packets of a host pass. */
  void intake(HostSpec host) {
    host.intake().cpu().ifPresent(cpu -> builder.cpu(host(host.name()), cpu));
    host.intake().conntrack().ifPresent(c -> builder.conntrack(host(host.name()), c));
  }

  /** A flood reaches each machine of its target over a link of its own. */
  SynFlood flood(FloodSpec flood) {
    HostSpec victim = spec.group(flood.to()).get(0);
    LinkSpec link = spec.link(flood.from(), flood.to()).orElseThrow();
    long bitsPerSecond = bitsPerSecond(link);
    SynFloodConfig config = new SynFloodConfig();
    config.victimAddress = host(victim.name()).firstAddress();
    config.victimPort = flood.toPort();
    config.schedule = flood.rate().schedule();
    config.poisson = flood.isPoisson();
    config.untilNs = spec.durationNs();
    config.options = flood.options();
    if (!flood.areSpoofed()) {
      HostSpec bots = spec.group(flood.from()).get(0);
      config.sourceCount = bots.addresses();
    }
    if (flood.answeringShare() > 0) {
      Host answering =
          builder.farm(flood.name() + "-answering", victim.sysctls().profile(), ANSWERING_MACHINES);
      builder.link(
          answering, host(victim.name()), bitsPerSecond, link.rttNs() / 2, link.queueBytes());
      config.answering = answering;
      config.answeringShare = flood.answeringShare();
    }
    SynFlood app = new SynFlood(config);
    builder.flood(flood.name(), host(victim.name()), app, bitsPerSecond, link.rttNs() / 2);
    return app;
  }
}
