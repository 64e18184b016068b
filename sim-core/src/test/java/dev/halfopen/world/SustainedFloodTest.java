package dev.halfopen.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.app.ClientFarm;
import dev.halfopen.app.ClientFarmConfig;
import dev.halfopen.app.OriginServer;
import dev.halfopen.app.OriginServerConfig;
import dev.halfopen.app.SynFlood;
import dev.halfopen.app.SynFloodConfig;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Sysctl;
import dev.halfopen.tcp.SysctlProfile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A flood that lasts against tcp_syncookies=0, as measured on Linux 6.18 (oracle O3, sustained):
 * the queue is empty at first; a client comes every 0.5 s for 30 s, 60 in all.
 */
class SustainedFloodTest {
  private static final long MS = 1_000_000;
  private static final long S = 1000 * MS;
  private static final int SEEDS = 40;
  private static final int PORT = 80;
  private static final long PROMPT_NS = 100 * MS;

  @ParameterizedTest(name = "backlog {0}, {1} SYN/s: {2} of 60 measured")
  @CsvSource({"128, 10, 60", "128, 30, 22", "128, 50, 15", "128, 500, 2", "1024, 500, 12"})
  void asManyClientsConnectAtOnceAsMeasured(int backlog, int synsPerSecond, int measured) {
    int least = Integer.MAX_VALUE;
    int most = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      int connected = connectedAtOnce(seed, backlog, synsPerSecond);
      least = Math.min(least, connected);
      most = Math.max(most, connected);
    }
    assertThat(measured)
        .as("%d seeds connect %d..%d clients within 100 ms", SEEDS, least, most)
        .isBetween(least - 1, most + 1);
    // Two thirds of the clients more or less would not be a range that says anything.
    assertThat(most - least).isLessThanOrEqualTo(10);
  }

  private static int connectedAtOnce(long seed, int backlog, int synsPerSecond) {
    WorldBuilder builder = new WorldBuilder(seed, MemoryBudget.unlimited());
    SysctlProfile server = new SysctlProfile(KernelProfile.LINUX_6_18);
    server.set(Sysctl.TCP_SYNCOOKIES, 0);
    server.set(Sysctl.TCP_NO_METRICS_SAVE, 1);
    server.set(Sysctl.TCP_MAX_SYN_BACKLOG, 2048);
    Host victim = builder.host("victim", server);
    Host clients = builder.farm("clients", new SysctlProfile(KernelProfile.LINUX_6_18), 60);
    builder.link(clients, victim, 0, MS / 20, 0);
    ClientFarm farm = new ClientFarm(load(victim, seed * S / 2 / SEEDS));
    OriginServerConfig origin = new OriginServerConfig();
    origin.listenPort = PORT;
    origin.listenBacklog = backlog;
    builder.application(clients, farm).application(victim, new OriginServer(origin));
    SynFloodConfig flood = new SynFloodConfig();
    flood.victimAddress = victim.firstAddress();
    flood.victimPort = PORT;
    flood.rateCount = synsPerSecond;
    flood.untilNs = 30 * S;
    builder.flood("botnet", victim, new SynFlood(flood), 0, MS / 20);
    World world = builder.build();
    world.run(31 * S);
    farm.finish(world.nowNs());
    assertThat(farm.stats().offered()).isEqualTo(60);
    return (int) farm.stats().connect().total().getCountBetweenValues(0, PROMPT_NS);
  }

  private static ClientFarmConfig load(Host victim, long firstNs) {
    ClientFarmConfig load = new ClientFarmConfig();
    load.serverAddress = victim.firstAddress();
    load.serverPort = PORT;
    load.rateCount = 2;
    load.fromNs = firstNs;
    load.requestsMax = 60;
    load.requestsPerClientConnection = 1;
    load.timeoutNs = 20 * S;
    return load;
  }
}
