package dev.halfopen.report;

import dev.halfopen.net.DeadAddress;
import dev.halfopen.scenario.AppServerSpec;
import dev.halfopen.scenario.ConnectionPoolSpec;
import dev.halfopen.scenario.DatabaseSpec;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.NameSpec;
import dev.halfopen.scenario.Outages;
import dev.halfopen.scenario.RequestLoad;
import dev.halfopen.scenario.TimeSpec;
import dev.halfopen.scenario.WorldSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Application servers of one group whose pool's database goes away.
 *
 * @param host the first of the group
 * @param end when the database went, and how
 * @param name that the database is reached by, if by one
 */
record FailoverGroup(
    WorldSpec world,
    HostSpec host,
    ConnectionPoolSpec pool,
    Outages outages,
    Outages.End end,
    Optional<NameSpec> name) {

  /** All of a scenario in which a standby takes over, in the order of the file. */
  static List<FailoverGroup> of(WorldSpec world) {
    Outages outages = Outages.of(world);
    List<FailoverGroup> all = new ArrayList<>();
    if (outages.promotions().isEmpty()) {
      return all;
    }
    Set<String> seen = new LinkedHashSet<>();
    for (HostSpec host : world.hosts()) {
      List<ConnectionPoolSpec> pools = host.apps(ConnectionPoolSpec.class);
      if (!pools.isEmpty() && seen.add(host.group())) {
        of(world, host, pools.get(0), outages).ifPresent(all::add);
      }
    }
    return all;
  }

  private static Optional<FailoverGroup> of(
      WorldSpec world, HostSpec host, ConnectionPoolSpec pool, Outages outages) {
    String target = world.target(pool.to());
    return outages.ends().stream()
        .filter(e -> world.group(target).stream().anyMatch(e::isMeant))
        .filter(e -> world.group(target).get(0).hasApp(DatabaseSpec.class))
        .findFirst()
        .map(end -> new FailoverGroup(world, host, pool, outages, end, world.named(pool.to())));
  }

  String group() {
    return host.group();
  }

  /** The load that comes in; empty where it is not one alone. */
  Optional<String> load() {
    List<String> names =
        world.requestLoads().stream()
            .filter(l -> l.to().equals(group()))
            .map(l -> l.name())
            .toList();
    return names.size() == 1 ? Optional.of(names.get(0)) : Optional.empty();
  }

  Optional<RequestLoad> load(String loadName) {
    return world.requestLoads().stream()
        .filter(l -> l.to().equals(group()) && l.name().equals(loadName))
        .findFirst();
  }

  /** Application servers of the group. */
  int hosts() {
    return world.group(group()).size();
  }

  /** The mean time of a query, without the way. */
  double queryS() {
    HostSpec db = world.group(end.host()).get(0);
    return Figures.seconds(db.apps(DatabaseSpec.class).get(0).queryTime().ns());
  }

  /** For how long a request has a connection, in the mean. */
  double requestS() {
    return steps()
        .filter(s -> !s.pool().isEmpty())
        .mapToDouble(s -> s.times() * (queryS() + rttS()))
        .sum();
  }

  /** The longest time that a request computes before a query; empty where that is random. */
  Optional<Double> leadS() {
    double most = 0;
    double lead = 0;
    for (AppServerSpec.Step step : steps().toList()) {
      if (!step.pool().isEmpty()) {
        most = Math.max(most, lead);
        lead = 0;
      } else if (step.cpu().shape() != TimeSpec.Shape.CONSTANT) {
        return Optional.empty();
      } else {
        lead += Figures.seconds(step.cpu().ns());
      }
    }
    return Optional.of(most);
  }

  private Stream<AppServerSpec.Step> steps() {
    return host.apps(AppServerSpec.class).stream().flatMap(a -> a.steps().stream());
  }

  /** When the machine that went away is back, s after it went. */
  Optional<Double> returnsS() {
    return outages.boots().stream()
        .filter(b -> end.isMeant(world.group(b.name()).get(0)))
        .map(b -> Figures.seconds(b.atNs() - end.atNs()))
        .findFirst();
  }

  double rttS() {
    return world.rttNs(group(), world.group(end.host()).get(0).group()) / 1e9;
  }

  RtoLadder ladder(double rtoFloorMs, double delayedAckMs) {
    double leastMs = rtoFloorMs + rttS() * 1000;
    return RtoLadder.of(
        host.sysctls().profile().kernel(),
        host.sysctls().profile().hz(),
        leastMs,
        leastMs + delayedAckMs);
  }

  /** When ARP gives up the host that is dead. */
  RtoLadder.Bounds arpFails() {
    return RtoLadder.arpFails(host.sysctls().profile().kernel(), host.sysctls().profile().hz());
  }

  /** How long an attempt to reach the address that is dead takes at the most. */
  double connectS() {
    double limitS =
        pool.driver().connectTimeoutNs() > 0
            ? Figures.seconds(pool.driver().connectTimeoutNs())
            : 136;
    if (!end.powerLoss() || end.deadAddress() == DeadAddress.UNREACHABLE) {
      return rttS();
    }
    return end.deadAddress() == DeadAddress.NO_ARP ? Math.min(limitS, arpFails().high()) : limitS;
  }
}
