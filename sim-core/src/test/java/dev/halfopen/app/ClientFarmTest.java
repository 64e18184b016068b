package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Sysctl;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;
import org.junit.jupiter.api.Test;

/** Clients and a server 10 ms apart, nothing between them. */
class ClientFarmTest {
  private static final long MS = 1_000_000;
  private static final long S = 1000 * MS;

  private final WorldBuilder builder = new WorldBuilder(3, MemoryBudget.unlimited());
  private final SysctlProfile clientKernel = kernel();
  private final Host clients = builder.farm("clients", clientKernel, 50);
  private final Host server = builder.host("server", kernel());
  private final ClientFarmConfig load = new ClientFarmConfig();
  private final OriginServerConfig originConfig = new OriginServerConfig();
  private final ClientFarm farm = new ClientFarm(load);
  private final OriginServer origin = new OriginServer(originConfig);

  ClientFarmTest() {
    builder.link(clients, server, 10_000_000_000L, 5 * MS, 1 << 24);
    load.serverAddress = server.firstAddress();
  }

  private static SysctlProfile kernel() {
    return new SysctlProfile(KernelProfile.LINUX_6_18);
  }

  private LoadStats run(long ns) {
    World world = builder.application(clients, farm).application(server, origin).build();
    world.run(ns);
    farm.finish(ns);
    return farm.stats();
  }

  @Test
  void requestsTakeTheConnectionThatIsIdle() {
    load.rateCount = 10;
    load.requestsMax = 100;
    LoadStats stats = run(20 * S);
    assertThat(stats.succeeded()).isEqualTo(100);
    assertThat(stats.connections()).isEqualTo(1);
    assertThat(stats.attempts()).isEqualTo(100);
    assertThat(origin.accepted()).isEqualTo(1);
  }

  @Test
  void requestsOpenAsManyConnectionsAsTheyNeedAtOnce() {
    load.requestsMax = 1000;
    originConfig.serviceTime = Distribution.constant(90 * MS);
    LoadStats stats = run(20 * S);
    assertThat(stats.succeeded()).isEqualTo(1000);
    assertThat(stats.connections()).isBetween(10L, 12L);
  }

  @Test
  void connectionsEndAfterTheirRequests() {
    load.rateCount = 10;
    load.requestsMax = 60;
    load.requestsPerClientConnection = 6;
    assertThat(run(20 * S).connections()).isEqualTo(10);
    assertThat(farm.openConnections()).isZero();
  }

  @Test
  void aConnectionThatTheServerClosedMeanwhileIsReplaced() {
    load.rateCount = 1;
    load.requestsMax = 10;
    originConfig.idleTimeoutNs = S / 2;
    LoadStats stats = run(20 * S);
    assertThat(stats.succeeded()).isEqualTo(10);
    assertThat(stats.connections()).isEqualTo(10);
    assertThat(origin.closesFirst()).isEqualTo(10);
  }

  /** The second request leaves at 1000 ms; the server, idle since 15 ms, closes at 1000 ms, too. */
  private void whoseServerClosesAsTheRequestComes() {
    load.rateCount = 1;
    load.ratePerNs = S;
    load.requestsMax = 2;
    originConfig.idleTimeoutNs = 985 * MS;
  }

  @Test
  void aStaleConnectionCostsASecondAttempt() {
    whoseServerClosesAsTheRequestComes();
    LoadStats stats = run(20 * S);
    assertThat(stats.succeeded()).isEqualTo(2);
    assertThat(stats.attempts()).isEqualTo(3);
  }

  @Test
  void aStaleConnectionFailsAPost() {
    whoseServerClosesAsTheRequestComes();
    load.postsPerThousand = 1000;
    LoadStats stats = run(20 * S);
    assertThat(stats.succeeded()).isEqualTo(1);
    assertThat(stats.failed()).isEqualTo(1);
  }

  @Test
  void aRefusedConnectionFailsItsRequest() {
    load.serverPort = 81;
    load.requestsMax = 5;
    LoadStats stats = run(20 * S);
    assertThat(stats.failures(FailureCause.ECONNREFUSED)).isEqualTo(5);
    assertThat(stats.seenAs(SeenAs.CONNECT)).isEqualTo(5);
    assertThat(stats.firstFailureNs()).isBetween(10 * MS, 11 * MS);
  }

  @Test
  void aRequestIsGivenUpThirtySecondsAfterItWasDue() {
    load.serverAddress = 192 << 24 | 1;
    load.requestsMax = 5;
    LoadStats stats = run(40 * S);
    assertThat(stats.failures(FailureCause.CLIENT_TIMEOUT)).isEqualTo(5);
    assertThat(stats.firstFailureNs()).isEqualTo(30 * S);
    assertThat(farm.openConnections()).isZero();
  }

  @Test
  void whatStillWaitsAtTheEndIsUnfinished() {
    load.serverAddress = 192 << 24 | 1;
    load.timeoutNs = 0;
    LoadStats stats = run(S - 1);
    assertThat(stats.offered()).isEqualTo(100);
    assertThat(stats.unfinished()).isEqualTo(100);
    assertThat(stats.oldestUnfinishedDueNs()).isZero();
    assertThat(stats.longestOutageNs()).isEqualTo(S - 1);
  }

  @Test
  void theWarmUpIsNotCounted() {
    load.measureFromNs = S;
    load.requestsMax = 300;
    LoadStats stats = run(20 * S);
    assertThat(stats.offered()).isEqualTo(200);
    assertThat(stats.succeeded()).isEqualTo(200);
    assertThat(origin.responses()).isEqualTo(300);
  }

  @Test
  void theServerSendsWhatTheRequestAsksFor() {
    load.rateCount = 1;
    load.requestsMax = 3;
    load.responseBytes = Distribution.constant(1_000_000);
    LoadStats stats = run(20 * S);
    assertThat(stats.succeeded()).isEqualTo(3);
  }

  // ---- pages that the clients put together themselves

  private void pagesOfTen() {
    load.fanOut = 10;
    load.rateCount = 5;
    load.requestsMax = 20;
    load.requestsPerClientConnection = 1;
  }

  @Test
  void aPageIsOverWithTheLastOfItsRequests() {
    pagesOfTen();
    load.responseBytes = Distribution.constant(700);
    originConfig.serviceTime = Distribution.exponential(5 * MS);
    LoadStats stats = run(10 * S);
    assertThat(stats.offered()).isEqualTo(20);
    assertThat(stats.succeeded()).isEqualTo(20);
    assertThat(stats.attempts()).isEqualTo(200);
    assertThat(origin.responses()).isEqualTo(200);
    assertThat(stats.request().total().getTotalCount()).isEqualTo(20);
    // Two round trips of 10 ms, and the mean of the greatest of ten: the sum of 1/i times 5 ms.
    assertThat(stats.request().total().getMean()).isBetween(31.0 * MS, 42.0 * MS);
    assertThat(farm.openConnections()).isZero();
  }

  @Test
  void aPageFailsOnceWithAnyOfItsRequests() {
    pagesOfTen();
    originConfig.connectionsMax = 9;
    originConfig.serviceTime = Distribution.constant(20 * MS);
    LoadStats stats = run(10 * S);
    assertThat(origin.responses()).isEqualTo(180);
    assertThat(stats.succeeded()).isZero();
    assertThat(stats.failed()).isEqualTo(20);
    assertThat(stats.seenAs(SeenAs.CLOSED) + stats.seenAs(SeenAs.RESET)).isEqualTo(20);
    assertThat(stats.request().total().getTotalCount()).isZero();
    assertThat(stats.timeToFailure().total().getMinValue()).isGreaterThanOrEqualTo(39 * MS);
  }

  @Test
  void aPageIsGivenUpThirtySecondsAfterItWasDue() {
    pagesOfTen();
    load.serverAddress = 192 << 24 | 1;
    LoadStats stats = run(40 * S);
    assertThat(stats.failures(FailureCause.CLIENT_TIMEOUT)).isEqualTo(20);
    assertThat(stats.firstFailureNs()).isEqualTo(30 * S);
    assertThat(stats.attempts()).isEqualTo(200);
  }

  @Test
  void pagesThatStillWaitAreUnfinishedByTheWorstOfTheirRequests() {
    pagesOfTen();
    load.requestsMax = 3;
    load.timeoutNs = 0;
    originConfig.workers = 25;
    originConfig.serviceTime = Distribution.constant(100 * S);
    LoadStats stats = run(2 * S);
    assertThat(stats.unfinished()).isEqualTo(3);
    long waiting = 0;
    for (Waiting kind : Waiting.values()) {
      waiting += stats.waiting(kind);
    }
    assertThat(waiting).isEqualTo(3);
    assertThat(stats.oldestUnfinishedDueNs()).isZero();
  }

  @Test
  void allRequestsOfAPageComeFromOneMachine() {
    pagesOfTen();
    load.requestsMax = 50;
    clientKernel.set(Sysctl.PORT_RANGE_LAST, clientKernel.get(Sysctl.PORT_RANGE_FIRST) + 11);
    LoadStats stats = run(30 * S);
    assertThat(stats.succeeded()).isEqualTo(50);
    assertThat(stats.connections()).isEqualTo(500);
  }

  @Test
  void aMachineOfFewPortsFailsItsPages() {
    pagesOfTen();
    clientKernel.set(Sysctl.PORT_RANGE_LAST, clientKernel.get(Sysctl.PORT_RANGE_FIRST) + 7);
    LoadStats stats = run(30 * S);
    assertThat(stats.failures(FailureCause.EADDRNOTAVAIL)).isEqualTo(20);
  }

  @Test
  void aUserAsksForTheNextPageWhenHeHasSeenTheLast() {
    load.fanOut = 10;
    load.users = 1;
    load.thinkTimeNs = 480 * MS;
    load.untilNs = 10 * S;
    originConfig.serviceTime = Distribution.constant(10 * MS);
    LoadStats stats = run(12 * S);
    assertThat(stats.offered()).isEqualTo(20);
    assertThat(stats.succeeded()).isEqualTo(20);
    assertThat(stats.connections()).isEqualTo(10);
  }

  @Test
  void theWarmUpIsNotCountedInPagesEither() {
    pagesOfTen();
    load.measureFromNs = S;
    LoadStats stats = run(10 * S);
    assertThat(stats.offered()).isEqualTo(15);
    assertThat(stats.succeeded()).isEqualTo(15);
    assertThat(stats.attempts()).isEqualTo(150);
  }
}
