package dev.halfopen.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.app.ChurnClient;
import dev.halfopen.app.ChurnConfig;
import dev.halfopen.app.ChurnServer;
import dev.halfopen.app.ClientFarm;
import dev.halfopen.app.ClientFarmConfig;
import dev.halfopen.app.OriginServer;
import dev.halfopen.app.OriginServerConfig;
import dev.halfopen.app.ReverseProxy;
import dev.halfopen.app.ReverseProxyConfig;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.HostTcp;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SysctlProfile;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole worlds: clients, a proxy that runs out of ports, a server; links that are too small. */
class WorldTest {
  private static final long MS = 1_000_000;
  private static final long S = 1000 * MS;
  private static final long END = 130 * S;

  private Host clients;
  private Host proxy;
  private Host server;

  private static SysctlProfile kernel(String name) {
    return new SysctlProfile(KernelProfile.byName(name));
  }

  /** 100 requests a second through 300 ports, and a queue that drops when all come at once. */
  private World world(long seed, String kernel) {
    WorldBuilder b = new WorldBuilder(seed, MemoryBudget.unlimited());
    SysctlProfile few = kernel(kernel);
    few.set(
        dev.halfopen.tcp.Sysctl.PORT_RANGE_LAST,
        few.get(dev.halfopen.tcp.Sysctl.PORT_RANGE_FIRST) + 299);
    clients = b.farm("clients", kernel(kernel), 50);
    proxy = b.host("proxy", few);
    server = b.host("server", kernel(kernel));
    b.link(clients, proxy, 2_000_000L, 5 * MS, 1500).link(proxy, server, 1_000_000_000L, MS, 0);
    ClientFarmConfig load = new ClientFarmConfig();
    load.serverAddress = proxy.firstAddress();
    load.rateCount = 100;
    load.poisson = true;
    load.requestsPerClientConnection = 3;
    load.untilNs = 60 * S;
    ReverseProxyConfig p = new ReverseProxyConfig();
    load.serverPort = p.listenPort;
    p.upstreamAddresses = new int[] {server.firstAddress()};
    p.maxFails = 0;
    b.application(clients, new ClientFarm(load));
    b.application(proxy, new ReverseProxy(p));
    b.application(server, new OriginServer(new OriginServerConfig()));
    return b.build();
  }

  private static long digest(World w, long untilNs) {
    w.run(untilNs);
    return w.digest();
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux-6.18", "linux-3.10"})
  void theSameSeedGivesTheSameRun(String kernel) {
    assertThat(digest(world(7, kernel), END)).isEqualTo(digest(world(7, kernel), END));
  }

  @Test
  void anotherSeedGivesAnotherRun() {
    assertThat(digest(world(7, "linux-6.18"), END))
        .isNotEqualTo(digest(world(8, "linux-6.18"), END));
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux-6.18", "linux-3.10"})
  void howARunIsCutChangesNothing(String kernel) {
    World whole = world(7, kernel);
    whole.run(END);
    World cut = world(7, kernel);
    Random random = new Random(1);
    for (long t = 0; t < END; t += random.nextInt(random.nextBoolean() ? 1000 : 200_000_000)) {
      cut.run(t);
      assertThat(cut.nowNs()).isEqualTo(t);
    }
    cut.run(END);
    assertThat(cut.digest()).isEqualTo(whole.digest());
    assertThat(cut.events()).isEqualTo(whole.events());
    assertThat(cut.packetsSent()).isEqualTo(whole.packetsSent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux-6.18", "linux-3.10"})
  void packetsArriveOrAreCountedWhereTheyWent(String kernel) {
    World w = world(7, kernel);
    long before = -1;
    for (long t = S; t <= END; t += S) {
      w.run(t);
      long inFlight =
          w.packetsSent() - w.packetsDelivered() - w.packetsDropped() - w.packetsWithoutRoute();
      assertThat(inFlight).isNotNegative();
      before = inFlight;
    }
    assertThat(w.packetsDropped()).isPositive();
    assertThat(before).isZero();
    long out = 0;
    long in = 0;
    for (Host h : new Host[] {clients, proxy, server}) {
      HostTcp t = w.tcp(h);
      out += t.counter(Mib.OUT_SEGS);
      in += t.counter(Mib.IN_SEGS);
    }
    assertThat(out).isEqualTo(w.packetsSent());
    assertThat(in).isEqualTo(w.packetsDelivered());
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux-6.18", "linux-3.10"})
  void liveRowsAreTheEntriesOfTheDemux(String kernel) {
    World w = world(7, kernel);
    for (long t = S; t <= END; t += 5 * S) {
      w.run(t);
      assertThat(w.stack().demuxEntries())
          .isEqualTo(w.stack().connections() + w.stack().requests() + w.stack().timeWaits());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux-6.18", "linux-3.10"})
  void everythingSettlesWhenTheLoadEnds(String kernel) {
    WorldBuilder b = new WorldBuilder(5, MemoryBudget.unlimited());
    clients = b.farm("clients", kernel(kernel), 20);
    server = b.host("server", kernel(kernel));
    b.link(clients, server, 9_000_000L, MS, 5_000);
    ChurnConfig config = new ChurnConfig();
    config.serverAddress = server.firstAddress();
    config.connectionsMax = 3000;
    ChurnClient client = new ChurnClient(config);
    World w = b.application(clients, client).application(server, new ChurnServer(config)).build();
    w.run(20 * S);
    assertThat(w.stack().timeWaits()).isPositive();
    w.run(2600 * S);
    assertThat(client.completed() + client.failed()).isEqualTo(3000);
    assertThat(w.packetsDropped()).isPositive();
    assertThat(w.stack().demuxEntries()).isZero();
    assertThat(w.stack().flights()).isZero();
    assertThat(w.stack().segmentsQueued()).isZero();
  }
}
