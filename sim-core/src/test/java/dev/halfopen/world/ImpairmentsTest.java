package dev.halfopen.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.app.ChurnClient;
import dev.halfopen.app.ChurnConfig;
import dev.halfopen.app.ChurnServer;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.net.Impairments;
import dev.halfopen.net.LinkRule;
import dev.halfopen.net.Segment;
import dev.halfopen.net.SegmentRule;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SysctlProfile;
import org.junit.jupiter.api.Test;

class ImpairmentsTest {
  private static final long MS = 1_000_000;
  private static final long S = 1000 * MS;
  private static final long CALM = 200 * S;

  private final WorldBuilder builder = new WorldBuilder(7, MemoryBudget.unlimited());
  private final Host clients =
      builder.farm("clients", new SysctlProfile(KernelProfile.LINUX_6_18), 50);
  private final Host server = builder.host("server", new SysctlProfile(KernelProfile.LINUX_6_18));
  private final ChurnConfig config = new ChurnConfig();
  private final ChurnClient client = new ChurnClient(config);
  private World world;

  ImpairmentsTest() {
    builder.link(clients, server, 1_000_000_000L, MS, 0);
    config.serverAddress = server.firstAddress();
    config.rateCount = 100;
    config.connectionsMax = 1000;
    config.untilNs = 10 * S;
  }

  private Impairments there() {
    return builder.impair(clients, server);
  }

  private Impairments back() {
    return builder.impair(server, clients);
  }

  private void run(long untilNs) {
    if (world == null) {
      world =
          builder.application(clients, client).application(server, new ChurnServer(config)).build();
    }
    world.run(untilNs);
    assertThat(world.packetsSent() + world.packetsDuplicated())
        .isEqualTo(
            world.packetsDelivered()
                + world.packetsWithoutRoute()
                + world.packetsDropped()
                + world.packetsInFlight());
  }

  @Test
  void everyPacketIsDeliveredDroppedOrInFlight() {
    there().loss(0.1).duplication(0.05).reordering(0.1, 5 * MS).jitter(2 * MS, false);
    back().loss(0.1).duplication(0.05).jitter(2 * MS, true);
    run(5 * S);
    run(10 * S);
    run(CALM);
    assertThat(world.packetsInFlight()).isZero();
    assertThat(world.packetsDropped()).isBetween(800L, 1500L);
    assertThat(world.packetsDuplicated()).isPositive();
    assertThat(client.completed()).isGreaterThan(980);
  }

  @Test
  void settlesAfterFaults() {
    there().loss(0.2).duplication(0.2).reordering(0.2, 300 * MS);
    back().loss(0.2).duplication(0.2).reordering(0.2, 300 * MS);
    run(2000 * S);
    assertThat(world.packetsInFlight()).isZero();
    assertThat(world.stack().connections()).isZero();
    assertThat(world.stack().requests()).isZero();
    assertThat(world.stack().timeWaits()).isZero();
    assertThat(world.stack().demuxEntries()).isZero();
  }

  @Test
  void ruleDropsThirdDataSegment() {
    SegmentRule third = SegmentRule.drop().withData().nth(3);
    there().rule(third);
    run(CALM);
    assertThat(world.packetsDropped()).isEqualTo(1);
    assertThat(third.matches()).isEqualTo(1001);
    assertThat(client.completed()).isEqualTo(1000);
    assertThat(world.tcp(clients).counter(Mib.TCP_LOSS_PROBES)).isEqualTo(1);
  }

  @Test
  void partitionDropsAllSegmentsWhileItLasts() {
    there().rule(SegmentRule.drop().from(2 * S).until(3 * S));
    back().rule(SegmentRule.drop().from(2 * S).until(3 * S));
    run(CALM);
    assertThat(world.packetsDropped()).isBetween(100L, 400L);
    assertThat(client.completed()).isEqualTo(1000);
  }

  @Test
  void finsAreDroppedByRule() {
    there().rule(SegmentRule.drop().flags(Segment.FIN, Segment.FIN).until(2 * S));
    run(CALM);
    assertThat(world.packetsDropped()).isGreaterThan(200);
    assertThat(client.completed()).isEqualTo(1000);
  }

  @Test
  void unreachableHostIsHeardBySender() {
    there().rule(SegmentRule.unreachable(LinkRule.HOST_UNREACHABLE, 0));
    run(CALM);
    assertThat(client.failed()).isEqualTo(1000);
    assertThat(world.packetsDropped()).isEqualTo(1000);
  }

  @Test
  void unimpairedLinkGivesTheSameRunAsOneWhoseRulesPass() {
    run(CALM);
    final ImpairmentsTest other = new ImpairmentsTest();
    other.there().rule((now, segment) -> LinkRule.PASS);
    other.run(CALM);
    assertThat(other.world.digest()).isEqualTo(world.digest());
  }
}
