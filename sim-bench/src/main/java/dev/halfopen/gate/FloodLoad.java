package dev.halfopen.gate;

import dev.halfopen.app.ChurnClient;
import dev.halfopen.app.ChurnConfig;
import dev.halfopen.app.ChurnServer;
import dev.halfopen.app.SynFlood;
import dev.halfopen.app.SynFloodConfig;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;

/** A million forged SYNs a second against SYN cookies, 100 real clients a second beside. */
final class FloodLoad implements GateLoad {
  private static final long SYNS_PER_SECOND = 1_000_000;
  private static final long CLIENTS_PER_SECOND = 100;
  private static final int MACHINES = 64;
  private static final long BITS_PER_SECOND = 10_000_000_000L;
  private static final long ONE_WAY_NS = 5_000_000;

  private final MemoryBudget budget = MemoryBudget.unlimited();
  private final ChurnClient client;
  private final SynFlood flood;
  private final World world;

  FloodLoad() {
    WorldBuilder builder = new WorldBuilder(1, budget);
    Host farm = builder.farm("clients", new SysctlProfile(KernelProfile.LINUX_6_18), MACHINES);
    Host server = builder.host("server", new SysctlProfile(KernelProfile.LINUX_6_18));
    builder.link(farm, server, BITS_PER_SECOND, ONE_WAY_NS, 0);
    ChurnConfig churn = new ChurnConfig();
    churn.serverAddress = server.firstAddress();
    churn.rateCount = CLIENTS_PER_SECOND;
    client = new ChurnClient(churn);
    builder.application(farm, client).application(server, new ChurnServer(churn));
    SynFloodConfig syns = new SynFloodConfig();
    syns.victimAddress = server.firstAddress();
    syns.victimPort = churn.serverPort;
    syns.rateCount = SYNS_PER_SECOND;
    flood = new SynFlood(syns);
    builder.flood("botnet", server, flood, BITS_PER_SECOND, ONE_WAY_NS);
    world = builder.build();
  }

  @Override
  public double warmSeconds() {
    return 5;
  }

  @Override
  public double shortSeconds() {
    return 5;
  }

  @Override
  public World world() {
    return world;
  }

  @Override
  public long done() {
    return flood.sent();
  }

  @Override
  public long failed() {
    return client.failed() + client.refused();
  }

  @Override
  public long grantedBytes() {
    return budget.grantedBytes();
  }
}
