package dev.halfopen.scenario;

import dev.halfopen.world.WorldBuilder;

/**
 * How far the hosts of a scenario are parted, so that several threads can simulate them. It follows
 * from the scenario alone, never from the threads: {@code docs/decisions/0011-shards.md}.
 *
 * @param shortNs hosts joined by a link of less delay, one way, stay together: within it, the load
 *     makes too few events to be worth running apart
 */
public record Sharding(long shortNs) {
  /** Shards at most. */
  public static final int MOST = 16;

  /** Shorter links are never cut. */
  public static final long LEAST_NS = 100_000;

  /** Events in a window that are worth meeting for. */
  public static final long LEAST_EVENTS = 1000;

  private static final double SECOND_NS = 1e9;

  /** What is right for a scenario. */
  public static Sharding of(WorldSpec world) {
    double packets = Math.max(1, RunEstimate.of(world).packets());
    double seconds = world.durationNs() / SECOND_NS;
    long worthNs = (long) (LEAST_EVENTS * seconds / packets * SECOND_NS);
    return new Sharding(Math.max(LEAST_NS, worthNs));
  }

  void apply(WorldBuilder builder) {
    builder.shards(MOST, shortNs);
  }
}
