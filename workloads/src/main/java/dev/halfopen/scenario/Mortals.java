package dev.halfopen.scenario;

import java.util.List;

/** Hosts that can lose their power and whose applications can be killed: they begin anew. */
final class Mortals {
  private static final List<Class<? extends AppSpec>> TYPES =
      List.of(
          AppServerSpec.class, ConnectionPoolSpec.class, DatabaseSpec.class, DnsServerSpec.class);

  private Mortals() {}

  /** Notes an error where there is no such host, or something on it cannot begin anew. */
  static void check(String group, WorldChecks.Place place, WorldChecks checks) {
    if (!checks.known(group, place)) {
      return;
    }
    HostSpec host = checks.world().group(group).get(0);
    for (AppPlace app : host.apps()) {
      if (TYPES.stream().noneMatch(t -> t.isInstance(app.spec()))) {
        checks.problem(place, "not modelled yet: the end of " + app.name() + " of " + group);
      }
    }
    boolean sends = checks.world().requestLoads().stream().anyMatch(l -> l.from().equals(group));
    if (sends) {
      checks.problem(place, "not modelled yet: the end of " + group + ", which sends a load");
    }
  }
}
