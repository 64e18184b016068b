package dev.halfopen.world;

import dev.halfopen.net.Host;
import dev.halfopen.net.Link;
import dev.halfopen.tcp.HostTcp;
import dev.halfopen.tcp.Mib;

/** Hosts, links and applications in virtual time; {@link #run} moves it. Made by WorldBuilder. */
public final class World {
  private final Shard shard;
  private final Host[] hosts;

  World(Shard shard, Host[] hosts) {
    this.shard = shard;
    this.hosts = hosts;
  }

  /**
   * Runs all events up to and including {@code untilNs}; can be called again to go on. Applications
   * are started at the first call. How a run is cut into calls changes nothing.
   */
  public void run(long untilNs) {
    shard.run(untilNs);
  }

  public long nowNs() {
    return shard.nowNs();
  }

  /**
   * Events dispatched: packet arrivals, timers that truly expired, application and fault events.
   */
  public long events() {
    return shard.events();
  }

  /** Packets that hosts have sent, those to nowhere included. */
  public long packetsSent() {
    return shard.wire().sent() + shard.floods().sent();
  }

  /** Packets that arrived at a host. */
  public long packetsDelivered() {
    return shard.delivered();
  }

  /** Packets to an address nobody owns or that no link leads to. */
  public long packetsWithoutRoute() {
    return shard.wire().noRoute();
  }

  /** Packets that a full link queue dropped or impairments of a link lost. */
  public long packetsDropped() {
    return shard.wire().dropped() + shard.wire().lost() + shard.floods().dropped();
  }

  /** Second copies of packets that impairments of a link made; not among those sent. */
  public long packetsDuplicated() {
    return shard.wire().duplicated();
  }

  /**
   * Packets that a link has taken and that have not arrived. Counted by the links, so that sent +
   * duplicated = delivered + without route + dropped + in flight is a check.
   */
  public long packetsInFlight() {
    long taken = 0;
    for (Host h : hosts) {
      for (Link l : h.links()) {
        taken += l == null ? 0 : l.packets();
      }
    }
    return taken + packetsDuplicated() - packetsDelivered() - shard.wire().droppedByRouter();
  }

  /** Connections opened actively, all hosts. */
  public long connections() {
    long n = 0;
    for (Host h : hosts) {
      n += shard.tcp().host(h.id()).counter(Mib.ACTIVE_OPENS);
    }
    return n;
  }

  /** The digest of the run up to now. */
  public long digest() {
    long d = 0;
    for (Host h : hosts) {
      d = dev.halfopen.engine.RunDigest.combine(d, h.id(), h.digest().value());
    }
    return d;
  }

  public HostTcp tcp(Host host) {
    return shard.tcp().host(host.id());
  }

  /** The stack itself, for tables and invariants. */
  public dev.halfopen.tcp.Tcp stack() {
    return shard.tcp();
  }
}
