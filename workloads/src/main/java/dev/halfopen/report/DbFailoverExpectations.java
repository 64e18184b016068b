package dev.halfopen.report;

import dev.halfopen.app.Breakdown;
import dev.halfopen.app.FailureCause;
import dev.halfopen.net.DeadAddress;
import dev.halfopen.report.Expectation.Bounds;
import dev.halfopen.scenario.ConnectionPoolSpec;
import dev.halfopen.scenario.DatabaseSpec;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.Outages;
import dev.halfopen.scenario.WorldSpec;
import dev.halfopen.tcp.Sysctl;
import java.util.List;
import java.util.Optional;

/** What becomes of requests whose database lost its power, by what their connection was doing. */
final class DbFailoverExpectations {
  private static final String UNACKED_FIRST = "unacknowledged: first to end";
  private static final String UNACKED_LAST = "unacknowledged: last to end";
  private static final String ACKED = "acknowledged: still hanging at the end";
  private static final String OUTAGE = "longest time without a success";
  private static final double RTO_FLOOR_MS = 200;

  /** A delayed ACK of the query lies in the round trips that the RTO is made of. */
  private static final double DELAYED_ACK_MS = 44;

  /** The pool's longest sleep between two attempts, and opening a connection. */
  private static final double ADDER_S = 5.5;

  private final RunResult result;
  private final HostSpec api;
  private final ConnectionPoolSpec pool;
  private final Outages outages;
  private final Outages.End crash;
  private final BreakdownTable table;

  private DbFailoverExpectations(
      RunResult result, HostSpec api, Outages outages, Outages.End crash) {
    this.result = result;
    this.api = api;
    this.pool = api.apps(ConnectionPoolSpec.class).get(0);
    this.outages = outages;
    this.crash = crash;
    this.table = BreakdownTable.of(result);
  }

  /** Empty where no database loses its power under a pool. */
  static List<Expectation> of(RunResult result) {
    WorldSpec world = result.scenario().world();
    Outages outages = Outages.of(world);
    Optional<Outages.End> crash = outages.first().filter(Outages.End::powerLoss);
    Optional<HostSpec> api =
        world.hosts().stream().filter(h -> h.hasApp(ConnectionPoolSpec.class)).findFirst();
    boolean database =
        crash.isPresent()
            && world.group(crash.get().host()).stream().anyMatch(h -> h.hasApp(DatabaseSpec.class));
    if (!database || api.isEmpty() || outages.promotions().isEmpty()) {
      return List.of();
    }
    return new DbFailoverExpectations(result, api.get(), outages, crash.get()).all();
  }

  private List<Expectation> all() {
    FailureCause cause =
        pool.driver().socketTimeoutNs() > 0 ? FailureCause.SOCKET_TIMEOUT : FailureCause.ETIMEDOUT;
    Optional<Bounds> death = death();
    String noDeath = death.isPresent() ? "" : whyNoDeath();
    if (noDeath.isEmpty() && table.ended(Breakdown.UNACKNOWLEDGED, cause) == 0) {
      noDeath = "no query was unacknowledged when the power went";
    }
    return List.of(
        unacknowledged(
            UNACKED_FIRST, noDeath, death, table.leastS(Breakdown.UNACKNOWLEDGED, cause)),
        unacknowledged(UNACKED_LAST, noDeath, death, table.mostS(Breakdown.UNACKNOWLEDGED, cause)),
        acknowledged(),
        outage());
  }

  private double runsOnS() {
    return Figures.seconds(result.endNs() - crash.atNs());
  }

  /** When queries that were not acknowledged end; empty where that is not the ladder's matter. */
  private Optional<Bounds> death() {
    double socketS = Figures.seconds(pool.driver().socketTimeoutNs());
    if (!whyNoDeath().isEmpty()) {
      return Optional.empty();
    }
    RtoLadder.Bounds ladder = ladder();
    if (socketS > 0) {
      // The timeout began with the query, up to a round trip before the power went.
      return Optional.of(new Bounds(socketS, socketS - 0.25, socketS + 0.001));
    }
    return Optional.of(
        new Bounds((ladder.low() + ladder.high()) / 2, ladder.low() - 0.05, ladder.high() + 0.05));
  }

  private RtoLadder.Bounds ladder() {
    WorldSpec world = result.scenario().world();
    String database = world.group(crash.host()).get(0).group();
    double rttMs = world.rttNs(api.group(), database) / 1e6;
    return RtoLadder.of(
            api.sysctls().profile().kernel(),
            api.sysctls().profile().hz(),
            RTO_FLOOR_MS + rttMs,
            RTO_FLOOR_MS + rttMs + DELAYED_ACK_MS)
        .death((int) api.sysctls().get(Sysctl.TCP_RETRIES2));
  }

  private String whyNoDeath() {
    if (result.isPartial()) {
      return "the run was ended early";
    }
    if (crash.deadAddress() != DeadAddress.SILENT) {
      return "ICMP errors shorten the waits between retransmissions (RFC 6069)";
    }
    if (pool.driver().userTimeoutNs() > 0) {
      return "TCP_USER_TIMEOUT ends it before";
    }
    double socketS = Figures.seconds(pool.driver().socketTimeoutNs());
    double most = socketS > 0 ? socketS : ladder().high();
    if (socketS > ladder().low()) {
      return "retransmissions end it before the driver's socketTimeout";
    }
    if (outages.boots().stream().anyMatch(b -> Figures.seconds(b - crash.atNs()) < most)) {
      return "the host comes back before, and answers with RST";
    }
    return most > runsOnS() ? "the run ends before; give a longer --duration" : "";
  }

  private static Expectation unacknowledged(
      String name, String reason, Optional<Bounds> bounds, double simulated) {
    if (!reason.isEmpty() || bounds.isEmpty()) {
      return Expectation.doesNotApply(name, "s", reason);
    }
    return Expectation.applies(
        name,
        bounds.get(),
        Optional.of(simulated),
        "s",
        "first expiry beyond (2^(retries2+1)-1) * 200 ms, or the driver's socketTimeout");
  }

  private Expectation acknowledged() {
    boolean ends =
        pool.driver().socketTimeoutNs() > 0
            || pool.driver().tcpKeepalive()
            || pool.driver().userTimeoutNs() > 0;
    if (ends || result.isPartial()) {
      return Expectation.doesNotApply(
          ACKED, "", ends ? "a timeout or keepalive ends the wait" : "the run was ended early");
    }
    double served = table.served(Breakdown.ACKNOWLEDGED);
    return Expectation.applies(
        ACKED,
        Bounds.exactly(served),
        Optional.of((double) table.unfinished(Breakdown.ACKNOWLEDGED)),
        "",
        "nothing is in flight, nobody asks: an idle reader waits for ever");
  }

  private Expectation outage() {
    WorldSpec world = result.scenario().world();
    if (result.isPartial() || outages.namings().isEmpty() || world.names().isEmpty()) {
      return Expectation.doesNotApply(OUTAGE, "s", "the name does not follow");
    }
    if (pool.jvmTtlNs() < 0) {
      return Expectation.doesNotApply(OUTAGE, "s", "the JVM keeps the old address for ever");
    }
    double namedS = Figures.seconds(outages.namings().get(0) - crash.atNs());
    double promotedS = Figures.seconds(outages.promotions().get(0) - crash.atNs());
    double connectS =
        pool.driver().connectTimeoutNs() > 0
            ? Figures.seconds(pool.driver().connectTimeoutNs())
            : 136;
    double most =
        Math.max(namedS, promotedS)
            + Figures.seconds(world.names().get(0).ttlNs())
            + Figures.seconds(pool.jvmTtlNs())
            + connectS
            + ADDER_S;
    double least = Math.min(namedS, promotedS) - 1;
    return Expectation.applies(
        OUTAGE,
        new Bounds(most, Math.max(0, least), most),
        Optional.of(Figures.seconds(result.total().longestOutageNs())),
        "s",
        "at most: name changed + its TTL + the JVM's TTL + one connectTimeout + the pool's sleep");
  }
}
