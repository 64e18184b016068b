package dev.halfopen.world;

import dev.halfopen.app.AppContext;
import dev.halfopen.app.Application;
import dev.halfopen.app.SynFlood;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.AddressTable;
import dev.halfopen.net.Conntrack;
import dev.halfopen.net.ConntrackConfig;
import dev.halfopen.net.Cpu;
import dev.halfopen.net.CpuConfig;
import dev.halfopen.net.Host;
import dev.halfopen.net.Impairments;
import dev.halfopen.net.Link;
import dev.halfopen.net.Segment;
import dev.halfopen.tcp.HostTcp;
import dev.halfopen.tcp.SocketControl;
import dev.halfopen.tcp.Sockets;
import dev.halfopen.tcp.SysctlProfile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts a world together: hosts, links, applications. Addresses are dealt by the builder. */
public final class WorldBuilder {
  /** Single machines have 10.0.0.1 and up, farms the 11.0.0.0/8 and up. */
  private static final int FIRST_HOST = 10 << 24 | 1;

  private static final int FIRST_FARM = 11 << 24;

  /** What waits before a flood's link and on the way back, at most: a switch port's buffer. */
  private static final long FLOOD_QUEUE_BYTES = 1 << 20;

  private final long seed;
  private final MemoryBudget budget;
  private final List<Host> hosts = new ArrayList<>();
  private final List<SysctlProfile> sysctls = new ArrayList<>();
  private final List<@Nullable Application> applications = new ArrayList<>();
  private final AddressTable addresses = new AddressTable();

  private final List<PlacedFlood> floods = new ArrayList<>();

  private final Faults faults = new Faults(this);

  private int nextHost = FIRST_HOST;
  private int nextFarm = FIRST_FARM;
  private @Nullable Sampler sampler;
  private long sampleNs = Long.MAX_VALUE;

  public WorldBuilder(long seed, MemoryBudget budget) {
    this.seed = seed;
    this.budget = budget;
  }

  /** One machine with one address. */
  public Host host(String name, SysctlProfile sysctl) {
    return add(name, sysctl, nextHost++, 1);
  }

  /** Many machines with consecutive addresses in one object; one machine if {@code count} is 1. */
  public Host farm(String name, SysctlProfile sysctl, int count) {
    int first = nextFarm;
    nextFarm += count + 0xFFFF & ~0xFFFF;
    return add(name, sysctl, first, count);
  }

  private Host add(String name, SysctlProfile sysctl, int first, int count) {
    Host h = new Host(hosts.size(), name, first, count, sysctl.hz(), seed);
    hosts.add(h);
    sysctls.add(sysctl);
    applications.add(null);
    addresses.assign(first, count, h.id());
    return h;
  }

  /** A link in each direction; see {@link Link} for the units. */
  public WorldBuilder link(
      Host a, Host b, long bitsPerSecond, long oneWayDelayNs, long queueLimitBytes) {
    a.linkTo(b.id(), new Link(bitsPerSecond, oneWayDelayNs, queueLimitBytes));
    b.linkTo(a.id(), new Link(bitsPerSecond, oneWayDelayNs, queueLimitBytes));
    return this;
  }

  /**
   * A flood that reaches a host over a link of its own; answers to addresses nobody owns go back
   * the same way and end there. See {@link Link} for the units.
   */
  public WorldBuilder flood(
      String name, Host victim, SynFlood flood, long bitsPerSecond, long oneWayDelayNs) {
    Host node = add(name, sysctls.get(victim.id()), nextHost++, 1);
    Link there = new Link(bitsPerSecond, oneWayDelayNs, FLOOD_QUEUE_BYTES);
    Link back = new Link(bitsPerSecond, oneWayDelayNs, FLOOD_QUEUE_BYTES);
    node.linkTo(victim.id(), there);
    victim.linkTo(node.id(), back);
    if (victim.defaultRoute() == null) {
      victim.defaultRoute(back);
    }
    floods.add(new PlacedFlood(node, there, flood));
    return this;
  }

  /** What goes wrong on the link from {@code a} to {@code b}, which must have been built. */
  public Impairments impair(Host a, Host b) {
    Link link = a.linkTo(b.id());
    if (link == null) {
      throw new IllegalArgumentException("no link from " + a.name() + " to " + b.name());
    }
    Impairments what = link.impairments();
    if (what == null) {
      what = new Impairments(seed, a.id(), b.id());
      link.impairments(what);
    }
    return what;
  }

  /** What goes wrong when. */
  public Faults faults() {
    return faults;
  }

  List<Host> hosts() {
    return hosts;
  }

  /** Has the connections of a host tracked. */
  public WorldBuilder conntrack(Host host, ConntrackConfig config) {
    host.conntrack(new Conntrack(config, budget));
    return this;
  }

  /** Gives a host cores that take time for what arrives, and a network card before them. */
  public WorldBuilder cpu(Host host, CpuConfig config) {
    host.cpu(new Cpu(config, budget));
    return this;
  }

  /** The application of a host (one at present). */
  public WorldBuilder application(Host host, Application application) {
    applications.set(host.id(), application);
    return this;
  }

  /** Has {@code s} called at every multiple of {@code intervalNs}, after all other events. */
  public WorldBuilder sample(long intervalNs, Sampler s) {
    sampleNs = intervalNs;
    sampler = s;
    return this;
  }

  public World build() {
    Host[] all = hosts.toArray(new Host[0]);
    @Nullable Application[] apps = applications.toArray(new Application[0]);
    Shard shard = new Shard(budget, all, addresses, apps, sampler, sampleNs);
    for (Host h : all) {
      shard.tcp().addHost(h, sysctls.get(h.id()));
    }
    for (Host h : all) {
      Application a = apps[h.id()];
      if (a != null) {
        a.attach(new Context(shard, h));
      }
    }
    for (PlacedFlood f : floods) {
      f.flood.attach(f.node, f.link, seed);
      shard.floods().add(f.node, f.flood);
    }
    shard.plan(faults.planned().toArray(new Fault[0]));
    return new World(shard, all);
  }

  /** Reads gauges at a virtual interval; must not change anything. */
  @FunctionalInterface
  public interface Sampler {
    void sample(long nowNs);
  }

  private static final class PlacedFlood {
    final Host node;
    final Link link;
    final SynFlood flood;

    PlacedFlood(Host node, Link link, SynFlood flood) {
      this.node = node;
      this.link = link;
      this.flood = flood;
    }
  }

  private final class Context implements AppContext {
    private final Shard shard;
    private final Host host;
    private final Sockets sockets;
    private final SocketControl control;

    Context(Shard shard, Host host) {
      this.shard = shard;
      this.host = host;
      HostTcp tcp = shard.tcp().host(host.id());
      this.sockets = shard.tcp().sockets(tcp);
      this.control = shard.tcp().control(tcp);
    }

    @Override
    public Host host() {
      return host;
    }

    @Override
    public Sockets sockets() {
      return sockets;
    }

    @Override
    public SocketControl control() {
      return control;
    }

    @Override
    public void sendRaw(Segment segment) {
      shard.sendRaw(host, segment);
    }

    @Override
    public void timerAt(long timeNs, int kind, long argument) {
      shard.timerAt(host, timeNs, kind, argument);
    }

    @Override
    public long seed() {
      return seed;
    }

    @Override
    public MemoryBudget memory() {
      return budget;
    }
  }
}
