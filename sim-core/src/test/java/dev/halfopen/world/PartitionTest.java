package dev.halfopen.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.net.Host;
import dev.halfopen.net.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is dealt to which shard, and how far shards may run apart. */
class PartitionTest {
  private static final long MS = 1_000_000;
  private static final int[] NONE = {};

  private final List<Host> hosts = new ArrayList<>();

  private void hosts(int count) {
    for (int i = 0; i < count; i++) {
      hosts.add(new Host(i, "host" + i, 100 + i, 1, 250, 1));
    }
  }

  private void link(int from, int to, long delayNs) {
    hosts.get(from).linkTo(to, new Link(0, delayNs, 0));
    hosts.get(to).linkTo(from, new Link(0, delayNs, 0));
  }

  private Partition dealt(int[] together, int most, long shortNs) {
    return Partition.of(hosts.toArray(new Host[0]), together, most, shortNs);
  }

  private List<Integer> shards(Partition p) {
    return IntStream.range(0, hosts.size()).map(p::shardOf).boxed().toList();
  }

  @Test
  void shortLinksKeepBothEndsInOneShard() {
    hosts(5);
    link(0, 1, 3 * MS);
    link(1, 2, 0);
    link(2, 3, MS / 20);
    link(3, 4, 2 * MS);
    Partition p = dealt(NONE, 16, MS / 10);
    assertThat(shards(p)).containsExactly(0, 1, 1, 1, 2);
    assertThat(p.windowNs()).isEqualTo(2 * MS);
  }

  @Test
  void aLinkThatIsShortInOneDirectionIsShort() {
    hosts(2);
    hosts.get(0).linkTo(1, new Link(0, 5 * MS, 0));
    hosts.get(1).linkTo(0, new Link(0, 1, 0));
    assertThat(dealt(NONE, 16, MS).shards()).isEqualTo(1);
  }

  @Test
  void pairsThatMustNotBePartedAreNot() {
    hosts(3);
    link(0, 2, 5 * MS);
    assertThat(shards(dealt(new int[] {2, 0}, 16, MS))).containsExactly(0, 1, 0);
  }

  @Test
  void moreGroupsThanShardsAreDealtToTheLeastLoaded() {
    hosts(6);
    link(0, 1, 0);
    for (int i = 2; i < 6; i++) {
      link(0, i, 4 * MS);
    }
    Partition p = dealt(NONE, 2, MS);
    assertThat(shards(p)).containsExactly(0, 0, 1, 1, 0, 1);
    assertThat(p.shards()).isEqualTo(2);
  }

  @Test
  void linksWithinAShardDoNotShortenTheWindow() {
    hosts(3);
    link(0, 1, 9 * MS);
    link(0, 2, 2 * MS);
    Partition p = dealt(NONE, 2, MS);
    assertThat(shards(p)).containsExactly(0, 1, 0);
    assertThat(p.windowNs()).isEqualTo(9 * MS);
    Partition one = dealt(NONE, 1, MS);
    assertThat(one.shards()).isEqualTo(1);
    assertThat(one.windowNs()).isEqualTo(Partition.NO_LIMIT);
  }

  @Test
  void shardsWithoutALinkBetweenThemNeedNoLimit() {
    hosts(2);
    Partition p = dealt(NONE, 16, MS);
    assertThat(p.shards()).isEqualTo(2);
    assertThat(p.windowNs()).isEqualTo(Partition.NO_LIMIT);
  }
}
