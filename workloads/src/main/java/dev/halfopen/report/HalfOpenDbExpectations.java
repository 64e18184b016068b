package dev.halfopen.report;

import dev.halfopen.report.Expectation.Bounds;
import dev.halfopen.scenario.ConnectionPoolSpec;
import dev.halfopen.scenario.DatabaseSpec;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.Outages;
import dev.halfopen.scenario.WorldSpec;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Sysctl;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Connections that crashed application hosts leave at their database: each crash leaves a pool,
 * until keepalive finds it: rate x pool x detection time. That is tcp_keepalive_time where the host
 * is back, which answers with RST, and otherwise + probes * interval (O7).
 */
final class HalfOpenDbExpectations {
  private static final String FULL = "first refused connection";
  private static final String PEAK = "connections at the most";
  private static final String LEFT = "connections at the end";
  private static final double BOOT_S = 60;

  /** Without pings of the pool the last request was not much longer ago. */
  private static final double QUIET_S = 60;

  private HalfOpenDbExpectations() {}

  /** Empty where the run is of another shape. */
  static List<Expectation> of(RunResult result) {
    WorldSpec world = result.scenario().world();
    List<HostSpec> databases =
        world.hosts().stream().filter(h -> h.hasApp(DatabaseSpec.class)).toList();
    List<HostSpec> pools =
        world.hosts().stream().filter(h -> h.hasApp(ConnectionPoolSpec.class)).toList();
    List<Outages.End> ends = Outages.of(world).ends();
    if (databases.size() != 1
        || pools.size() != 1
        || ends.isEmpty()
        || !ends.stream().allMatch(e -> e.host().equals(pools.get(0).name()))) {
      return List.of();
    }
    return new Shape(result, databases.get(0), pools.get(0), ends).expectations();
  }

  private record Shape(RunResult result, HostSpec db, HostSpec app, List<Outages.End> ends) {
    List<Expectation> expectations() {
      boolean powerLoss = ends.stream().allMatch(Outages.End::powerLoss);
      if (result.isPartial()) {
        String reason = "the run was ended early";
        return List.of(
            Expectation.doesNotApply(PEAK, "", reason),
            Expectation.doesNotApply(FULL, "s", reason),
            Expectation.doesNotApply(LEFT, "", reason));
      }
      return List.of(peak(powerLoss), full(powerLoss), left(powerLoss));
    }

    private DatabaseSpec database() {
      return db.apps(DatabaseSpec.class).get(0);
    }

    private int pool() {
      return app.apps(ConnectionPoolSpec.class).get(0).maximumPoolSize();
    }

    private int limit() {
      return database().maxConnections() - database().reservedConnections();
    }

    private Optional<Double> figure(String key) {
      return result.apps().entrySet().stream()
          .filter(e -> e.getKey().startsWith(db.name() + "/"))
          .map(Map.Entry::getValue)
          .filter(f -> f.containsKey(key))
          .map(f -> (double) f.get(key))
          .findFirst();
    }

    /** A host that is back answers the first probe with RST. */
    private boolean boots() {
      return !Outages.of(result.scenario().world()).boots().isEmpty();
    }

    private long probes() {
      return boots() ? 0 : db.sysctls().get(Sysctl.TCP_KEEPALIVE_PROBES);
    }

    /** From the last sign of life to the end; for ever where nobody asks. */
    private double detectionS() {
      return database().tcpKeepalive()
          ? db.sysctls().get(Sysctl.TCP_KEEPALIVE_TIME)
              + probes() * (double) db.sysctls().get(Sysctl.TCP_KEEPALIVE_INTVL)
          : Double.POSITIVE_INFINITY;
    }

    private double granuleS(Sysctl sysctl) {
      return RtoLadder.granuleS(
          db.sysctls().kernel().timerRounding() == KernelProfile.TimerRounding.WHEEL,
          db.sysctls().profile().hz(),
          (double) db.sysctls().get(sysctl));
    }

    /** The last sign of life was at most a ping of the pool before the crash. */
    private double earliestS() {
      long pingNs = app.apps(ConnectionPoolSpec.class).get(0).keepaliveTimeNs();
      double quietS = pingNs > 0 ? Figures.seconds(pingNs) : QUIET_S;
      return detectionS() - quietS - QUIET_S / 10;
    }

    private double latestS() {
      return detectionS()
          + granuleS(Sysctl.TCP_KEEPALIVE_TIME)
          + probes() * granuleS(Sysctl.TCP_KEEPALIVE_INTVL);
    }

    /** Crashes whose connections are still held at that time if they are found so much later. */
    private int leaking(double atS, double foundS) {
      return (int)
          ends.stream()
              .map(e -> Figures.seconds(e.atNs()))
              .filter(s -> s <= atS && s + foundS > atS)
              .count();
    }

    /** The pools that there are, the living one and those of the crashes, when a host boots. */
    private double mostPools(double foundS) {
      return 1.0
          + ends.stream()
              .mapToInt(e -> leaking(Figures.seconds(e.atNs()) + BOOT_S, foundS))
              .max()
              .orElse(0);
    }

    private Expectation peak(boolean powerLoss) {
      double most = powerLoss ? pool() * mostPools(latestS()) : pool();
      double least = powerLoss ? pool() * mostPools(earliestS()) : pool();
      double expected = Math.min(limit(), most);
      double low = Math.min(limit(), least) - (powerLoss ? ends.size() : 0);
      return Expectation.applies(
          PEAK,
          new Bounds(expected, low, expected),
          figure(DatabaseReport.SLOTS_PEAK),
          "",
          powerLoss
              ? "pool * (crashes within "
                  + Figures.number(detectionS(), 0)
                  + " s + 1), at most max_connections; a port that is used again frees one"
              : "a killed process leaves none");
    }

    /** The crash after which the pool does not fit any more. */
    private Expectation full(boolean powerLoss) {
      int fits = 0;
      for (int i = ends.size(); i > 0 && powerLoss && pool() <= limit(); i--) {
        double atS = Figures.seconds(ends.get(i - 1).atNs()) + BOOT_S;
        fits = pool() * (1.0 + leaking(atS, latestS())) > limit() ? i : fits;
      }
      if (fits == 0) {
        return Expectation.doesNotApply(FULL, "s", "there is room for all");
      }
      double bootS = Figures.seconds(ends.get(fits - 1).atNs()) + BOOT_S;
      if (pool() * (1.0 + leaking(bootS, earliestS())) <= limit()) {
        return Expectation.doesNotApply(FULL, "s", "keepalive frees some about then");
      }
      return Expectation.applies(
          FULL,
          new Bounds(bootS, bootS, bootS + 1),
          figure(DatabaseReport.FIRST_REFUSED_MS).map(ms -> ms / 1000),
          "s",
          "the boot after crash " + fits + ": max_connections / pool");
    }

    private Expectation left(boolean powerLoss) {
      double endS = Figures.seconds(result.endNs());
      if (!powerLoss) {
        return Expectation.applies(
            LEFT,
            Bounds.exactly(pool()),
            figure(DatabaseReport.SLOTS_AT_END),
            "",
            "a killed process leaves none");
      }
      int least = leaking(endS, earliestS());
      if (least < leaking(endS, latestS())
          || least < ends.size() && pool() * mostPools(latestS()) > limit()) {
        return Expectation.doesNotApply(LEFT, "", "keepalive has begun to free them");
      }
      double expected = Math.min(limit(), pool() * (1.0 + least));
      return Expectation.applies(
          LEFT,
          new Bounds(expected, expected - ends.size(), expected),
          figure(DatabaseReport.SLOTS_AT_END),
          "",
          "pool * (1 + crashes within the detection time): "
              + (boots()
                  ? "the host is back and answers a probe with RST after tcp_keepalive_time = "
                  : "tcp_keepalive_time + probes * interval = ")
              + Figures.number(detectionS(), 0)
              + " s");
    }
  }
}
