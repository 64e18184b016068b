package dev.halfopen.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.app.ChurnClient;
import dev.halfopen.app.ChurnConfig;
import dev.halfopen.app.ChurnServer;
import dev.halfopen.app.SynFlood;
import dev.halfopen.app.SynFloodConfig;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.HostTcp;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.Sysctl;
import dev.halfopen.tcp.SysctlProfile;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server under a flood of 100,000 SYN/s, with real clients beside it. */
class SynFloodTest {
  private static final long MS = 1_000_000;
  private static final long S = 1000 * MS;
  private static final long TEN_GBIT = 10_000_000_000L;
  private static final int BACKLOG = 128;

  private final SynFloodConfig flood = new SynFloodConfig();
  private final ChurnConfig churn = new ChurnConfig();
  private final SysctlProfile kernel = new SysctlProfile(KernelProfile.LINUX_6_18);
  private long bitsPerSecond = TEN_GBIT;
  private long intervalNs;
  private Host server;
  private Host clients;
  private SynFlood attack;
  private ChurnClient client;

  @BeforeEach
  void aFloodOfHalfASecond() {
    flood.rateCount = 100_000;
    flood.untilNs = S / 2;
    churn.rateCount = 200;
    churn.connectionsMax = 200;
    churn.listenBacklog = BACKLOG;
  }

  private World world(long seed) {
    WorldBuilder b = new WorldBuilder(seed, MemoryBudget.unlimited());
    clients = b.farm("clients", new SysctlProfile(KernelProfile.LINUX_6_18), 20);
    server = b.host("server", kernel);
    b.link(clients, server, TEN_GBIT, MS, 0);
    churn.serverAddress = server.firstAddress();
    flood.victimAddress = server.firstAddress();
    flood.victimPort = churn.serverPort;
    flood.answering = clients;
    attack = new SynFlood(flood);
    client = new ChurnClient(churn);
    b.flood("botnet", server, attack, bitsPerSecond, 5 * MS);
    b.application(clients, client).application(server, new ChurnServer(churn));
    if (intervalNs > 0) {
      b.sample(intervalNs, now -> {});
    }
    return b.build();
  }

  private World ran(long seed, long untilNs) {
    World w = world(seed);
    w.run(untilNs);
    return w;
  }

  private long counter(World w, int mib) {
    return w.tcp(server).counter(mib);
  }

  @Test
  void everySynIsAnEventOfItsOwnAndPassesThroughTheStack() {
    churn.connectionsMax = 1;
    World w = ran(1, S / 2 + 5 * MS);
    assertThat(attack.sent()).isEqualTo(50_000);
    assertThat(attack.dropped()).isZero();
    long queued = w.tcp(server).counter(Mib.REQ_Q_FULL_DO_COOKIES);
    assertThat(queued).isGreaterThan(49_000).isEqualTo(counter(w, Mib.SYNCOOKIES_SENT));
    assertThat(counter(w, Mib.IN_SEGS)).isGreaterThanOrEqualTo(50_000);
    assertThat(w.events()).isGreaterThanOrEqualTo(50_000);
  }

  @Test
  void withCookiesEveryClientIsServed() {
    World w = ran(1, 3 * S);
    assertThat(client.offered()).isEqualTo(200);
    assertThat(client.completed()).isEqualTo(200);
    assertThat(counter(w, Mib.SYNCOOKIES_RECV)).isGreaterThan(90);
  }

  @Test
  void withoutCookiesTheQueueStaysFullAndClientsWait() {
    kernel.set(Sysctl.TCP_SYNCOOKIES, 0);
    World w = ran(1, S);
    assertThat(client.completed()).isLessThan(150);
    assertThat(counter(w, Mib.REQ_Q_FULL_DROP)).isGreaterThan(49_000);
    assertThat(counter(w, Mib.SYNCOOKIES_SENT)).isZero();
  }

  @Test
  void answersToForgedAddressesTakeTheLinkAndEndAtTheRoute() {
    World w = ran(1, 3 * S);
    assertThat(w.packetsWithoutRoute()).isGreaterThanOrEqualTo(50_000);
    long sentButNotThere =
        w.packetsSent() - w.packetsDelivered() - w.packetsDropped() - w.packetsWithoutRoute();
    assertThat(sentButNotThere).isEqualTo(w.packetsInFlight()).isZero();
  }

  @Test
  void conservesPacketsWhileTheFloodIsOnItsWay() {
    World w = world(1);
    for (long t = 0; t < S; t += 7 * MS) {
      w.run(t);
      assertThat(w.packetsInFlight())
          .isNotNegative()
          .isEqualTo(
              w.packetsSent()
                  - w.packetsDelivered()
                  - w.packetsDropped()
                  - w.packetsWithoutRoute());
    }
  }

  @Test
  void aLinkThatIsTooSlowDropsPartOfTheFlood() {
    bitsPerSecond = 10_000_000;
    World w = ran(1, 3 * S);
    assertThat(attack.dropped()).isBetween(20_000L, 48_000L);
    assertThat(w.packetsDropped()).isGreaterThanOrEqualTo(attack.dropped());
    assertThat(w.packetsInFlight()).isZero();
  }

  @Test
  void hostsThatExistAnswerWithResetAndFreeTheQueue() {
    flood.answeringShare = 0.12;
    churn.rateCount = 1;
    churn.connectionsMax = 1;
    flood.rateCount = 200;
    churn.listenBacklog = 1024;
    World w = ran(1, 2 * S);
    HostTcp existing = w.tcp(clients);
    assertThat(existing.counter(Mib.OUT_RSTS)).isBetween(5L, 25L);
    assertThat(counter(w, Mib.EMBRYONIC_RSTS)).isEqualTo(existing.counter(Mib.OUT_RSTS));
  }

  @ParameterizedTest
  @EnumSource(SynFloodConfig.Options.class)
  void theSynAckRepeatsWhatTheSynOffers(SynFloodConfig.Options options) {
    flood.options = options;
    flood.answeringShare = 1;
    flood.synsMax = 1;
    churn.connectionsMax = 1;
    churn.fromNs = S;
    churn.untilNs = S;
    World w = ran(1, S / 2);
    // 44 bytes with the MSS alone, which every SYN-ACK carries; 60 with all options of Linux.
    long answer = options == SynFloodConfig.Options.LINUX ? 60 : 44;
    assertThat(server.linkTo(clients.id()).bytes()).isEqualTo(answer);
    assertThat(w.tcp(clients).counter(Mib.OUT_RSTS)).isEqualTo(1);
  }

  @Test
  void theSameSeedGivesTheSameRunAndAnotherSeedAnother() {
    assertThat(ran(7, S).digest()).isEqualTo(ran(7, S).digest()).isNotEqualTo(ran(8, S).digest());
  }

  @Test
  void howTheRunIsCutOrSampledChangesNothing() {
    World whole = ran(7, S);
    intervalNs = 3 * MS;
    World cut = world(7);
    Random random = new Random(1);
    for (long t = 0; t < S; t += random.nextInt(random.nextBoolean() ? 1000 : 9_000_000)) {
      cut.run(t);
    }
    cut.run(S);
    assertThat(cut.digest()).isEqualTo(whole.digest());
    assertThat(cut.events()).isEqualTo(whole.events());
    assertThat(cut.packetsSent()).isEqualTo(whole.packetsSent());
  }
}
