package dev.halfopen.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostTest {
  private static final int FARM = 20 << 24;

  private final Host host = new Host(0, "server", 10 << 24, 1, 1000, 1);
  private final Host farm = new Host(1, "clients", FARM, 256, 1000, 1);
  private final Link link = new Link(0, 1, 0);

  @Test
  void goesStraightToTheHostOfThePacketBefore() {
    assertThat(host.nextHop(FARM)).as("before the first").isNull();
    host.linkTo(farm.id(), link);
    host.turn(farm, link);
    assertThat(host.nextHop(FARM)).isSameAs(link);
    assertThat(host.nextHop(FARM + 255)).isSameAs(link);
    assertThat(host.nextHopId()).isEqualTo(1);
    assertThat(host.nextHop(FARM - 1)).isNull();
    assertThat(host.nextHop(FARM + 256)).isNull();
    assertThat(host.nextHop(FARM ^ 1 << 31)).isNull();
  }

  @Test
  void asksForTheWayAgainOnceALinkHasBeenReplaced() {
    host.turn(farm, link);
    host.linkTo(farm.id(), new Link(0, 2, 0));
    assertThat(host.nextHop(FARM)).isNull();
  }

  @Test
  void machinesOfAFarmTickTogetherAndCountDifferently() {
    int other = FARM + 1;
    long apart = farm.jiffies(0, other) - farm.jiffies(0, FARM);
    assertThat(apart).isNotZero();
    for (long ns = 0; ns < 5_000_000; ns += 100_000) {
      assertThat(farm.jiffies(ns, other) - farm.jiffies(ns, FARM))
          .as("at %d ns", ns)
          .isEqualTo(apart);
    }
  }
}
