package dev.halfopen.app;

import static dev.halfopen.app.Scene.MS;
import static dev.halfopen.app.Scene.S;
import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.tcp.Sysctl;
import dev.halfopen.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A proxy that waits without limits, and a network that is cut beside it at 5 s, when all is
 * acknowledged: only SO_KEEPALIVE, so_keepalive towards clients and proxy_socket_keepalive towards
 * upstreams, finds the other end dead, after 30 s + 3 probes of 4 s of silence.
 */
class ProxyKeepaliveTest {
  private static final long CUT = 5 * S;
  private static final long DEAD_AFTER = (30 + 3 * 4) * S;

  /** Each of four timers fires in a granule of its own: 30 s within 4.096 s, 4 s within 0.512 s. */
  private static final long ROUNDING = 4096 * MS + 3 * 512 * MS;

  private final Scene scene = new Scene(1);

  @BeforeEach
  void onlyKeepaliveEndsAnything() {
    scene.load.timeoutNs = 0;
    scene.load.requestsMax = 1;
    scene.proxyConfig.readTimeoutNs = 0;
    scene.proxyConfig.idleTimeoutNs = 0;
    scene.proxyConfig.idlePool = 8;
    scene.proxySysctl.set(Sysctl.TCP_KEEPALIVE_TIME, 30);
    scene.proxySysctl.set(Sysctl.TCP_KEEPALIVE_INTVL, 4);
    scene.proxySysctl.set(Sysctl.TCP_KEEPALIVE_PROBES, 3);
  }

  private void upstreamsAreProbed() {
    scene.proxyConfig.upstreamOptions = PoolConfig.driver(true, 0);
  }

  private void clientsAreProbed() {
    scene.proxyConfig.listenOptions = PoolConfig.driver(true, 0);
  }

  private World cutOff(boolean upstream) {
    if (upstream) {
      scene.faults().partition(scene.proxyHost(), scene.upstream(0), CUT, Long.MAX_VALUE);
    } else {
      scene.faults().partition(scene.proxyHost(), scene.clients(), CUT, Long.MAX_VALUE);
    }
    return scene.start();
  }

  @Test
  void aRequestAtADeadUpstreamHangsForEverWithoutKeepalive() {
    scene.originConfig.serviceTime = Distribution.constant(10 * S);
    clientsAreProbed();
    cutOff(true).run(3 * 3600 * S);
    assertThat(scene.farm.stats().failed() + scene.farm.stats().succeeded()).isZero();
    assertThat(scene.proxy.upstreamConnections()).isEqualTo(1);
  }

  @Test
  void aRequestAtADeadUpstreamEndsWhenItsProbesAreUnanswered() {
    scene.originConfig.serviceTime = Distribution.constant(10 * S);
    upstreamsAreProbed();
    cutOff(true).run(200 * S);
    LoadStats stats = scene.farm.stats();
    assertThat(stats.failures(FailureCause.ETIMEDOUT)).isEqualTo(1);
    assertThat(stats.seenAs(SeenAs.STATUS_502)).isEqualTo(1);
    assertThat(stats.timeToFailure().total().getMaxValue())
        .isBetween(DEAD_AFTER, DEAD_AFTER + ROUNDING);
    assertThat(scene.proxy.upstreamConnections()).isZero();
  }

  @Test
  void aKeptConnectionToADeadUpstreamIsGivenUp() {
    upstreamsAreProbed();
    World world = cutOff(true);
    world.run(DEAD_AFTER - S);
    assertThat(scene.proxy.upstreamConnections()).isEqualTo(1);
    world.run(DEAD_AFTER + ROUNDING + S);
    assertThat(scene.proxy.upstreamConnections()).isZero();
    assertThat(scene.proxied().closesByError()).isEqualTo(1);
  }

  @Test
  void aConnectionOfADeadClientIsKeptForEverWithoutKeepalive() {
    upstreamsAreProbed();
    scene.proxyConfig.idlePool = 0;
    cutOff(false).run(3 * 3600 * S);
    assertThat(scene.proxy.connections().value()).isEqualTo(1);
  }

  @Test
  void aConnectionOfADeadClientIsGivenUp() {
    clientsAreProbed();
    scene.proxyConfig.idlePool = 0;
    World world = cutOff(false);
    world.run(DEAD_AFTER - S);
    assertThat(scene.proxy.connections().value()).isEqualTo(1);
    world.run(DEAD_AFTER + ROUNDING + S);
    assertThat(scene.proxy.connections().value()).isZero();
    assertThat(scene.proxy.files().value()).isZero();
  }

  @Test
  void whoAnswersProbesIsKept() {
    upstreamsAreProbed();
    clientsAreProbed();
    scene.start().run(3600 * S);
    assertThat(scene.proxy.connections().value()).isEqualTo(2);
  }
}
