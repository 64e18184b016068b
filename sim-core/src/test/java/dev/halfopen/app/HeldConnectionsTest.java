package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;
import org.junit.jupiter.api.Test;

/** Forty connections, held to two servers 1 ms away; pages on ten of them each. */
class HeldConnectionsTest {
  private static final long MS = 1_000_000;
  private static final long S = 1000 * MS;

  private final WorldBuilder builder = new WorldBuilder(5, MemoryBudget.unlimited());
  private final Host front = builder.host("front", kernel());
  private final HeldConnectionsConfig config = new HeldConnectionsConfig();
  private final OriginServerConfig originConfig = new OriginServerConfig();
  private final OriginServer[] origins = new OriginServer[2];
  private final HeldConnections held;

  HeldConnectionsTest() {
    config.serverAddresses = new int[origins.length];
    originConfig.listenPort = config.serverPort;
    originConfig.idleTimeoutNs = 0;
    for (int i = 0; i < origins.length; i++) {
      Host server = builder.host("server-" + i, kernel());
      builder.link(front, server, 10_000_000_000L, MS / 2, 1 << 24);
      origins[i] = new OriginServer(originConfig);
      builder.application(server, origins[i]);
      config.serverAddresses[i] = server.firstAddress();
    }
    config.connections = 40;
    config.perRequest = 10;
    config.requests.rateCount = 10;
    config.requests.untilNs = 12 * S;
    held = new HeldConnections(config);
  }

  private static SysctlProfile kernel() {
    return new SysctlProfile(KernelProfile.LINUX_6_18);
  }

  private LoadStats run(long ns) {
    World world = builder.application(front, held).build();
    world.run(ns);
    held.finish(ns);
    return held.stats();
  }

  @Test
  void aPageIsOverWithTheLastAnswerOfItsGroup() {
    originConfig.serviceTime = Distribution.exponential(5 * MS);
    LoadStats stats = run(20 * S);
    // 40 connections at 1000/s and two seconds: the first page is due at 2.04 s.
    assertThat(stats.offered()).isEqualTo(100);
    assertThat(stats.succeeded()).isEqualTo(100);
    assertThat(stats.attempts()).isEqualTo(1000);
    assertThat(origins[0].responses()).isEqualTo(500);
    assertThat(held.established()).isEqualTo(40);
    assertThat(held.gone()).isZero();
    assertThat(stats.request().total().getMean()).isBetween(12.0 * MS, 20.0 * MS);
  }

  @Test
  void aPageIsGivenUpAfterItsTimeoutAndItsConnectionsAreClosed() {
    originConfig.serviceTime = Distribution.constant(100 * S);
    config.requests.rateCount = 1;
    LoadStats stats = run(40 * S);
    assertThat(stats.offered()).isEqualTo(10);
    assertThat(stats.failures(FailureCause.CLIENT_TIMEOUT)).isEqualTo(4);
    assertThat(stats.failures(FailureCause.NO_IDLE_CONNECTION)).isEqualTo(6);
    // Four groups wait for 30 s; the other six pages find none that is idle.
    assertThat(stats.timeToFailure().total().getMinValue()).isZero();
    assertThat(stats.timeToFailure().total().getMaxValue()).isBetween(30 * S, 30 * S + 30 * MS);
    assertThat(held.gone()).isEqualTo(40);
    assertThat(stats.unfinished()).isZero();
  }

  @Test
  void aPageThatIsNeverGivenUpIsUnfinished() {
    originConfig.serviceTime = Distribution.constant(100 * S);
    config.requests.rateCount = 1;
    config.requests.timeoutNs = 0;
    LoadStats stats = run(40 * S);
    assertThat(stats.unfinished()).isEqualTo(4);
    assertThat(held.gone()).isZero();
  }
}
