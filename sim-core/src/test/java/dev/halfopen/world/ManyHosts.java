package dev.halfopen.world;

import dev.halfopen.app.Application;
import dev.halfopen.app.ChurnClient;
import dev.halfopen.app.ChurnConfig;
import dev.halfopen.app.ChurnServer;
import dev.halfopen.app.ClientFarm;
import dev.halfopen.app.ClientFarmConfig;
import dev.halfopen.app.OriginServer;
import dev.halfopen.app.OriginServerConfig;
import dev.halfopen.app.ReverseProxy;
import dev.halfopen.app.ReverseProxyConfig;
import dev.halfopen.app.SynFlood;
import dev.halfopen.app.SynFloodConfig;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.MemoryRefused;
import dev.halfopen.engine.RandomStreams;
import dev.halfopen.engine.RunDigest;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.Sockets;
import dev.halfopen.tcp.Sysctl;
import dev.halfopen.tcp.SysctlProfile;
import java.util.ArrayList;
import java.util.List;

/** Worlds of many hosts, and all that can be read of one when it has run. */
final class ManyHosts {
  static final long MS = 1_000_000;
  static final long S = 1000 * MS;

  final WorldBuilder builder;
  final MemoryBudget budget;
  final List<Host> hosts = new ArrayList<>();
  private final List<ChurnClient> churns = new ArrayList<>();
  private final List<ClientFarm> farms = new ArrayList<>();
  private final List<String> samples = new ArrayList<>();
  private final boolean showMemory;
  private final long seed;
  private int drawn;
  private World world;

  ManyHosts(long seed, MemoryBudget budget, boolean showMemory) {
    this.seed = seed;
    this.budget = budget;
    this.showMemory = showMemory;
    this.builder = new WorldBuilder(seed, budget);
    builder.sample(100 * MS, this::sample);
  }

  private static SysctlProfile kernel() {
    return new SysctlProfile(KernelProfile.LINUX_6_18);
  }

  private int draw(int bound) {
    return RandomStreams.below(RandomStreams.bits(seed, 0, 999, drawn++), bound);
  }

  private Host added(Host h) {
    hosts.add(h);
    return h;
  }

  /** Farms and servers, each linked with each, some links bad; Poisson churn, all to all. */
  ManyHosts churn(int pairs, int rate, long untilNs) {
    List<Host> clients = new ArrayList<>();
    List<Host> servers = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      clients.add(added(builder.farm("clients" + i, kernel(), 1 + draw(40))));
      servers.add(added(builder.host("server" + i, kernel())));
    }
    for (int i = 0; i < pairs; i++) {
      for (Host server : servers) {
        link(clients.get(i), server);
      }
      ChurnConfig config = new ChurnConfig();
      config.serverAddress = servers.get((i + draw(pairs)) % pairs).firstAddress();
      config.rateCount = rate;
      config.poisson = draw(2) == 0;
      config.untilNs = untilNs;
      ChurnClient client = new ChurnClient(config);
      churns.add(client);
      builder.application(clients.get(i), client);
      builder.application(
          servers.get(i),
          draw(4) == 0 ? new SlowServer(config.serverPort) : new ChurnServer(config));
    }
    return this;
  }

  private void link(Host client, Host server) {
    builder.link(client, server, 20_000_000L * (1 + draw(5)), MS + draw(4) * MS / 3, 20_000);
    if (draw(3) == 0) {
      builder.impair(client, server).loss(0.02).jitter(MS, draw(2) == 0);
      builder.impair(server, client).loss(0.02).duplication(0.02).reordering(0.05, 3 * MS);
    }
  }

  /** A flood without cookies, so that the SYN queue of the first server stays full. */
  ManyHosts flooded() {
    SysctlProfile few = kernel();
    few.set(Sysctl.TCP_SYNCOOKIES, 0);
    Host victim = added(builder.host("victim", few));
    Host clients = added(builder.farm("guests", kernel(), 30));
    builder.link(clients, victim, 0, 2 * MS, 0);
    ChurnConfig config = new ChurnConfig();
    config.serverAddress = victim.firstAddress();
    config.rateCount = 200;
    config.listenBacklog = 64;
    config.untilNs = S;
    ChurnClient client = new ChurnClient(config);
    churns.add(client);
    builder.application(clients, client).application(victim, new ChurnServer(config));
    SynFloodConfig flood = new SynFloodConfig();
    flood.victimAddress = victim.firstAddress();
    flood.rateCount = 20_000;
    flood.untilNs = S;
    flood.answering = clients;
    flood.answeringShare = 0.2;
    builder.flood("botnet", victim, new SynFlood(flood), 1_000_000_000L, 3 * MS);
    return this;
  }

  /** Clients, a proxy with few ports, and servers of which the last is slow to accept. */
  ManyHosts proxied(long untilNs) {
    SysctlProfile few = kernel();
    few.set(Sysctl.PORT_RANGE_LAST, few.get(Sysctl.PORT_RANGE_FIRST) + 199);
    Host clients = added(builder.farm("visitors", kernel(), 50));
    Host proxy = added(builder.host("proxy", few));
    builder.link(clients, proxy, 4_000_000L, 5 * MS, 3000);
    ReverseProxyConfig config = new ReverseProxyConfig();
    config.maxFails = 0;
    config.upstreamAddresses = new int[3];
    for (int i = 0; i < 3; i++) {
      Host server = added(builder.host("upstream" + i, kernel()));
      builder.link(proxy, server, 1_000_000_000L, MS, 0);
      config.upstreamAddresses[i] = server.firstAddress();
      OriginServerConfig origin = new OriginServerConfig();
      origin.listenBacklog = 4;
      builder.application(
          server, i == 2 ? new SlowServer(origin.listenPort) : new OriginServer(origin));
    }
    ClientFarmConfig load = new ClientFarmConfig();
    load.serverAddress = proxy.firstAddress();
    load.serverPort = config.listenPort;
    load.rateCount = 200;
    load.poisson = true;
    load.requestsPerClientConnection = 3;
    load.untilNs = untilNs;
    ClientFarm farm = new ClientFarm(load);
    farms.add(farm);
    builder.application(clients, farm).application(proxy, new ReverseProxy(config));
    return this;
  }

  private void sample(long nowNs) {
    StringBuilder s = new StringBuilder().append(nowNs);
    for (ChurnClient c : churns) {
      s.append(' ').append(c.offered()).append('/').append(c.completed());
    }
    for (ClientFarm f : farms) {
      s.append(' ').append(f.stats().offered()).append('/').append(f.stats().failed());
    }
    if (showMemory) {
      s.append(" bytes ").append(budget.usedBytes());
    }
    samples.add(s.toString());
  }

  /** Runs it and tells all that the run has left behind. */
  String run(int shards, int threads, long untilNs) {
    World w = builder.until(untilNs).shards(shards, 100_000).threads(threads).shareFrom(0).build();
    world = w;
    String ending = "complete";
    try {
      for (long t = 0; t < untilNs; t += untilNs / 4 / threads + draw(1000)) {
        w.run(t);
      }
      w.run(untilNs);
    } catch (MemoryRefused e) {
      ending = e.getMessage();
    }
    if (threads > 1 && w.shards() > 1 && w.windowsShared() == 0) {
      throw new AssertionError("one thread ran it all");
    }
    StringBuilder s = new StringBuilder(ending);
    s.append("\nat ").append(w.nowNs()).append(' ').append(RunDigest.toHex(w.digest()));
    s.append("\nevents ").append(w.events()).append(" sent ").append(w.packetsSent());
    s.append(" delivered ").append(w.packetsDelivered()).append(" dropped ");
    s.append(w.packetsDropped()).append(" nowhere ").append(w.packetsWithoutRoute());
    s.append(" twice ").append(w.packetsDuplicated()).append(" flying ");
    s.append(w.packetsInFlight()).append(" sockets ").append(w.socketsAlive()).append('\n');
    for (Host h : hosts) {
      describe(s.append(h.name()), w, h);
    }
    for (ChurnClient c : churns) {
      s.append(c.latency().total().getMean()).append(' ').append(c.failed()).append('\n');
    }
    if (showMemory) {
      s.append(budget.peakBytes()).append('\n').append(budget.bill());
    }
    return s + String.join("\n", samples) + "\n";
  }

  /** A counter of all hosts, after the run. */
  long counter(int mib) {
    return hosts.stream().mapToLong(h -> world.tcp(h).counter(mib)).sum();
  }

  private static void describe(StringBuilder s, World w, Host h) {
    for (int i = 0; i < Mib.COUNT; i++) {
      s.append(' ').append(w.tcp(h).counter(i));
    }
    for (int i = 0; i < SocketGauges.COUNT; i++) {
      s.append(' ').append(w.tcp(h).gauges().value(i));
      s.append('^').append(w.tcp(h).gauges().peak(i));
    }
    s.append(' ').append(RunDigest.toHex(h.digest().value())).append('\n');
  }

  /** Accepts a connection every 20 ms from a queue of four, and never answers. */
  private static final class SlowServer extends Application {
    private final int port;
    private int listener;

    SlowServer(int port) {
      this.port = port;
    }

    @Override
    public void start(long nowNs) {
      listener = sockets().listen(port, 4, dev.halfopen.tcp.SocketOptions.DEFAULT, 0);
      timerAt(20 * MS, 0, 0);
    }

    @Override
    public void onTimer(long nowNs, int kind, long argument) {
      sockets().accept(listener, 0);
      timerAt(nowNs + 20 * MS, 0, 0);
    }

    @Override
    public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {
      if ((bits & Sockets.END_OF_STREAM) != 0) {
        sockets().close(socket);
      }
    }
  }
}
