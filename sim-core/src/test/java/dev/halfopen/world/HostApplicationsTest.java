package dev.halfopen.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.app.Application;
import dev.halfopen.app.ChurnClient;
import dev.halfopen.app.ChurnConfig;
import dev.halfopen.app.ChurnServer;
import dev.halfopen.app.ClientFarm;
import dev.halfopen.app.ClientFarmConfig;
import dev.halfopen.app.Distribution;
import dev.halfopen.app.LoadStats;
import dev.halfopen.app.OriginServer;
import dev.halfopen.app.OriginServerConfig;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SysctlProfile;
import org.junit.jupiter.api.Test;

/** Several applications on one host: each is told of its own sockets and timers only. */
class HostApplicationsTest {
  private static final long S = 1_000_000_000L;
  private static final int FIRST_PORT = 8081;

  private final WorldBuilder builder = new WorldBuilder(1, MemoryBudget.unlimited());
  private final Host clients =
      builder.farm("clients", new SysctlProfile(KernelProfile.LINUX_6_18), 100);
  private final Host servers = builder.host("servers", new SysctlProfile(KernelProfile.LINUX_6_18));

  private OriginServer server(int port, long serviceNs) {
    OriginServerConfig config = new OriginServerConfig();
    config.listenPort = port;
    config.serviceTime = Distribution.constant(serviceNs);
    OriginServer server = new OriginServer(config);
    builder.application(servers, server);
    return server;
  }

  private ClientFarm load(int port, int perSecond) {
    ClientFarmConfig config = new ClientFarmConfig();
    config.serverAddress = servers.firstAddress();
    config.serverPort = port;
    config.rateCount = perSecond;
    config.poisson = true;
    config.untilNs = 10 * S;
    ClientFarm farm = new ClientFarm(config);
    builder.application(clients, farm);
    return farm;
  }

  @Test
  void eachLoadIsAnsweredByItsOwnServerInItsOwnTime() {
    builder.link(clients, servers, 0, S / 1000, 0);
    OriginServer[] server = new OriginServer[3];
    ClientFarm[] farm = new ClientFarm[3];
    for (int i = 0; i < 3; i++) {
      server[i] = server(FIRST_PORT + i, i * 10_000_000L);
      farm[i] = load(FIRST_PORT + i, 50 * (i + 1));
    }
    World world = builder.build();
    world.run(20 * S);
    for (int i = 0; i < 3; i++) {
      farm[i].finish(world.nowNs());
      LoadStats stats = farm[i].stats();
      assertThat(stats.offered()).isBetween(400L * (i + 1), 600L * (i + 1));
      assertThat(stats.succeeded()).isEqualTo(stats.offered());
      assertThat(server[i].requests()).isEqualTo(stats.offered());
      long leastNs = 2 * S / 1000 + i * 10_000_000L;
      assertThat(stats.request().total().getMinValue()).isGreaterThanOrEqualTo(leastNs * 99 / 100);
      assertThat(stats.request().total().getMaxValue()).isLessThan(leastNs + 4 * S / 1000);
    }
  }

  @Test
  void twoLoadsOfOneFarmDrawTheirOwnRandomNumbers() {
    builder.link(clients, servers, 0, S / 1000, 0);
    server(FIRST_PORT, 0);
    ClientFarm first = load(FIRST_PORT, 50);
    ClientFarm second = load(FIRST_PORT, 50);
    World world = builder.build();
    world.run(20 * S);
    assertThat(first.stats().offered()).isNotEqualTo(second.stats().offered());
  }

  /** Does nothing but count how often it is asked what it will do. */
  private static final class Asked extends Application {
    private final boolean foresees;
    private long times;

    Asked(boolean foresees) {
      this.foresees = foresees;
    }

    @Override
    public void start(long nowNs) {}

    @Override
    public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {}

    @Override
    public void onTimer(long nowNs, int kind, long argument) {}

    @Override
    public boolean foresees() {
      return foresees;
    }

    @Override
    public void foresee(long untilNs) {
      times++;
    }
  }

  /** Connections with 180,000 TIME_WAITs in the end, enough that what comes next is read ahead. */
  private void churn(Asked... others) {
    builder.link(clients, servers, 0, S / 1000, 0);
    ChurnConfig config = new ChurnConfig();
    config.serverAddress = servers.firstAddress();
    config.rateCount = 20_000;
    builder.application(clients, new ChurnClient(config));
    builder.application(servers, new ChurnServer(config));
    for (Asked each : others) {
      builder.application(clients, each);
    }
    World world = builder.build();
    world.run(5 * S);
    for (Asked each : others) {
      assertThat(each.times).as("while the tables are small").isZero();
    }
    world.run(9 * S);
  }

  @Test
  void thoseThatForeseeAreAskedWhatTheyWillDoOnceTablesAreLarge() {
    Asked foresees = new Asked(true);
    Asked another = new Asked(false);
    churn(foresees, another);
    assertThat(foresees.times).isGreaterThan(100);
    assertThat(another.times).isZero();
  }
}
