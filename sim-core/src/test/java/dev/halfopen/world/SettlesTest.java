package dev.halfopen.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.app.ChurnClient;
import dev.halfopen.app.ChurnConfig;
import dev.halfopen.app.ChurnServer;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.net.LinkRule;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.tcp.Tcp;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whole worlds after their faults: everything ends, or waits as Linux would wait. */
class SettlesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long LOAD_ENDS = 5 * SECOND;
  private static final long HEALED = 30 * SECOND;

  /** tcp_retries2 at 15 gives up after 939 s; then keepalive, then TIME_WAIT. */
  private static final long SETTLED = 1_300 * SECOND;

  /** Those who have given up without a word leave their peers waiting; only keepalive ends that. */
  private static SocketOptions keepalive() {
    SocketOptions o = new SocketOptions();
    o.keepalive = true;
    o.keepIdleSeconds = 30;
    o.keepIntervalSeconds = 5;
    o.keepCount = 3;
    return o;
  }

  private static ChurnConfig churn(Host server, long perSecond) {
    ChurnConfig c = new ChurnConfig();
    c.serverAddress = server.firstAddress();
    c.rateCount = perSecond;
    c.untilNs = LOAD_ENDS;
    return c;
  }

  private static void packetsAreConserved(World w) {
    assertThat(w.packetsSent() + w.packetsDuplicated())
        .isEqualTo(
            w.packetsDelivered()
                + w.packetsWithoutRoute()
                + w.packetsDropped()
                + w.packetsInFlight());
  }

  private static void allTablesAreEmpty(World w) {
    Tcp t = w.stack();
    assertThat(t.connections()).as("connections").isZero();
    assertThat(t.requests()).as("requests").isZero();
    assertThat(t.timeWaits()).as("TIME_WAITs").isZero();
    assertThat(t.demuxEntries()).as("demux entries").isZero();
    assertThat(t.flights()).as("flights").isZero();
    assertThat(t.segmentsQueued()).as("queued").isZero();
    assertThat(w.packetsInFlight()).as("in flight").isZero();
  }

  @Test
  void everyTableIsEmptySomeTimeAfterTheFaultsHaveHealed() {
    for (int seed = 1; seed <= 12; seed++) {
      World w = faultyWorld(seed);
      for (long t = SECOND; t <= HEALED; t += SECOND) {
        w.run(t);
        packetsAreConserved(w);
      }
      assertThat(w.packetsDropped()).as("drops of seed " + seed).isPositive();
      w.run(SETTLED);
      packetsAreConserved(w);
      allTablesAreEmpty(w);
    }
  }

  private static SysctlProfile kernel(Random random) {
    SysctlProfile p =
        new SysctlProfile(
            random.nextInt(4) == 0 ? KernelProfile.LINUX_3_10 : KernelProfile.LINUX_6_18);
    p.set(Sysctl.TCP_SYNCOOKIES, random.nextInt(3));
    p.set(Sysctl.TCP_TIMESTAMPS, random.nextInt(2));
    p.set(Sysctl.TCP_ABORT_ON_OVERFLOW, random.nextInt(2));
    p.set(Sysctl.TCP_RFC1337, random.nextInt(2));
    p.set(Sysctl.TCP_MAX_TW_BUCKETS, random.nextInt(3) == 0 ? 20 : 100_000);
    return p;
  }

  /** Loss, duplicates and disorder on a slow link; after {@link #HEALED} only the link is slow. */
  private static World faultyWorld(int seed) {
    Random random = new Random(seed);
    WorldBuilder b = new WorldBuilder(seed, MemoryBudget.unlimited());
    Host clients = b.farm("clients", kernel(random), 1 + random.nextInt(20));
    Host server = b.host("server", kernel(random));
    b.link(clients, server, 20_000_000, 1_000_000L << random.nextInt(7), 20_000);
    double loss = 0.02 + random.nextDouble() * 0.3;
    for (Host from : new Host[] {clients, server}) {
      Random fates = new Random(random.nextLong());
      b.impair(from, from == clients ? server : clients)
          .rule((now, segment) -> now >= HEALED ? LinkRule.PASS : fate(fates, loss));
    }
    ChurnConfig c = churn(server, 100);
    c.clientOptions = keepalive();
    c.serverOptions = keepalive();
    return b.application(clients, new ChurnClient(c))
        .application(server, new ChurnServer(c))
        .build();
  }

  private static long fate(Random random, double loss) {
    double x = random.nextDouble();
    if (x < loss) {
      return LinkRule.DROP;
    }
    if (x < loss + 0.05) {
      return LinkRule.DUPLICATE;
    }
    return x < loss + 0.15 ? 1 + random.nextInt(50_000_000) : LinkRule.PASS;
  }

  /**
   * A link whose queue holds nothing behind a packet that is being sent: of segments sent in one
   * jiffy only the first passes. Late retransmissions of one host fire in the same jiffy, every
   * 120.832 s (a capped RTO, rounded up to 2.048 s), so that those behind the first lose each time
   * until their host gives up without a word, and their peers, who have all they sent acknowledged,
   * wait for good. That is what Linux does; keepalive ends it.
   */
  @Test
  void timersThatFireTogetherStarveEachOtherOnALinkWithoutAQueue() {
    Starved s = new Starved(SocketOptions.DEFAULT, 400);
    assertThat(s.waitingAt(SETTLED)).isPositive();
    assertThat(s.servers()).isZero();
    assertThat(s.passed()).isEqualTo(s.instants());
    assertThat(s.world.stack().flights()).isZero();
    assertThat(s.waitingAt(4 * SETTLED)).isEqualTo(s.waitingAt(SETTLED));
  }

  @Test
  void keepaliveEndsTheWaitOfThoseWhosePeerHasGivenUp() {
    Starved s = new Starved(keepalive(), 400);
    s.world.run(SETTLED);
    assertThat(s.client.failed()).isPositive();
    allTablesAreEmpty(s.world);
  }

  @Test
  void nobodyStarvesWhereTheQueueHoldsTheBurst() {
    Starved s = new Starved(SocketOptions.DEFAULT, 400_000);
    s.world.run(SETTLED);
    assertThat(s.client.completed()).isEqualTo(s.client.offered());
    allTablesAreEmpty(s.world);
  }

  /** Ten times what a link of 2 Mbit/s takes, for 5 s, and nothing after it. */
  private static final class Starved {
    private static final long LATE = 400 * SECOND;

    final ChurnClient client;
    final World world;
    private final Host clients;
    private final Host server;
    private final Set<Long> instants = new HashSet<>();
    private long completedBefore;

    Starved(SocketOptions options, long queueBytes) {
      WorldBuilder b = new WorldBuilder(1, MemoryBudget.unlimited());
      clients = b.farm("clients", new SysctlProfile(KernelProfile.LINUX_6_18), 100);
      server = b.host("server", new SysctlProfile(KernelProfile.LINUX_6_18));
      b.link(clients, server, 2_000_000, 5_000_000, queueBytes);
      b.impair(server, clients)
          .rule(
              (now, segment) -> {
                if (now >= LATE && segment.length > 0) {
                  instants.add(now);
                }
                return LinkRule.PASS;
              });
      ChurnConfig c = churn(server, 600);
      c.clientOptions = options;
      client = new ChurnClient(c);
      world = b.application(clients, client).application(server, new ChurnServer(c)).build();
      world.run(LATE);
      completedBefore = client.completed();
    }

    int waitingAt(long ns) {
      world.run(ns);
      return world.tcp(clients).gauges().value(SocketGauges.ESTABLISHED);
    }

    int servers() {
      return world.tcp(server).gauges().value(SocketGauges.ESTABLISHED);
    }

    /** Responses that came late, and instants in which some were sent. */
    long passed() {
      return client.completed() - completedBefore;
    }

    int instants() {
      return instants.size();
    }
  }
}
