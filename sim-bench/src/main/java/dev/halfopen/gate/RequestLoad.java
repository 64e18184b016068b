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

/** Requests on connections that stay: 20,000 a second, one server, 10 ms away. */
final class RequestLoad implements GateLoad {
  private static final long PER_SECOND = 20_000;
  private static final int MACHINES = 1000;
  private static final long BITS_PER_SECOND = 100_000_000_000L;
  private static final long ONE_WAY_NS = 5_000_000;
  private static final int RESPONSE_BYTES = 1000;

  private final MemoryBudget budget = MemoryBudget.unlimited();
  private final ClientFarm clients;
  private final World world;

  RequestLoad() {
    WorldBuilder builder = new WorldBuilder(1, budget);
    Host farm = builder.farm("clients", new SysctlProfile(KernelProfile.LINUX_6_18), MACHINES);
    Host server = builder.host("server", new SysctlProfile(KernelProfile.LINUX_6_18));
    builder.link(farm, server, BITS_PER_SECOND, ONE_WAY_NS, 0);
    ClientFarmConfig config = new ClientFarmConfig();
    config.serverAddress = server.firstAddress();
    config.rateCount = PER_SECOND;
    config.responseBytes = Distribution.constant(RESPONSE_BYTES);
    config.latencyIntervalNs = Long.MAX_VALUE;
    config.successIntervalNs = 3600 * ClientFarmConfig.SECOND_NS;
    clients = new ClientFarm(config);
    builder
        .application(farm, clients)
        .application(server, new OriginServer(new OriginServerConfig()));
    world = builder.build();
  }

  @Override
  public double warmSeconds() {
    return 30;
  }

  @Override
  public double shortSeconds() {
    return 30;
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
  public long tableBytes() {
    return budget.usedBytes();
  }
}
