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
 * until keepalive finds it, tcp_keepalive_time + probes * interval later (O7).
 */
final class HalfOpenDbExpectations {
  private static final String FULL = "first refused connection";
  private static final String PEAK = "connections at the most";
  private static final String LEFT = "connections at the end";
  private static final double BOOT_S = 60;

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
      double detectedS = detectionS(0);
      double lastS = Figures.seconds(ends.get(ends.size() - 1).atNs()) + BOOT_S;
      String reason =
          result.isPartial()
              ? "the run was ended early"
              : !database().tcpKeepalive()
                      || lastS > Figures.seconds(ends.get(0).atNs()) + detectedS
                  ? "keepalive ends some of them before the last crash"
                  : "";
      if (!reason.isEmpty()) {
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

    /** From the last sign of life to the end, with so much rounding. */
    private double detectionS(double late) {
      return db.sysctls().get(Sysctl.TCP_KEEPALIVE_TIME)
          + db.sysctls().get(Sysctl.TCP_KEEPALIVE_PROBES)
              * (double) db.sysctls().get(Sysctl.TCP_KEEPALIVE_INTVL)
          + late;
    }

    private Expectation peak(boolean powerLoss) {
      double all = powerLoss ? pool() * (1.0 + ends.size()) : 2.0 * pool();
      double expected = Math.min(limit(), all);
      double low = powerLoss ? expected - ends.size() : Math.min(limit(), pool());
      return Expectation.applies(
          PEAK,
          new Bounds(expected, low, expected),
          figure(DatabaseReport.SLOTS_PEAK),
          "",
          "pool * (crashes + 1), at most max_connections; a port that is used again frees one");
    }

    /** The crash after which the pool does not fit any more. */
    private Expectation full(boolean powerLoss) {
      int fits = limit() / pool();
      if (!powerLoss || fits > ends.size() || pool() > limit()) {
        return Expectation.doesNotApply(FULL, "s", "there is room for all");
      }
      double bootS = Figures.seconds(ends.get(fits - 1).atNs()) + BOOT_S;
      return Expectation.applies(
          FULL,
          new Bounds(bootS, bootS, bootS + 1),
          figure(DatabaseReport.FIRST_REFUSED_MS).map(ms -> ms / 1000),
          "s",
          "the boot after crash " + fits + ": max_connections / pool");
    }

    private Expectation left(boolean powerLoss) {
      double firstS = Figures.seconds(ends.get(0).atNs());
      double endS = Figures.seconds(result.endNs());
      if (!powerLoss) {
        return Expectation.applies(
            LEFT,
            Bounds.exactly(pool()),
            figure(DatabaseReport.SLOTS_AT_END),
            "",
            "a killed process leaves none");
      }
      double granuleS =
          RtoLadder.granuleS(
              db.sysctls().kernel().timerRounding() == KernelProfile.TimerRounding.WHEEL,
              db.sysctls().profile().hz(),
              (double) db.sysctls().get(Sysctl.TCP_KEEPALIVE_TIME));
      if (endS > firstS - granuleS + detectionS(0) - 200) {
        return Expectation.doesNotApply(LEFT, "", "keepalive has begun to free them");
      }
      double expected = Math.min(limit(), pool() * (1.0 + ends.size()));
      return Expectation.applies(
          LEFT,
          new Bounds(expected, expected - ends.size(), expected),
          figure(DatabaseReport.SLOTS_AT_END),
          "",
          "nothing frees them for tcp_keepalive_time + probes * interval = "
              + Figures.number(detectionS(0), 0)
              + " s");
    }
  }
}
