package dev.halfopen.report;

import java.util.List;
import java.util.Optional;

/** What hosts were equipped with, and how it was used. */
record Facilities(List<LimitUse> limits, List<ServerFigures> servers, List<FloodFigures> floods) {
  static final Facilities NONE = new Facilities(List.of(), List.of(), List.of());

  Facilities {
    limits = List.copyOf(limits);
    servers = List.copyOf(servers);
    floods = List.copyOf(floods);
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

  Optional<LimitUse> limit(String resource, String host) {
    return limits.stream().filter(l -> l.is(resource, host)).findFirst();
  }

  long refusals(String resource, String host) {
    return limit(resource, host).map(LimitUse::refusals).orElse(0L);
  }

  Optional<ServerFigures> server(String host) {
    return servers.stream().filter(s -> s.host().equals(host)).findFirst();
  }

  Optional<FloodFigures> flood(String name) {
    return floods.stream().filter(f -> f.name().equals(name)).findFirst();
  }
}
