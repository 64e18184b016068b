package dev.halfopen.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.app.ClientFarm;
import dev.halfopen.app.ClientFarmConfig;
import dev.halfopen.app.Distribution;
import dev.halfopen.app.LoadStats;
import dev.halfopen.app.OriginServer;
import dev.halfopen.app.OriginServerConfig;
import dev.halfopen.app.SynFlood;
import dev.halfopen.app.SynFloodConfig;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.ConntrackConfig;
import dev.halfopen.net.CpuConfig;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.Sysctl;
import dev.halfopen.tcp.SysctlProfile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What lies between the wire and the stack of a host: card, cores, connection tracking. */
class IntakeTest {
  private static final long US = 1000;
  private static final long MS = 1000 * US;
  private static final long S = 1000 * MS;

  private final SynFloodConfig flood = new SynFloodConfig();
  private final ClientFarmConfig load = new ClientFarmConfig();
  private final CpuConfig cpu = new CpuConfig();
  private final ConntrackConfig conntrack = new ConntrackConfig();
  private final SysctlProfile kernel = new SysctlProfile(KernelProfile.LINUX_6_18);
  private boolean tracks;
  private Host server;
  private World world;

  @BeforeEach
  void anIdleCore() {
    flood.rateCount = 1;
    flood.untilNs = 1;
    cpu.perSynNs = 10 * US;
    cpu.perCookieNs = 10 * US;
    cpu.perPacketNs = 10 * US;
    load.rateCount = 100;
    load.requestsPerClientConnection = 1;
    load.untilNs = S;
    load.timeoutNs = 5 * S;
  }

  private LoadStats run(long untilNs) {
    WorldBuilder builder = new WorldBuilder(1, MemoryBudget.unlimited());
    server = builder.host("server", kernel);
    Host clients = builder.farm("clients", new SysctlProfile(KernelProfile.LINUX_6_18), 100);
    builder.link(clients, server, 0, MS, 0);
    builder.cpu(server, cpu);
    if (tracks) {
      builder.conntrack(server, conntrack);
    }
    OriginServerConfig origin = new OriginServerConfig();
    load.serverAddress = server.firstAddress();
    load.serverPort = origin.listenPort;
    flood.victimAddress = server.firstAddress();
    flood.victimPort = origin.listenPort;
    ClientFarm farm = new ClientFarm(load);
    builder.application(server, new OriginServer(origin)).application(clients, farm);
    builder.flood("botnet", server, new SynFlood(flood), 0, MS);
    world = builder.build();
    world.run(untilNs);
    farm.finish(world.nowNs());
    return farm.stats();
  }

  @Test
  void aCoreWorksOnAHundredThousandPacketsASecond() {
    flood.rateCount = 200_000;
    flood.untilNs = S;
    load.requestsMax = 0;
    run(S);
    // The first arrives after 1 ms; what is in the ring at the end is yet to come.
    assertThat(world.tcp(server).counter(Mib.IN_SEGS)).isBetween(99_800L, 100_000L);
    assertThat(cpu().waiting().peak()).isEqualTo(1024);
    assertThat(cpu().waiting().refusals()).isBetween(98_500L, 99_200L);
    assertThat(cpu().busyNs()).isBetween(998 * MS, 1001 * MS);
  }

  private dev.halfopen.net.Cpu cpu() {
    return server.cpu();
  }

  @Test
  void aCoreThatKeepsUpOnlyDelays() {
    flood.rateCount = 50_000;
    flood.untilNs = 2 * S;
    LoadStats stats = run(3 * S);
    assertThat(stats.failed() + stats.unfinished()).isZero();
    assertThat(cpu().waiting().refusals()).isZero();
    assertThat(stats.connect().total().getMaxValue()).isBetween(2 * MS, 3 * MS);
  }

  @Test
  void packetsThatWaitAreLate() {
    cpu.perSynNs = 20 * MS;
    load.rateCount = 10;
    load.requestsMax = 1;
    flood.rateCount = 1000;
    flood.fromNs = 0;
    flood.untilNs = 10 * MS;
    kernel.set(Sysctl.TCP_SYNCOOKIES, 1);
    LoadStats stats = run(3 * S);
    // The client's SYN takes the core for 20 ms from 1 ms on, its ACK of 3 ms comes behind two SYNs
    // of the flood: the core turns to it, and to the request, at 61 ms.
    assertThat(stats.connect().total().getMaxValue()).isBetween(2 * MS, 3 * MS);
    assertThat(stats.request().total().getMaxValue()).isBetween(62 * MS, 63 * MS);
  }

  @Test
  void aPacketCostsOneOfTheThree() {
    cpu.perPacketNs = 1;
    cpu.perSynNs = 1000;
    cpu.perCookieNs = 1_000_000;
    load.rateCount = 10;
    load.requestsMax = 7;
    LoadStats stats = run(3 * S);
    assertThat(stats.succeeded()).isEqualTo(7);
    long others = world.tcp(server).counter(Mib.IN_SEGS) - 7 - 1; // the flood's own SYN
    assertThat(cpu().busyNs()).isEqualTo((7 + 1) * cpu.perSynNs + others * cpu.perPacketNs);
    kernel.set(Sysctl.TCP_SYNCOOKIES, 2);
    run(3 * S);
    assertThat(cpu().busyNs()).isEqualTo((7 + 1) * cpu.perCookieNs + others * cpu.perPacketNs);
  }

  @Test
  void fourCoresDoFourTimesAsMuch() {
    cpu.cores = 4;
    cpu.queues = 4;
    flood.rateCount = 1_000_000;
    flood.untilNs = S / 10;
    load.requestsMax = 0;
    run(S / 10);
    assertThat(world.tcp(server).counter(Mib.IN_SEGS)).isBetween(39_000L, 40_000L);
  }

  @Test
  void aTrackedFloodFillsTheTableAndCustomersStillComeIn() {
    tracks = true;
    cpu.perSynNs = 100;
    cpu.perCookieNs = 100;
    cpu.perPacketNs = 100;
    conntrack.max = 4096;
    flood.rateCount = 20_000;
    flood.untilNs = 2 * S;
    LoadStats stats = run(8 * S);
    assertThat(server.conntrack().entries().peak()).isEqualTo(4096);
    assertThat(server.conntrack().earlyDrops()).isGreaterThan(30_000);
    assertThat(stats.failed()).isZero();
  }

  @Test
  void aTableFullOfCustomersTurnsOthersAway() {
    tracks = true;
    cpu.perPacketNs = 0;
    cpu.perSynNs = 0;
    conntrack.max = 50;
    LoadStats stats = run(8 * S);
    // Closed connections stay for two minutes: fifty customers, and nobody else.
    assertThat(stats.succeeded()).isEqualTo(50);
    assertThat(server.conntrack().entries().refusals()).isGreaterThan(50);
    assertThat(world.tcp(server).counter(Mib.LISTEN_DROPS)).isZero();
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    tracks = true;
    flood.rateCount = 150_000;
    flood.untilNs = S / 2;
    run(S);
    long digest = world.digest();
    run(S);
    assertThat(world.digest()).isEqualTo(digest);
  }

  /** What was open when it was killed is no more of its successor's. */
  @Test
  void aServerThatStartsAnewHasAllOfItsLimits() {
    WorldBuilder builder = new WorldBuilder(1, MemoryBudget.unlimited());
    server = builder.host("server", kernel);
    Host clients = builder.farm("clients", new SysctlProfile(KernelProfile.LINUX_6_18), 100);
    builder.link(clients, server, 0, MS, 0);
    OriginServerConfig origin = new OriginServerConfig();
    origin.workers = 20;
    origin.connectionsMax = 20;
    origin.openFilesMax = 20;
    origin.serviceTime = Distribution.constant(100 * MS);
    load.serverAddress = server.firstAddress();
    load.serverPort = origin.listenPort;
    load.untilNs = 10 * S;
    OriginServer app = new OriginServer(origin);
    ClientFarm farm = new ClientFarm(load);
    builder.application(server, app).application(clients, farm);
    builder.faults().kill(server, 2 * S).start(server, 3 * S);
    World w = builder.build();
    w.run(20 * S);
    farm.finish(w.nowNs());
    assertThat(app.connections().peak()).isGreaterThan(5);
    assertThat(farm.stats().succeeded()).isBetween(870L, 910L);
    assertThat(app.workers().value()).isZero();
    assertThat(app.connections().value()).isZero();
    assertThat(app.files().value()).isZero();
  }
}
