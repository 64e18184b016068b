package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.ConntrackConfig;
import dev.halfopen.net.CpuConfig;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** After the warm-up the simulation thread allocates nothing at all. */
class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long S = Scene.S;

  private static long allocatedBytes() {
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /**
   * The least that one of ten slices has allocated: what the stack allocates shows in each of them,
   * what the virtual machine allocates when it recompiles does not.
   */
  private static long bytesOf(World world, long fromNs, long toNs) {
    world.run(fromNs);
    allocatedBytes(); // the first call may itself allocate
    long least = Long.MAX_VALUE;
    long sliceNs = (toNs - fromNs) / 10;
    for (int i = 1; i <= 10; i++) {
      long before = allocatedBytes();
      world.run(fromNs + i * sliceNs);
      least = Math.min(least, allocatedBytes() - before);
    }
    return least;
  }

  @Test
  void aMillionConnectionsAllocateNothing() {
    WorldBuilder builder = new WorldBuilder(1, MemoryBudget.unlimited());
    // So many addresses that none gets crowded: a port pool made late is a table that grows.
    Host clients = builder.farm("clients", new SysctlProfile(KernelProfile.LINUX_6_18), 1000);
    Host server = builder.host("server", new SysctlProfile(KernelProfile.LINUX_6_18));
    builder.link(clients, server, 10_000_000_000L, S / 2000, 1 << 24);
    ChurnConfig config = new ChurnConfig();
    config.serverAddress = server.firstAddress();
    config.rateCount = 10_000;
    ChurnClient client = new ChurnClient(config);
    builder.application(clients, client).application(server, new ChurnServer(config));
    World world = builder.build();
    assertThat(bytesOf(world, 200 * S, 300 * S)).isZero();
    assertThat(client.completed()).isGreaterThan(2_990_000);
    assertThat(client.failed() + client.refused()).isZero();
  }

  @Test
  void aProxyWithoutPortsAllocatesNothing() {
    Scene scene = new Scene(2);
    scene.proxyConfig.maxFails = 1;
    scene.load.rateCount = 1000;
    scene.load.poisson = true;
    scene.load.untilNs = 300 * S;
    scene.load.latencyIntervalNs = 1000 * S;
    scene.originConfig.serviceTime = Distribution.logNormal(5e6, 50e6);
    World world = scene.start();
    assertThat(bytesOf(world, 150 * S, 300 * S)).isZero();
    assertThat(scene.farm.stats().failed()).isPositive();
  }

  @Test
  void aProxyWithAPoolAllocatesNothing() {
    Scene scene = new Scene(2);
    scene.load.rateCount = 1000;
    scene.load.poisson = true;
    scene.load.untilNs = 300 * S;
    scene.load.latencyIntervalNs = 1000 * S;
    scene.proxyConfig.idlePool = 4;
    scene.originConfig.serviceTime = Distribution.exponential(5e6);
    World world = scene.start();
    assertThat(bytesOf(world, 150 * S, 300 * S)).isZero();
    assertThat(scene.proxied().reused()).isPositive();
  }

  @Test
  void pagesAndWorkersAllocateNothing() {
    Scene scene = new Scene(2);
    scene.load.rateCount = 100;
    scene.load.poisson = true;
    scene.load.untilNs = 300 * S;
    scene.load.latencyIntervalNs = 1000 * S;
    scene.proxyConfig.fanOut = 10;
    scene.proxyConfig.idlePool = 30;
    scene.proxyConfig.connectionsMax = 2000;
    scene.originConfig.workers = 4;
    scene.originConfig.serviceTime = Distribution.exponential(5e6);
    World world = scene.start();
    assertThat(bytesOf(world, 150 * S, 300 * S)).isZero();
    assertThat(scene.origins[0].workers().refusals()).isPositive();
  }

  @Test
  void pagesThatBrowsersPutTogetherAllocateNothing() {
    Scene scene = new Scene(2);
    scene.load.fanOut = 10;
    scene.load.rateCount = 20;
    scene.load.poisson = true;
    scene.load.untilNs = 300 * S;
    scene.load.latencyIntervalNs = 1000 * S;
    scene.load.requestsPerClientConnection = 6;
    scene.proxyConfig.idlePool = 30;
    scene.originConfig.serviceTime = Distribution.exponential(5e6);
    World world = scene.start();
    assertThat(bytesOf(world, 150 * S, 300 * S)).isZero();
    assertThat(scene.farm.stats().succeeded()).isPositive();
  }

  @Test
  void aFloodThroughCoresAndConntrackAllocatesNothing() {
    WorldBuilder builder = new WorldBuilder(1, MemoryBudget.unlimited());
    Host server = builder.host("server", new SysctlProfile(KernelProfile.LINUX_6_18));
    CpuConfig cpu = new CpuConfig();
    cpu.perSynNs = 30_000;
    cpu.perCookieNs = 30_000;
    cpu.perPacketNs = 10_000;
    builder.cpu(server, cpu);
    ConntrackConfig conntrack = new ConntrackConfig();
    conntrack.max = 20_000;
    builder.conntrack(server, conntrack);
    OriginServerConfig origin = new OriginServerConfig();
    origin.listenBacklog = 128;
    origin.acceptTime = Distribution.exponential(1e6);
    builder.application(server, new OriginServer(origin));
    SynFloodConfig flood = new SynFloodConfig();
    flood.victimAddress = server.firstAddress();
    flood.victimPort = origin.listenPort;
    flood.schedule = new RateSchedule(new long[] {0, 10 * S}, new double[] {0, 40_000});
    builder.flood("botnet", server, new SynFlood(flood), 10_000_000_000L, S / 1000);
    World world = builder.build();
    assertThat(bytesOf(world, 30 * S, 50 * S)).isZero();
    assertThat(server.conntrack().earlyDrops()).isPositive();
    assertThat(server.cpu().waiting().refusals()).isPositive();
  }

  @Test
  void aPoolBeforeADatabaseAllocatesNothing() {
    DatabaseScene scene = new DatabaseScene();
    scene.load.latencyIntervalNs = 1000 * S;
    scene.load.untilNs = 300 * S;
    scene.pool.maxLifetimeNs = 20 * S;
    scene.run(S);
    assertThat(bytesOf(scene.world, 150 * S, 300 * S)).isZero();
    assertThat(scene.finish().failed()).isZero();
  }
}
