package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.net.DeadAddress;
import org.junit.jupiter.api.Test;

/**
 * What servers and proxies do at their limits: workers, connections, open files, parts of pages.
 */
class LimitsTest {
  private static final long MS = Scene.MS;
  private static final long S = Scene.S;

  @Test
  void requestsWaitForAWorkerInTheirOrder() {
    Scene scene = new Scene(1);
    scene.originConfig.workers = 2;
    scene.originConfig.serviceTime = Distribution.constant(100 * MS);
    scene.load.rateCount = 1000;
    scene.load.requestsMax = 10;
    LoadStats stats = scene.run(5);
    assertThat(stats.succeeded()).isEqualTo(10);
    // Ten requests, two at a time: the last one is done after five services.
    assertThat(stats.request().total().getMaxValue()).isBetween(490 * MS, 510 * MS);
    assertThat(scene.origins[0].workers().peak()).isEqualTo(2);
    assertThat(scene.origins[0].workers().refusals()).isEqualTo(8);
    assertThat(scene.origins[0].waitingPeak()).isEqualTo(8);
    assertThat(scene.origins[0].workers().value()).isZero();
  }

  @Test
  void aWorkerServesTheRequestOfAClientThatHasGone() {
    Scene scene = new Scene(1);
    scene.originConfig.workers = 1;
    scene.originConfig.serviceTime = Distribution.constant(2 * S);
    scene.load.timeoutNs = S;
    scene.load.rateCount = 10;
    scene.load.requestsMax = 5;
    LoadStats stats = scene.run(20);
    assertThat(stats.failures(FailureCause.CLIENT_TIMEOUT)).isEqualTo(5);
    assertThat(scene.origins[0].responses()).isZero();
    assertThat(scene.origins[0].workers().value()).isZero();
    assertThat(scene.origins[0].openConnections()).isZero();
    assertThat(scene.origins[0].connections().value()).isZero();
  }

  @Test
  void aServerAtItsLimitClosesWhatItAccepts() {
    Scene scene = new Scene(1);
    scene.originConfig.connectionsMax = 4;
    scene.originConfig.serviceTime = Distribution.constant(S);
    scene.load.rateCount = 1000;
    scene.load.requestsMax = 10;
    LoadStats stats = scene.run(5);
    assertThat(stats.succeeded()).isEqualTo(4);
    assertThat(stats.failed()).isEqualTo(6);
    assertThat(scene.origins[0].connections().refusals()).isEqualTo(6);
    assertThat(scene.origins[0].connections().value()).isZero();
  }

  @Test
  void anIdleConnectionMakesRoom() {
    Scene scene = new Scene(1);
    scene.originConfig.connectionsMax = 1;
    scene.proxyConfig.idlePool = 8;
    scene.proxyConfig.fanOut = 1;
    scene.load.rateCount = 1;
    scene.load.requestsMax = 3;
    scene.originConfig.serviceTime = Distribution.constant(1);
    assertThat(scene.run(5).failed()).isZero();
    assertThat(scene.origins[0].connections().peak()).isEqualTo(1);
    assertThat(scene.origins[0].connections().refusals()).isZero();
  }

  @Test
  void aProxyWithoutConnectionsAnswers500() {
    Scene scene = new Scene(1);
    scene.proxyConfig.connectionsMax = 15;
    scene.originConfig.serviceTime = Distribution.constant(S);
    scene.load.rateCount = 10_000;
    scene.load.requestsMax = 10;
    LoadStats stats = scene.run(5);
    // Ten clients leave room for five upstreams; a client that got its 500 is idle and makes room
    // for the next but one.
    assertThat(stats.succeeded()).isEqualTo(7);
    assertThat(stats.failures(FailureCause.WORKER_CONNECTIONS)).isEqualTo(3);
    assertThat(stats.seenAs(SeenAs.STATUS_500)).isEqualTo(3);
    assertThat(scene.proxied().internalError()).isEqualTo(3);
    assertThat(scene.proxy.connections().peak()).isEqualTo(15);
  }

  @Test
  void withoutFilesConnectionsStayInTheQueue() {
    Scene scene = new Scene(1);
    scene.proxyConfig.openFilesMax = 8;
    scene.proxyConfig.clientRequestsPerConnection = 1;
    scene.load.rateCount = 10_000;
    scene.load.requestsMax = 12;
    scene.load.requestsPerClientConnection = 1;
    scene.load.timeoutNs = 10 * S;
    LoadStats stats = scene.run(5);
    // Eight are accepted and find no file for the upstream; the others wait for half a second.
    assertThat(stats.failures(FailureCause.EMFILE)).isPositive();
    assertThat(stats.succeeded() + stats.failed()).isEqualTo(12);
    assertThat(stats.request().total().getMaxValue()).isBetween(500 * MS, 520 * MS);
    assertThat(scene.proxy.files().refusals()).isPositive();
    assertThat(scene.proxy.files().value()).isZero();
  }

  @Test
  void aPoolsSocketsTakeTheFilesOfItsProcess() {
    DatabaseScene scene = new DatabaseScene();
    scene.server.openFilesMax = 16;
    scene.pool.connectionTimeoutNs = S;
    scene.load.requestsPerClientConnection = 1;
    LoadStats stats = scene.run(20 * S).finish();
    PoolStats pool = scene.app.poolStats(0);
    // The pool opens its connections first: it would have 20, and gets no more than there are.
    assertThat(pool.created()).isEqualTo(16);
    assertThat(pool.creationFailures(FailureCause.EMFILE)).isPositive();
    assertThat(scene.app.files().peak()).isEqualTo(16);
    assertThat(scene.app.files().refusals())
        .isGreaterThan(pool.creationFailures(FailureCause.EMFILE));
    assertThat(scene.app.connections().peak()).isZero();
    assertThat(stats.succeeded()).isZero();
  }

  @Test
  void whatAPoolClosesIsAFileAgain() {
    DatabaseScene scene = new DatabaseScene();
    scene.load.untilNs = 20 * S;
    scene.load.timeoutNs = 5 * S;
    scene.server.openFilesMax = 40;
    scene.server.idleTimeoutNs = S;
    scene.pool.maximumPoolSize = 30;
    scene.pool.maxLifetimeNs = 2 * S;
    scene.pool.connectTimeoutNs = S;
    scene.pool.socketTimeoutNs = 5 * S;
    scene.faults().powerLoss(scene.primary, 10 * S, DeadAddress.SILENT);
    scene.run(10 * S - 1);
    assertThat(scene.app.poolStats(0).created()).isGreaterThan(60);
    assertThat(scene.app.files().value()).isEqualTo(30 + scene.app.connections().value());
    scene.run(200 * S);
    // At most the one that is being opened, and in vain.
    assertThat(scene.app.poolStats(0).creationFailures(FailureCause.CONNECT_TIMEOUT)).isPositive();
    assertThat(scene.app.files().value()).isLessThan(2);
  }

  @Test
  void aPageIsDoneWithTheLastOfItsParts() {
    Scene scene = new Scene(2);
    scene.proxyConfig.fanOut = 10;
    scene.load.rateCount = 5;
    scene.load.requestsMax = 20;
    scene.load.responseBytes = Distribution.constant(700);
    scene.originConfig.serviceTime = Distribution.exponential(5 * MS);
    LoadStats stats = scene.run(10);
    assertThat(stats.succeeded()).isEqualTo(20);
    assertThat(scene.proxied().opened()).isEqualTo(200);
    assertThat(scene.proxied().answered()).isEqualTo(200);
    assertThat(scene.proxy.upstreamConnections()).isZero();
    // The mean of the greatest of ten is the sum of 1/i times the mean of one: 14.6 ms.
    assertThat(stats.request().total().getMean()).isBetween(11.0 * MS, 22.0 * MS);
  }

  @Test
  void aPageFailsWithAnyOfItsParts() {
    Scene scene = new Scene(1);
    scene.proxyConfig.fanOut = 10;
    scene.load.rateCount = 5;
    LoadStats stats = scene.run(30);
    assertThat(stats.firstFailureIndex()).isEqualTo(100);
    assertThat(stats.failures(FailureCause.EADDRNOTAVAIL)).isEqualTo(stats.failed());
    assertThat(stats.seenAs(SeenAs.STATUS_502)).isEqualTo(stats.failed());
    assertThat(stats.unfinished()).isZero();
  }

  @Test
  void aClientThatGoesAwayTakesAllPartsAlong() {
    Scene scene = new Scene(1);
    scene.proxyConfig.fanOut = 10;
    scene.originConfig.serviceTime = Distribution.constant(50 * S);
    scene.load.rateCount = 5;
    LoadStats stats = scene.run(4);
    assertThat(stats.failures(FailureCause.CLIENT_TIMEOUT)).isEqualTo(20);
    assertThat(scene.proxy.upstreamConnections()).isZero();
    assertThat(scene.proxy.connections().value()).isZero();
  }
}
