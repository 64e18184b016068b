package dev.halfopen.world;

import dev.halfopen.net.Host;
import dev.halfopen.net.Link;
import org.jspecify.annotations.Nullable;

/**
 * Deals hosts to shards. It looks at hosts and links only, never at the number of threads, so that
 * whatever depends on it is the same for any number: docs/decisions/0011-shards.md.
 *
 * <p>Hosts that a short link joins stay together. Of the groups that remain, in the order of their
 * first hosts, each goes to the shard that has the fewest hosts so far.
 */
final class Partition {
  /** The window of a world that is one shard: no link leads out of it. */
  static final long NO_LIMIT = Long.MAX_VALUE;

  private final int[] groupOf;
  private final int[] shardOf;
  private int shards = 1;
  private long windowNs = NO_LIMIT;

  private Partition(int hosts) {
    groupOf = new int[hosts];
    shardOf = new int[hosts];
    for (int i = 0; i < hosts; i++) {
      groupOf[i] = i;
    }
  }

  /**
   * Deals.
   *
   * @param together pairs of host ids that must not be parted, one after the other
   * @param shardsMax at least 1
   * @param shortNs links with less delay than this do not lead from one shard to another; at least
   *     1
   */
  static Partition of(Host[] hosts, int[] together, int shardsMax, long shortNs) {
    Partition p = new Partition(hosts.length);
    if (shardsMax > 1) {
      for (int i = 0; i < together.length; i += 2) {
        p.join(together[i], together[i + 1]);
      }
      for (Host h : hosts) {
        p.joinShortLinks(h, shortNs);
      }
      p.deal(shardsMax);
      p.measure(hosts);
    }
    return p;
  }

  private void joinShortLinks(Host from, long shortNs) {
    @Nullable Link[] links = from.links();
    for (int to = 0; to < links.length; to++) {
      Link link = links[to];
      if (link != null && link.delayNs() < shortNs) {
        join(from.id(), to);
      }
    }
  }

  private int group(int host) {
    int g = host;
    while (groupOf[g] != g) {
      groupOf[g] = groupOf[groupOf[g]];
      g = groupOf[g];
    }
    return g;
  }

  /** The group is called after its first host. */
  private void join(int a, int b) {
    int first = Math.min(group(a), group(b));
    groupOf[group(a)] = first;
    groupOf[group(b)] = first;
  }

  private void deal(int shardsMax) {
    int[] size = new int[groupOf.length];
    for (int i = 0; i < groupOf.length; i++) {
      size[group(i)]++;
    }
    int[] load = new int[shardsMax];
    for (int i = 0; i < groupOf.length; i++) {
      if (group(i) == i) {
        int least = 0;
        for (int s = 1; s < shardsMax; s++) {
          least = load[s] < load[least] ? s : least;
        }
        load[least] += size[i];
        shardOf[i] = least;
      } else {
        shardOf[i] = shardOf[group(i)];
      }
    }
    shards = 0;
    while (shards < shardsMax && load[shards] > 0) {
      shards++;
    }
    shards = Math.max(1, shards);
  }

  private void measure(Host[] hosts) {
    for (Host from : hosts) {
      @Nullable Link[] links = from.links();
      for (int to = 0; to < links.length; to++) {
        Link link = links[to];
        if (link != null && shardOf[to] != shardOf[from.id()]) {
          windowNs = Math.min(windowNs, link.delayNs());
        }
      }
    }
  }

  int shards() {
    return shards;
  }

  int shardOf(int host) {
    return shardOf[host];
  }

  /** The least delay of a link between two shards. */
  long windowNs() {
    return windowNs;
  }
}
