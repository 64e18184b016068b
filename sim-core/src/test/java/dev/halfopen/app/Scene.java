package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.Sysctl;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.world.Faults;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;

/**
 * Clients, a proxy with 1000 ports and upstreams, 1 ms apart; what a test changes, it changes
 * first.
 */
final class Scene {
  static final long MS = 1_000_000;
  static final long S = 1000 * MS;
  private static final long TEN_GBIT = 10_000_000_000L;
  private static final long QUEUE = 1 << 24;
  private static final int ADDRESSES = 200;

  final ClientFarmConfig load = new ClientFarmConfig();
  final ReverseProxyConfig proxyConfig = new ReverseProxyConfig();
  final OriginServerConfig originConfig = new OriginServerConfig();
  final SysctlProfile proxySysctl = new SysctlProfile(KernelProfile.LINUX_6_18);

  final MemoryBudget memory = MemoryBudget.unlimited();
  private final WorldBuilder builder = new WorldBuilder(1, memory);
  private final Host clients = builder.farm("clients", kernel(), ADDRESSES);
  private final Host proxyHost = builder.host("proxy", proxySysctl);
  private final Host[] upstreamHosts;
  private World world;
  ClientFarm farm;
  ReverseProxy proxy;
  final OriginServer[] origins;

  Scene(int upstreams) {
    this(upstreams, MS);
  }

  /** With another round trip between proxy and upstreams. */
  Scene(int upstreams, long roundTripNs) {
    ports(1000);
    upstreamHosts = new Host[upstreams];
    origins = new OriginServer[upstreams];
    proxyConfig.upstreamAddresses = new int[upstreams];
    builder.link(clients, proxyHost, TEN_GBIT, MS / 2, QUEUE);
    for (int i = 0; i < upstreams; i++) {
      upstreamHosts[i] = builder.host("upstream-" + (i + 1), kernel());
      builder.link(proxyHost, upstreamHosts[i], TEN_GBIT, roundTripNs / 2, QUEUE);
      proxyConfig.upstreamAddresses[i] = upstreamHosts[i].firstAddress();
    }
    load.serverAddress = proxyHost.firstAddress();
    load.serverPort = proxyConfig.listenPort;
    load.rateCount = 100;
    proxyConfig.maxFails = 0;
    proxyConfig.clockPhaseNs = S / 2;
  }

  private static SysctlProfile kernel() {
    return new SysctlProfile(KernelProfile.LINUX_6_18);
  }

  Scene ports(int count) {
    long first = proxySysctl.get(Sysctl.PORT_RANGE_FIRST);
    proxySysctl.set(Sysctl.PORT_RANGE_LAST, first + count - 1);
    return this;
  }

  /** Makes the first upstream one that nobody answers for. */
  Scene darkUpstream() {
    proxyConfig.upstreamAddresses[0] = 192 << 24 | 1;
    return this;
  }

  /** Offers the load for so long, then lets what is under way end. */
  LoadStats run(int seconds) {
    load.untilNs = seconds * S;
    start();
    world.run(seconds * S + load.timeoutNs + S);
    farm.finish(world.nowNs());
    return farm.stats();
  }

  World start() {
    farm = new ClientFarm(load);
    proxy = new ReverseProxy(proxyConfig);
    builder.application(clients, farm).application(proxyHost, proxy);
    for (int i = 0; i < origins.length; i++) {
      origins[i] = new OriginServer(originConfig);
      builder.application(upstreamHosts[i], origins[i]);
    }
    world = builder.build();
    return world;
  }

  /** To be planned before the start. */
  Faults faults() {
    return builder.faults();
  }

  Host proxyHost() {
    return proxyHost;
  }

  Host clients() {
    return clients;
  }

  Host upstream(int i) {
    return upstreamHosts[i];
  }

  ProxyStats proxied() {
    return proxy.stats();
  }

  long proxyTimeWaits() {
    return world.tcp(proxyHost).counter(Mib.TW);
  }

  long digest() {
    return world.digest();
  }
}
