package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.app.ReverseProxyConfig.Closer;
import dev.halfopen.tcp.Sysctl;
import org.junit.jupiter.api.Test;

/** What a real nginx was measured to do with 1000 ports, oracle O11, and its retry rules. */
class ReverseProxyTest {
  private static final long S = Scene.S;
  private static final FailureCause NO_PORT = FailureCause.EADDRNOTAVAIL;

  @Test
  void runsOutAfterAsManyRequestsAsThereArePorts() {
    Scene scene = new Scene(1);
    LoadStats stats = scene.run(150);
    assertThat(stats.firstFailureIndex()).isEqualTo(1000);
    assertThat(stats.firstFailureDueNs()).isEqualTo(10 * S);
    assertThat(stats.succeededBeforeFirstFailure()).isEqualTo(1000);
    assertThat(stats.succeeded()).isBetween(3000L, 3150L);
    assertThat(stats.offered()).isEqualTo(15_000);
    assertThat(stats.unfinished()).isZero();
    assertThat(stats.failures(NO_PORT)).isEqualTo(stats.failed());
    assertThat(stats.seenAs(SeenAs.STATUS_502)).isEqualTo(stats.failed());
    assertThat(stats.connections()).isEqualTo(1);
    assertThat(scene.proxied().closesByProxy()).isEqualTo(stats.succeeded());
  }

  @Test
  void twoUpstreamsServeTwiceAsMany() {
    LoadStats stats = new Scene(2).run(150);
    assertThat(stats.firstFailureIndex()).isEqualTo(2000);
    assertThat(stats.succeeded()).isBetween(6000L, 6150L);
  }

  @Test
  void maxFailsHidesTheCauseButItIsKept() {
    Scene scene = new Scene(2);
    scene.proxyConfig.maxFails = 1;
    LoadStats stats = scene.run(90);
    assertThat(stats.firstFailureIndex()).isEqualTo(2000);
    assertThat(stats.failed()).isEqualTo(5000);
    assertThat(scene.proxied().noLiveUpstreams()).isEqualTo(4996);
    assertThat(scene.proxied().peerFailures(NO_PORT)).isEqualTo(10);
    assertThat(stats.failures(NO_PORT)).isEqualTo(5000);
    assertThat(stats.firstReturnDueNs()).isEqualTo(63 * S + S / 2);
  }

  @Test
  void portsComeBackInTimeForFifteenRequestsASecond() {
    Scene scene = new Scene(1);
    scene.load.rateCount = 15;
    assertThat(scene.run(150).failed()).isZero();
  }

  @Test
  void reusedTimeWaitsNeverRunOut() {
    Scene scene = new Scene(1);
    scene.proxySysctl.set(Sysctl.TCP_TW_REUSE, 1);
    assertThat(scene.run(150).failed()).isZero();
  }

  @Test
  void anUpstreamThatClosesFirstKeepsTheTimeWaits() {
    Scene scene = new Scene(1);
    scene.proxyConfig.closer = Closer.UPSTREAM;
    assertThat(scene.run(150).failed()).isZero();
    assertThat(scene.proxied().closesByUpstream()).isEqualTo(15_000);
    assertThat(scene.proxied().closesByProxy()).isZero();
    assertThat(scene.proxyTimeWaits()).isZero();
  }

  @Test
  void theProxyWinsOneRaceInEight() {
    Scene scene = new Scene(1);
    scene.proxyConfig.closer = Closer.RACE;
    scene.originConfig.finDelay = Distribution.exponential(ReverseProxyConfig.RACE_FIN_MEAN_NS);
    assertThat(scene.run(150).failed()).isZero();
    assertThat(scene.proxied().closesByProxy()).isBetween(1500L, 2100L);
    assertThat(scene.proxied().closesByUpstream() + scene.proxied().closesByProxy())
        .isEqualTo(15_000);
  }

  @Test
  void aPoolNeedsAConnectionForEachThousandRequests() {
    Scene scene = new Scene(1);
    scene.proxyConfig.idlePool = 32;
    assertThat(scene.run(150).failed()).isZero();
    assertThat(scene.proxied().opened()).isEqualTo(15);
    assertThat(scene.proxied().reused()).isEqualTo(14_985);
  }

  /** Requests come as the upstream's FIN is on its way: oracle O11, stale-get and stale-post. */
  private static Scene withStaleConnections() {
    Scene scene = new Scene(1);
    scene.proxyConfig.idlePool = 8;
    scene.originConfig.idleTimeoutNs = S;
    scene.load.rateCount = 1;
    scene.load.ratePerNs = S + 3 * Scene.MS / 2;
    return scene;
  }

  @Test
  void aGetOnAStaleConnectionIsRepeatedOnANewOne() {
    Scene scene = withStaleConnections();
    assertThat(scene.run(100).failed()).isZero();
    assertThat(scene.proxied().retries()).isPositive();
    assertThat(scene.proxied().peerFailures(FailureCause.PREMATURE_CLOSE))
        .isEqualTo(scene.proxied().retries());
  }

  @Test
  void aPostOnAStaleConnectionFails() {
    Scene scene = withStaleConnections();
    scene.load.postsPerThousand = 1000;
    LoadStats stats = scene.run(100);
    assertThat(stats.failed()).isPositive();
    assertThat(stats.seenAs(SeenAs.STATUS_502)).isEqualTo(stats.failed());
    assertThat(scene.proxied().retries()).isZero();
  }

  @Test
  void aDarkUpstreamIsGivenUpAfterTheConnectTimeout() {
    Scene scene = new Scene(1).darkUpstream();
    scene.load.requestsMax = 10;
    scene.load.timeoutNs = 100 * S;
    LoadStats stats = scene.run(1);
    assertThat(stats.seenAs(SeenAs.STATUS_504)).isEqualTo(10);
    assertThat(stats.failures(FailureCause.CONNECT_TIMEOUT)).isEqualTo(10);
    assertThat(stats.firstFailureNs()).isBetween(60 * S, 60 * S + 10 * Scene.MS);
  }

  @Test
  void aDarkUpstreamIsAvoidedOnceItHasFailed() {
    Scene scene = new Scene(2).darkUpstream().ports(20_000);
    scene.proxyConfig.maxFails = 1;
    scene.proxyConfig.connectTimeoutNs = S;
    LoadStats stats = scene.run(60);
    assertThat(stats.failed()).isZero();
    assertThat(scene.proxied().retries()).isBetween(50L, 60L);
  }

  @Test
  void aClosedPortIsSeenAs502() {
    Scene scene = new Scene(2);
    scene.proxyConfig.upstreamPort = 81;
    LoadStats stats = scene.run(2);
    assertThat(stats.failures(FailureCause.ECONNREFUSED)).isEqualTo(200);
    assertThat(stats.seenAs(SeenAs.STATUS_502)).isEqualTo(200);
    assertThat(scene.proxied().retries()).isEqualTo(200);
  }

  @Test
  void aSilentUpstreamIsGivenUpAfterTheReadTimeout() {
    Scene scene = new Scene(1);
    scene.originConfig.serviceTime = Distribution.constant(90 * S);
    scene.load.requestsMax = 3;
    scene.load.timeoutNs = 100 * S;
    LoadStats stats = scene.run(1);
    assertThat(stats.failures(FailureCause.READ_TIMEOUT)).isEqualTo(3);
    assertThat(stats.seenAs(SeenAs.STATUS_504)).isEqualTo(3);
  }

  @Test
  void aClientThatGoesAwayTakesItsUpstreamConnectionAlong() {
    Scene scene = new Scene(1);
    scene.originConfig.serviceTime = Distribution.constant(50 * S);
    LoadStats stats = scene.run(2);
    assertThat(stats.failures(FailureCause.CLIENT_TIMEOUT)).isEqualTo(200);
    assertThat(stats.seenAs(SeenAs.TIMEOUT)).isEqualTo(200);
    assertThat(scene.proxied().clientAborts()).isEqualTo(200);
    assertThat(scene.proxy.upstreamConnections()).isZero();
  }

  @Test
  void limitsOnBothSidesLoseNoRequest() {
    Scene scene = new Scene(2);
    scene.load.poisson = true;
    scene.load.requestsPerClientConnection = 6;
    scene.proxyConfig.clientRequestsPerConnection = 4;
    scene.proxyConfig.idlePool = 3;
    scene.proxyConfig.requestsPerConnection = 10;
    scene.proxyConfig.idleTimeoutNs = S / 4;
    scene.originConfig.requestsPerConnection = 7;
    scene.originConfig.serviceTime = Distribution.logNormal(0.05 * S, 0.5 * S);
    scene.load.responseBytes = Distribution.logNormal(9216, 245_760);
    LoadStats stats = scene.run(60);
    assertThat(stats.succeeded()).isEqualTo(stats.offered());
    assertThat(scene.proxied().answered()).isGreaterThanOrEqualTo(stats.offered());
    assertThat(scene.proxied().reused()).isPositive();
    assertThat(scene.proxy.idlePeak()).isEqualTo(3);
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    assertThat(digestOfARun()).isEqualTo(digestOfARun());
  }

  private static long digestOfARun() {
    Scene scene = new Scene(2);
    scene.load.poisson = true;
    scene.proxyConfig.closer = Closer.RACE;
    scene.originConfig.finDelay = Distribution.exponential(30_000);
    scene.run(5);
    return scene.digest();
  }
}
