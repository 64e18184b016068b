package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.net.DeadAddress;
import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.Sysctl;
import org.junit.jupiter.api.Test;

/** Requests that query a database through a pool, and a database that goes away. */
class DatabaseTest {
  private static final long MS = DatabaseScene.MS;
  private static final long S = DatabaseScene.S;
  private static final long CRASH = 30 * S;

  private final DatabaseScene scene = new DatabaseScene();

  private Breakdown breakdown() {
    return scene.app.breakdown();
  }

  @Test
  void everyRequestIsAnsweredByTheDatabase() {
    LoadStats stats = scene.run(60 * S).finish();
    assertThat(stats.failed()).isZero();
    assertThat(stats.succeeded()).isGreaterThan(5900);
    assertThat(scene.db.queries()).isEqualTo(scene.db.queries());
    assertThat(scene.db.slotsPeak()).isEqualTo(20);
    assertThat(scene.app.poolStats(0).created()).isEqualTo(20);
  }

  @Test
  void aPoolLargerThanTheDatabaseAllowsIsToldTooManyClients() {
    scene.database.maxConnections = 13;
    LoadStats stats = scene.run(60 * S).finish();
    assertThat(scene.db.slotsPeak()).isEqualTo(10);
    assertThat(scene.db.refused()).isPositive();
    assertThat(scene.app.poolStats(0).creationFailures(FailureCause.TOO_MANY_CLIENTS))
        .isEqualTo(scene.db.refused());
    assertThat(stats.failed()).isZero();
  }

  @Test
  void aPoolTooSmallMakesRequestsWaitAndFail() {
    scene.pool.maximumPoolSize = 2;
    scene.pool.connectionTimeoutNs = S;
    LoadStats stats = scene.run(60 * S).finish();
    assertThat(stats.failures(FailureCause.POOL_TIMEOUT)).isPositive();
    assertThat(stats.failures(FailureCause.POOL_TIMEOUT)).isEqualTo(stats.failed());
    assertThat(stats.seenAs(SeenAs.STATUS_500)).isEqualTo(stats.failed());
    assertThat(scene.app.poolStats(0).activePeak()).isEqualTo(2);
  }

  @Test
  void leakedConnectionsEmptyThePool() {
    scene.pool.leaksPerMillion = 10_000;
    LoadStats stats = scene.run(120 * S).finish();
    assertThat(stats.failures(FailureCause.POOL_TIMEOUT)).isPositive();
  }

  @Test
  void connectionsAreReplacedBeforeTheirLifeIsOver() {
    scene.pool.maxLifetimeNs = 20 * S;
    LoadStats stats = scene.run(60 * S).finish();
    assertThat(stats.failed()).isZero();
    assertThat(scene.app.poolStats(0).created()).isBetween(60L, 80L);
    assertThat(scene.db.slots()).isEqualTo(20);
  }

  @Test
  void aQueryThatWasNotAcknowledgedDiesByRetransmissions() {
    scene.failover(CRASH, 45 * S, DeadAddress.SILENT).run(1100 * S).finish();
    assertThat(breakdown().atMark(Breakdown.UNACKNOWLEDGED)).isPositive();
    assertThat(breakdown().ended(Breakdown.UNACKNOWLEDGED, FailureCause.ETIMEDOUT))
        .isEqualTo(breakdown().atMark(Breakdown.UNACKNOWLEDGED));
    assertThat(breakdown().leastNs(Breakdown.UNACKNOWLEDGED, FailureCause.ETIMEDOUT))
        .isGreaterThan(937_600 * MS);
    assertThat(breakdown().mostNs(Breakdown.UNACKNOWLEDGED, FailureCause.ETIMEDOUT))
        .isLessThan(960_000 * MS);
  }

  @Test
  void aQueryThatWasAcknowledgedHangsForEver() {
    scene.load.untilNs = 100 * S;
    scene.failover(CRASH, 45 * S, DeadAddress.SILENT).run(20_000 * S).finish();
    assertThat(breakdown().atMark(Breakdown.ACKNOWLEDGED)).isPositive();
    assertThat(breakdown().unfinished(Breakdown.ACKNOWLEDGED))
        .isEqualTo(breakdown().atMark(Breakdown.ACKNOWLEDGED));
    assertThat(scene.app.busy()).isEqualTo((int) breakdown().atMark(Breakdown.ACKNOWLEDGED));
  }

  @Test
  void keepaliveEndsTheWaitOfAnAcknowledgedQuery() {
    scene.pool.socketOptions = PoolConfig.driver(true, 0);
    scene.load.untilNs = 100 * S;
    scene.failover(CRASH, 45 * S, DeadAddress.SILENT).run(9000 * S).finish();
    assertThat(breakdown().unfinished(Breakdown.ACKNOWLEDGED)).isZero();
    assertThat(breakdown().leastNs(Breakdown.ACKNOWLEDGED, FailureCause.ETIMEDOUT))
        .isGreaterThan(7840 * S);
    assertThat(breakdown().mostNs(Breakdown.ACKNOWLEDGED, FailureCause.ETIMEDOUT))
        .isLessThan(8014 * S);
  }

  @Test
  void socketTimeoutEndsBoth() {
    scene.pool.socketTimeoutNs = 20 * S;
    scene.failover(CRASH, 45 * S, DeadAddress.SILENT).run(300 * S);
    LoadStats stats = scene.finish();
    assertThat(breakdown().unfinished(Breakdown.ACKNOWLEDGED)).isZero();
    assertThat(breakdown().mostNs(Breakdown.ACKNOWLEDGED, FailureCause.SOCKET_TIMEOUT))
        .isLessThan(20 * S + 1);
    assertThat(breakdown().mostNs(Breakdown.UNACKNOWLEDGED, FailureCause.SOCKET_TIMEOUT))
        .isLessThan(20 * S + 1);
    assertThat(stats.unfinished()).isLessThan(30);
    assertThat(stats.longestOutageNs()).isLessThan(130 * S);
  }

  @Test
  void theOldPrimaryThatComesBackEndsTheHangByReset() {
    scene.load.untilNs = 100 * S;
    scene.failover(CRASH, 45 * S, DeadAddress.SILENT).faults().boot(scene.primary, CRASH + 300 * S);
    scene.run(1100 * S).finish();
    assertThat(breakdown().ended(Breakdown.UNACKNOWLEDGED, FailureCause.ECONNRESET))
        .isEqualTo(breakdown().atMark(Breakdown.UNACKNOWLEDGED));
    assertThat(breakdown().leastNs(Breakdown.UNACKNOWLEDGED, FailureCause.ECONNRESET))
        .isGreaterThan(300 * S);
    assertThat(breakdown().unfinished(Breakdown.ACKNOWLEDGED))
        .isEqualTo(breakdown().atMark(Breakdown.ACKNOWLEDGED));
  }

  @Test
  void aKilledDatabaseIsLeftAtOnceAndTheNewOneFoundWhenBothCachesHaveExpired() {
    scene.database.standby = false;
    scene
        .faults()
        .kill(scene.primary, CRASH)
        .tell(scene.standby, CRASH + 10 * S, Database.ACCEPT_WRITES, 0)
        .tell(
            scene.resolver,
            CRASH + 12 * S,
            DnsServer.SET_NAME,
            DnsServer.change(scene.name, scene.standby.firstAddress()));
    LoadStats stats = scene.run(200 * S).finish();
    // promotion 10 s, repointing 2 s, the resolver's TTL 5 s, the JVM's 30 s, the adder's sleep 5 s
    assertThat(stats.longestOutageNs()).isBetween(12 * S, 53 * S);
    assertThat(stats.failures(FailureCause.PREMATURE_CLOSE)).isPositive();
    assertThat(scene.db2.queries()).isPositive();
    assertThat(scene.world.tcp(scene.api).gauges().value(SocketGauges.CLOSE_WAIT)).isZero();
  }

  @Test
  void aStandbyRefusesWritesUntilItIsPromoted() {
    scene.database.standby = true;
    scene.faults().tell(scene.primary, 30 * S, Database.ACCEPT_WRITES, 0);
    LoadStats stats = scene.run(60 * S).finish();
    assertThat(stats.failures(FailureCause.READ_ONLY)).isBetween(2800L, 3200L);
    assertThat(stats.succeeded()).isGreaterThan(2700);
  }

  @Test
  void aResolverThatDoesNotAnswerIsAskedAgainAfterFiveSeconds() {
    scene.faults().partition(scene.api, scene.resolver, 1, 4 * S);
    LoadStats stats = scene.run(60 * S).finish();
    assertThat(stats.failed()).isZero();
    assertThat(stats.request().total().getMaxValue()).isBetween(4 * S, 6 * S);
  }

  @Test
  void retries2OfEightEndsTheHangAfterTwoMinutes() {
    scene.apiSysctl.set(Sysctl.TCP_RETRIES2, 8);
    scene.load.untilNs = 60 * S;
    scene.failover(CRASH, 45 * S, DeadAddress.SILENT).run(200 * S).finish();
    assertThat(breakdown().leastNs(Breakdown.UNACKNOWLEDGED, FailureCause.ETIMEDOUT))
        .isGreaterThan(106_100 * MS);
    assertThat(breakdown().mostNs(Breakdown.UNACKNOWLEDGED, FailureCause.ETIMEDOUT))
        .isLessThan(117_000 * MS);
  }
}
