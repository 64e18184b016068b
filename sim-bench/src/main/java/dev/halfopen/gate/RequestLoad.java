package dev.halfopen.gate;

import dev.halfopen.app.ClientFarm;
import dev.halfopen.app.ClientFarmConfig;
import dev.halfopen.app.Distribution;
import dev.halfopen.app.OriginServer;
import dev.halfopen.app.OriginServerConfig;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;

/** Requests on connections that stay, one server. */
final class RequestLoad implements GateLoad {
  private static final long BITS_PER_SECOND = 100_000_000_000L;

  private final MemoryBudget budget = MemoryBudget.unlimited();
  private final ClientFarm clients;
  private final World world;
  private final double warmSeconds;

  private RequestLoad(
      long perSecond, int machines, int responseBytes, long oneWayNs, double warmSeconds) {
    this.warmSeconds = warmSeconds;
    WorldBuilder builder = new WorldBuilder(1, budget);
    Host farm = builder.farm("clients", new SysctlProfile(KernelProfile.LINUX_6_18), machines);
    Host server = builder.host("server", new SysctlProfile(KernelProfile.LINUX_6_18));
    builder.link(farm, server, BITS_PER_SECOND, oneWayNs, 0);
    ClientFarmConfig config = new ClientFarmConfig();
    config.serverAddress = server.firstAddress();
    config.rateCount = perSecond;
    config.responseBytes = Distribution.constant(responseBytes);
    config.latencyIntervalNs = Long.MAX_VALUE;
    config.successIntervalNs = 3600 * ClientFarmConfig.SECOND_NS;
    clients = new ClientFarm(config);
    builder
        .application(farm, clients)
        .application(server, new OriginServer(new OriginServerConfig()));
    world = builder.build();
  }

  /** 20,000 requests a second for 1000 bytes each, 10 ms away. */
  static RequestLoad small() {
    return new RequestLoad(20_000, 1000, 1000, 5_000_000, 30);
  }

  /** Bulk: 50 responses a second of 8,000,000 bytes each to ten machines, 1 ms away, no loss. */
  static RequestLoad bulk() {
    return new RequestLoad(50, 10, 8_000_000, 500_000, 3);
  }

  @Override
  public double warmSeconds() {
    return warmSeconds;
  }

  @Override
  public double shortSeconds() {
    return warmSeconds;
  }

  @Override
  public World world() {
    return world;
  }

  @Override
  public long done() {
    return clients.stats().succeeded();
  }

  @Override
  public long failed() {
    return clients.stats().failed();
  }

  @Override
  public long grantedBytes() {
    return budget.grantedBytes();
  }
}
