package dev.halfopen.report;

import dev.halfopen.scenario.Sharding;

/**
 * What a run made of the threads it was given. None of it changes a result.
 *
 * @param asked as the user asked for
 * @param used that ran shards at the same time, at least for a while
 * @param shards into which the hosts were dealt
 * @param shortNs links of less delay were not cut
 * @param windowNs how far one shard may be ahead of another; meaningless with one shard
 * @param windows in which the shards ran; 0 with one shard
 * @param shared those of them that several threads ran
 * @param events dispatched in all
 */
public record ThreadUse(
    int asked,
    int used,
    int shards,
    long shortNs,
    long windowNs,
    long windows,
    long shared,
    long events) {
  private static final double MS_NS = 1e6;

  /** On average; 0 with one shard. */
  public long eventsPerWindow() {
    return windows == 0 ? 0 : events / windows;
  }

  /** Why not all threads that were asked for were of use; "" if they were. */
  public String why() {
    if (used >= asked) {
      return "";
    }
    if (shards == 1) {
      return "one thread runs it all: every host is joined to the others by links of less than "
          + ms(shortNs)
          + " one way"
          + (shortNs > Sharding.LEAST_NS
              ? ", in which this load makes fewer than " + Sharding.LEAST_EVENTS + " events"
              : "");
    }
    if (used == 1) {
      return "one thread runs it all: windows of "
          + ms(windowNs)
          + " with "
          + Figures.grouped(eventsPerWindow())
          + " events are too small to share";
    }
    return used + " threads run it: the hosts make " + shards + " shards";
  }

  /** One line: threads, shards, windows, events per window. */
  public String line() {
    String threads = used + (used == 1 ? " thread" : " threads");
    if (shards == 1) {
      return threads + ", one shard";
    }
    return threads
        + ", "
        + shards
        + " shards, "
        + Figures.grouped(windows)
        + " windows of up to "
        + ms(windowNs)
        + " with "
        + Figures.grouped(eventsPerWindow())
        + " events each, "
        + Figures.grouped(shared)
        + " of them shared";
  }

  private static String ms(long ns) {
    return Figures.rate(ns / MS_NS) + " ms";
  }
}
