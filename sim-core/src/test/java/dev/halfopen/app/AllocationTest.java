package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * After the warm-up the simulation thread allocates nothing at all but what tables take as they
 * grow, and that they have reserved.
 */
class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long S = Scene.S;
  private static final int WARM_UP_SECONDS = 15;
  private static final int SLICES = 10;

  private static long allocatedBytes() {
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /**
   * The least that one of ten slices has allocated beyond what its tables have reserved: what the
   * stack allocates shows in each of them, what the virtual machine allocates when it recompiles
   * does not.
   */
  private static long bytesOf(World world, MemoryBudget memory, long fromNs, long toNs) {
    world.run(fromNs);
    allocatedBytes(); // the first call may itself allocate
    long least = Long.MAX_VALUE;
    long sliceNs = (toNs - fromNs) / SLICES;
    for (int i = 1; i <= SLICES; i++) {
      long granted = memory.grantedBytes();
      long before = allocatedBytes();
      world.run(fromNs + i * sliceNs);
      long allocated = allocatedBytes() - before;
      least = Math.min(least, allocated - (memory.grantedBytes() - granted));
    }
    return least;
  }

  @Test
  void aMillionConnectionsAllocateNothing() {
    MemoryBudget memory = MemoryBudget.unlimited();
    WorldBuilder builder = new WorldBuilder(1, memory);
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
    long granted = memory.grantedBytes();
    assertThat(bytesOf(world, memory, 200 * S, 300 * S)).isZero();
    assertThat(memory.grantedBytes()).isGreaterThan(granted);
    assertThat(client.completed()).isGreaterThan(2_990_000);
    assertThat(client.failed() + client.refused()).isZero();
  }

  private static Arguments role(String name, Supplier<Stages.Stage> stage) {
    return arguments(name, stage);
  }

  static Stream<Arguments> roles() {
    return Stream.of(
        role("origin server and its clients' reused connections", Stages::originServer),
        role("origin server with few workers, connections and files", Stages::limitedServer),
        role("proxy without reuse that runs out of ports", Stages::proxyWithoutPorts),
        role("proxy that reuses connections on both sides", Stages::proxyWithPool),
        role("proxy whose upstreams die", Stages::proxyWithDeadUpstream),
        role("pages that a proxy puts together", Stages::pagesAtProxy),
        role("pages that browsers put together", Stages::pagesAtBrowser),
        role("clients in a closed loop", Stages::closedLoop),
        role("retries without jitter", () -> Stages.retries(RetryConfig.Jitter.NONE, -1)),
        role("retries with full jitter", () -> Stages.retries(RetryConfig.Jitter.FULL, -1)),
        role(
            "retries with decorrelated jitter and a budget",
            () -> Stages.retries(RetryConfig.Jitter.DECORRELATED, 100)),
        role("application server, pool, database, resolver", Stages::database),
        role("pool that checks, pings and leaks", Stages::restlessPool),
        role("pool whose database hangs", Stages::hangingDatabase),
        role("pool that gets no connection", Stages::fullDatabase),
        role("held connections", Stages::heldConnections),
        role("floods of every form without cookies", () -> Stages.floods(0)),
        role("floods of every form with cookies", () -> Stages.floods(1)),
        role("floods of every form with nothing but cookies", () -> Stages.floods(2)),
        role("flood through cores and connection tracking", Stages::coresAndConntrack),
        role("responder before lossy links", Stages::responder));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("roles")
  void aRoleAllocatesNothing(String name, Supplier<Stages.Stage> role) {
    Stages.Stage stage = role.get();
    long warm = WARM_UP_SECONDS * S;
    stage.world().run(warm);
    long done = stage.work().getAsLong();
    assertThat(bytesOf(stage.world(), stage.memory(), warm, warm + SLICES * S)).as(name).isZero();
    assertThat(stage.work().getAsLong()).as("work done by: " + name).isGreaterThan(done);
  }
}
