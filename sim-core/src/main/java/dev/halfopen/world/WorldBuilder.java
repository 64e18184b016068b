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
import dev.halfopen.net.capture.Capture;
import dev.halfopen.net.capture.PacketFilter;
import dev.halfopen.net.capture.Tap;
import dev.halfopen.tcp.HostTcp;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Neighbours;
import dev.halfopen.tcp.SocketControl;
import dev.halfopen.tcp.Sockets;
import dev.halfopen.tcp.SysctlProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
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
  private final List<@Nullable ConntrackConfig> conntracks = new ArrayList<>();
  private final AddressTable addresses = new AddressTable();

  private final List<PlacedFlood> floods = new ArrayList<>();

  private final Faults faults = new Faults(this);

  private final Map<Host, Long> expectedSockets = new HashMap<>();

  private @Nullable Capture capture;
  private PacketFilter.HostNames captureNames = this::idsOf;

  private int nextHost = FIRST_HOST;
  private int nextFarm = FIRST_FARM;
  private @Nullable Sampler sampler;
  private long sampleNs = Long.MAX_VALUE;
  private int shardsMax = 1;
  private long lastNs = Long.MAX_VALUE;
  private long shortLinkNs = 1;
  private int threads = 1;
  private long leastEvents = Windows.LEAST_EVENTS;
  private ThreadFactory threadFactory = WorldBuilder::daemon;

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
    conntracks.add(null);
    addresses.assign(first, count, h.id());
    return h;
  }

  /** How long the host asks for a neighbour's address. */
  Impairments.NeighbourTimer neighbourTimer(Host host) {
    KernelProfile kernel = sysctls.get(host.id()).kernel();
    return nowNs -> Neighbours.failsNs(kernel, host, nowNs);
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
    floods.add(new PlacedFlood(node, victim, there, flood));
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
    conntracks.set(host.id(), config);
    return this;
  }

  /**
   * Makes room for so many more sockets of a host before the run, so that the table that finds them
   * has the right size and need not grow.
   */
  public WorldBuilder expectSockets(Host host, long more) {
    expectedSockets.merge(host, more, Long::sum);
    return this;
  }

  /** Gives a host cores that take time for what arrives, and a network card before them. */
  public WorldBuilder cpu(Host host, CpuConfig config) {
    host.cpu(new Cpu(config, budget));
    return this;
  }

  /** Puts an application on a host; several may share one, started in this order. */
  public WorldBuilder application(Host host, Application application) {
    Application there = applications.get(host.id());
    applications.set(
        host.id(), there == null ? application : HostApplications.with(there, application));
    return this;
  }

  /** Has {@code s} called at every multiple of {@code intervalNs}, after all other events. */
  public WorldBuilder sample(long intervalNs, Sampler s) {
    sampleNs = intervalNs;
    sampler = s;
    return this;
  }

  /**
   * Deals the hosts to several shards, as many as there are groups of hosts that no link of less
   * than {@code shortNs} joins. The result of a run may be cut off elsewhere by its memory limit if
   * this is changed; nothing else depends on it.
   *
   * @param most shards at most; 1, the default, for a world that is one
   */
  public WorldBuilder shards(int most, long shortNs) {
    if (most < 1 || shortNs < 1) {
      throw new IllegalArgumentException(most + " shards, links of " + shortNs + " ns; 1 or more");
    }
    shardsMax = most;
    shortLinkNs = shortNs;
    return this;
  }

  /** The end of the run, where it is known: no shard runs further, whatever ends it earlier. */
  public WorldBuilder until(long ns) {
    lastNs = ns;
    return this;
  }

  /**
   * How many threads may run shards at the same time. It changes nothing but the time a run takes.
   *
   * @param factory makes all but the one that calls {@link World#run}
   */
  public WorldBuilder threads(int most, ThreadFactory factory) {
    if (most < 1) {
      throw new IllegalArgumentException(most + " threads; 1 or more");
    }
    threads = most;
    threadFactory = factory;
    return this;
  }

  /** See {@link #threads(int, ThreadFactory)}; daemon threads. */
  public WorldBuilder threads(int most) {
    return threads(most, WorldBuilder::daemon);
  }

  /** Windows of fewer events than this are not shared among threads. For tests. */
  WorldBuilder shareFrom(long events) {
    leastEvents = events;
    return this;
  }

  /** Has the packets of the run recorded; whoever made the capture closes it after the run. */
  public WorldBuilder capture(Capture packets) {
    return capture(packets, this::idsOf);
  }

  /** The same, with what the names in the capture's filter stand for. */
  public WorldBuilder capture(Capture packets, PacketFilter.HostNames names) {
    capture = packets;
    captureNames = names;
    return this;
  }

  private int[] idsOf(String name) {
    for (Host h : hosts) {
      if (h.name().equals(name)) {
        return new int[] {h.id()};
      }
    }
    throw new IllegalArgumentException("no host " + name);
  }

  private @Nullable Tap[] taps(Host[] all, int shards) {
    return capture == null ? new Tap[shards] : capture.begin(all, addresses, captureNames, shards);
  }

  private static Thread daemon(Runnable work) {
    Thread t = new Thread(work, "halfopen shards");
    t.setDaemon(true);
    return t;
  }

  public World build() {
    Host[] all = hosts.toArray(new Host[0]);
    @Nullable Application[] apps = applications.toArray(new Application[0]);
    Partition partition = Partition.of(all, floodsAndVictims(), shardsMax, shortLinkNs);
    MemoryBudget[] budgets = new MemoryBudget[partition.shards()];
    Shard[] shards = new Shard[partition.shards()];
    @Nullable Tap[] taps = taps(all, shards.length);
    for (int i = 0; i < shards.length; i++) {
      budgets[i] = shards.length == 1 ? budget : budget.share();
      shards[i] = new Shard(budgets[i], all, addresses, apps, taps[i]);
    }
    if (shards.length > 1) {
      connect(shards, partition, budgets, all);
    }
    for (Host h : all) {
      int shard = partition.shardOf(h.id());
      place(h, shards[shard], budgets[shard], apps[h.id()]);
    }
    long[] expected = new long[shards.length];
    for (Host h : all) {
      expected[partition.shardOf(h.id())] += expectedSockets.getOrDefault(h, 0L);
    }
    for (int i = 0; i < shards.length; i++) {
      shards[i].tcp().expectSockets(expected[i]);
    }
    for (PlacedFlood f : floods) {
      f.flood.attach(f.node, f.link, seed);
      shards[partition.shardOf(f.node.id())].floods().add(f.node, f.flood);
    }
    for (Shard shard : shards) {
      shard.plan(faults.planned().toArray(new Fault[0]));
    }
    budget.settle();
    return new World(shards, partition, windows(shards, partition), all, sampler, sampleNs);
  }

  /** All that a host has is served by its shard and taken from its share of the budget. */
  private void place(Host h, Shard shard, MemoryBudget share, @Nullable Application app) {
    shard.tcp().addHost(h, sysctls.get(h.id()));
    ConntrackConfig conntrack = conntracks.get(h.id());
    if (conntrack != null) {
      h.conntrack(new Conntrack(conntrack, share));
    }
    if (app != null) {
      app.attach(new Context(shard, h, share));
    }
  }

  /** A flood's lane belongs to whom it floods. */
  private int[] floodsAndVictims() {
    int[] pairs = new int[2 * floods.size()];
    for (int i = 0; i < floods.size(); i++) {
      pairs[2 * i] = floods.get(i).node.id();
      pairs[2 * i + 1] = floods.get(i).victim.id();
    }
    return pairs;
  }

  private @Nullable Windows windows(Shard[] shards, Partition partition) {
    return shards.length == 1
        ? null
        : new Windows(
            shards,
            partition.windowNs(),
            lastNs,
            budget,
            threads,
            leastEvents,
            threadFactory,
            capture);
  }

  private static void connect(
      Shard[] shards, Partition partition, MemoryBudget[] budgets, Host[] all) {
    for (int i = 0; i < shards.length; i++) {
      List<Host> own = new ArrayList<>();
      for (Host h : all) {
        if (partition.shardOf(h.id()) == i) {
          own.add(h);
        }
      }
      shards[i].serve(own.toArray(new Host[0]));
    }
    Mailbox[][] boxes = new Mailbox[shards.length][shards.length];
    for (int from = 0; from < shards.length; from++) {
      for (int to = 0; to < shards.length; to++) {
        boxes[from][to] = new Mailbox(shards[from], shards[to], budgets[from]);
      }
    }
    for (int i = 0; i < shards.length; i++) {
      List<Mailbox> out = new ArrayList<>();
      List<Mailbox> in = new ArrayList<>();
      for (int other = 0; other < shards.length; other++) {
        if (other != i) {
          out.add(boxes[i][other]);
          in.add(boxes[other][i]);
        }
      }
      shards[i].connect(out.toArray(new Mailbox[0]), in.toArray(new Mailbox[0]));
    }
  }

  /** Reads gauges at a virtual interval; must not change anything. */
  @FunctionalInterface
  public interface Sampler {
    void sample(long nowNs);
  }

  private static final class PlacedFlood {
    final Host node;
    final Host victim;
    final Link link;
    final SynFlood flood;

    PlacedFlood(Host node, Host victim, Link link, SynFlood flood) {
      this.node = node;
      this.victim = victim;
      this.link = link;
      this.flood = flood;
    }
  }

  private final class Context implements AppContext {
    private final Shard shard;
    private final Host host;
    private final Sockets sockets;
    private final SocketControl control;
    private final MemoryBudget memory;

    Context(Shard shard, Host host, MemoryBudget memory) {
      this.shard = shard;
      this.host = host;
      HostTcp tcp = shard.tcp().host(host.id());
      this.sockets = shard.tcp().sockets(tcp);
      this.control = shard.tcp().control(tcp);
      this.memory = memory;
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
    public int randomNode() {
      return host.id();
    }

    @Override
    public MemoryBudget memory() {
      return memory;
    }
  }
}
