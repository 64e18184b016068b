package dev.halfopen.scenario;

/** Hosts that can lose their power and whose applications can be killed: they begin anew. */
final class Mortals {
  private Mortals() {}

  /** Notes an error where there is no such host, or it sends a load that could not begin anew. */
  static void check(String group, WorldChecks.Place place, WorldChecks checks) {
    if (!checks.known(group, place)) {
      return;
    }
    boolean sends = checks.world().loads().stream().anyMatch(l -> l.from().equals(group));
    if (sends) {
      checks.problem(place, "not modelled yet: the end of " + group + ", which sends a load");
    }
  }
}
