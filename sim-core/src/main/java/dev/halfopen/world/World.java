package dev.halfopen.world;

import dev.halfopen.net.Host;
import dev.halfopen.net.Link;
import dev.halfopen.tcp.HostTcp;
import dev.halfopen.tcp.Mib;
import org.jspecify.annotations.Nullable;

/** Hosts, links and applications in virtual time; {@link #run} moves it. Made by WorldBuilder. */
public final class World {
  private final Shard[] shards;
  private final Partition partition;
  private final @Nullable Windows windows;
  private final Host[] hosts;
  private final WorldBuilder.@Nullable Sampler sampler;
  private final long sampleNs;
  private long nextSampleNs;

  /**
   * A world.
   *
   * @param windows null if there is one shard, which needs none
   */
  World(
      Shard[] shards,
      Partition partition,
      @Nullable Windows windows,
      Host[] hosts,
      WorldBuilder.@Nullable Sampler sampler,
      long sampleNs) {
    this.shards = shards;
    this.partition = partition;
    this.windows = windows;
    this.hosts = hosts;
    this.sampler = sampler;
    this.sampleNs = sampleNs;
  }

  /**
   * Runs all events up to and including {@code untilNs}; can be called again to go on. Applications
   * are started at the first call. How a run is cut into calls changes nothing, and neither does
   * the number of threads; they end with the call.
   *
   * @throws dev.halfopen.engine.MemoryRefused if the tables would exceed the budget; the run has
   *     ended then, and what it has can be read
   * @throws IllegalStateException if a shard failed; its cause is what happened
   */
  public void run(long untilNs) {
    try {
      WorldBuilder.Sampler s = sampler;
      while (s != null && nextSampleNs <= untilNs) {
        runTo(nextSampleNs);
        s.sample(nextSampleNs);
        nextSampleNs += sampleNs;
      }
      runTo(untilNs);
    } finally {
      if (windows != null) {
        windows.dismiss();
      }
    }
  }

  private void runTo(long untilNs) {
    if (windows == null) {
      shards[0].run(untilNs);
    } else {
      windows.run(untilNs);
    }
  }

  public long nowNs() {
    return windows == null ? shards[0].nowNs() : windows.nowNs();
  }

  /** Into how many shards the hosts were dealt, whatever the number of threads. */
  public int shards() {
    return shards.length;
  }

  /** How many threads may run shards at the same time: no more than there are shards. */
  public int threads() {
    return windows == null ? 1 : windows.threads();
  }

  /** How far one shard may be ahead of another; Long.MAX_VALUE with one shard. */
  public long windowNs() {
    return windows == null ? Long.MAX_VALUE : windows.windowNs();
  }

  /** Windows run so far; 0 with one shard. */
  public long windows() {
    return windows == null ? 0 : windows.windows();
  }

  /** Those of them that several threads ran: the others held too little. */
  public long windowsShared() {
    return windows == null ? 0 : windows.shared();
  }

  /**
   * Events dispatched: packet arrivals, timers that truly expired, application and fault events.
   */
  public long events() {
    long n = 0;
    for (Shard s : shards) {
      n += s.events();
    }
    return n;
  }

  /** Packets that hosts have sent, those to nowhere included. */
  public long packetsSent() {
    long n = 0;
    for (Shard s : shards) {
      n += s.wire().sent() + s.floods().sent();
    }
    return n;
  }

  /** SYNs that floods have sent, those that their own links dropped included. */
  public long floodSyns() {
    long n = 0;
    for (Shard s : shards) {
      n += s.floods().sent();
    }
    return n;
  }

  /** Packets that arrived at a host. */
  public long packetsDelivered() {
    long n = 0;
    for (Shard s : shards) {
      n += s.delivered();
    }
    return n;
  }

  /** Packets to an address nobody owns or that no link leads to. */
  public long packetsWithoutRoute() {
    long n = 0;
    for (Shard s : shards) {
      n += s.wire().noRoute();
    }
    return n;
  }

  /** Packets that a full link queue dropped or impairments of a link lost. */
  public long packetsDropped() {
    long n = 0;
    for (Shard s : shards) {
      n += s.wire().dropped() + s.wire().lost() + s.floods().dropped();
    }
    return n;
  }

  /** Second copies of packets that impairments of a link made; not among those sent. */
  public long packetsDuplicated() {
    long n = 0;
    for (Shard s : shards) {
      n += s.wire().duplicated();
    }
    return n;
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
    long dropped = 0;
    for (Shard s : shards) {
      dropped += s.wire().droppedByRouter();
    }
    return taken + packetsDuplicated() - packetsDelivered() - dropped;
  }

  /** Connections opened actively, all hosts. */
  public long connections() {
    long n = 0;
    for (Host h : hosts) {
      n += tcp(h).counter(Mib.ACTIVE_OPENS);
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
    return shards[partition.shardOf(host.id())].tcp().host(host.id());
  }

  /** The stack itself, for tables and invariants of a world that is one shard. */
  public dev.halfopen.tcp.Tcp stack() {
    if (shards.length > 1) {
      throw new IllegalStateException("each of " + shards.length + " shards has a stack");
    }
    return shards[0].tcp();
  }

  /**
   * Shows all sockets of all hosts, once each, in no order: sort before anybody sees it. The
   * listeners of a host are shown by {@link dev.halfopen.tcp.SocketControl#listListeners}.
   */
  public void listConnections(dev.halfopen.tcp.SocketVisitor to) {
    for (Shard s : shards) {
      Host any = s.anyHost();
      if (any != null) {
        s.tcp().control(s.tcp().host(any.id())).listConnections(to);
      }
    }
  }

  /** Shows the open listeners of a host. */
  public void listListeners(Host host, dev.halfopen.tcp.SocketVisitor to) {
    shards[partition.shardOf(host.id())].tcp().control(tcp(host)).listListeners(to);
  }

  /** Rows of connections, requests and TIME_WAITs alive, all shards. */
  public long socketsAlive() {
    long n = 0;
    for (Shard s : shards) {
      n += s.tcp().demuxEntries();
    }
    return n;
  }
}
