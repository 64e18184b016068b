package dev.halfopen.report;

import java.util.List;
import java.util.Optional;

/** What hosts were equipped with, and how it was used. */
record Facilities(
    List<LimitUse> limits,
    List<ServerFigures> servers,
    List<FloodFigures> floods,
    List<TrackingFigures> tracking,
    List<CoreFigures> cores,
    List<HostWaits> waits,
    List<LostRequests> lost) {
  static final Facilities NONE =
      new Facilities(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  Facilities {
    limits = List.copyOf(limits);
    servers = List.copyOf(servers);
    floods = List.copyOf(floods);
    tracking = List.copyOf(tracking);
    cores = List.copyOf(cores);
    waits = List.copyOf(waits);
    lost = List.copyOf(lost);
  }

  /**
   * What a server did.
   *
   * @param accepted connections
   * @param inServiceMean requests in service, the mean over time
   * @param inServiceAbove share of the time with more than that many
   */
  record ServerFigures(
      String host,
      long accepted,
      double inServiceMean,
      java.util.function.IntToDoubleFunction inServiceAbove) {}

  /**
   * What a flood sent.
   *
   * @param dropped those for which its link had no room
   */
  record FloodFigures(String name, long sent, long dropped) {}

  /**
   * What connection tracking did with a table that was full.
   *
   * @param fullAtNs when it was first
   * @param earlyDrops entries, never established, that new ones took the place of
   * @param refusals packets dropped as none could be thrown out
   */
  record TrackingFigures(String host, long limit, long fullAtNs, long earlyDrops, long refusals) {}

  /**
   * What the cores that receive packets did.
   *
   * @param busyNs of all of them together
   * @param waitingPeak packets that waited in the rings
   */
  record CoreFigures(
      String host, int cores, long busyNs, long waitingPeak, long ringSlots, long refusals) {}

  Optional<LimitUse> limit(String resource, String host) {
    return limits.stream().filter(l -> l.is(resource, host)).findFirst();
  }

  long refusals(String resource, String host) {
    return limit(resource, host).map(LimitUse::refusals).orElse(0L);
  }

  /**
   * Requests that were lost there, with those whose client has given up but has not told its proxy
   * yet when the run ends.
   */
  long lostAtMost(LostRequests group) {
    if (!group.cause().equals(Shortages.CLIENT_TIMEOUT)) {
      return group.requests();
    }
    long waiting =
        waits.stream()
            .filter(w -> w.host().equals(group.proxy()))
            .flatMap(w -> w.on().stream())
            .filter(on -> on.host().equals(group.upstream()))
            .mapToLong(HostWaits.On::requests)
            .sum();
    return group.requests() + waiting;
  }

  Optional<ServerFigures> server(String host) {
    return servers.stream().filter(s -> s.host().equals(host)).findFirst();
  }

  Optional<FloodFigures> flood(String name) {
    return floods.stream().filter(f -> f.name().equals(name)).findFirst();
  }
}
