package dev.halfopen.report;

import dev.halfopen.app.Breakdown;
import dev.halfopen.app.FailureCause;
import dev.halfopen.net.DeadAddress;
import dev.halfopen.report.Expectation.Bounds;
import dev.halfopen.scenario.ConnectionPoolSpec;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.NameSpec;
import dev.halfopen.scenario.Outages;
import dev.halfopen.tcp.Sysctl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What becomes of requests whose database went away, by what their connection was doing. */
final class DbFailoverExpectations {
  /** Of an own connect() to the dead address. */
  static final String GIVE_UP = "last to give up";

  static final String UNACKED_FIRST = "unacknowledged: first to end";
  static final String UNACKED_LAST = "unacknowledged: last to end";
  static final String IDLE = "idle, handed out unchecked: last to end";
  static final String ACKED = "acknowledged: still hanging at the end";
  static final String ACKED_LAST = "acknowledged: last to end";
  static final String TOLD = "in a query: last to end";
  static final String OUTAGE = "longest time without a success";
  private static final long SECOND_NS = 1_000_000_000L;
  private static final double RTO_FLOOR_MS = 200;

  /** A delayed ACK of the query lies in the round trips that the RTO is made of. */
  private static final double DELAYED_ACK_MS = 44;

  /** The pool's longest sleep between two attempts, and opening a connection. */
  private static final double ADDER_S = 5.5;

  /** Figures of the table are whole ms. */
  private static final double ROUNDING_S = 0.001;

  /** Of independent queries, e^-12 take longer than so many mean times. */
  private static final double LONGEST_QUERY = 12;

  private final RunResult result;
  private final FailoverGroup group;
  private final ConnectionPoolSpec pool;
  private final BreakdownTable table;
  private final String prefix;
  private final RtoLadder ladder;

  /** When the kernel gives a query up that nobody acknowledges. */
  private final RtoLadder.Bounds givesUp;

  private DbFailoverExpectations(RunResult result, FailoverGroup group, String prefix) {
    this.result = result;
    this.group = group;
    this.pool = group.pool();
    this.table = BreakdownTable.of(result, group.group());
    this.prefix = prefix;
    this.ladder = group.ladder(RTO_FLOOR_MS, DELAYED_ACK_MS);
    double userS = Figures.seconds(pool.driver().userTimeoutNs());
    this.givesUp =
        userS > 0
            ? ladder.userTimeout(userS)
            : ladder.death((int) group.host().sysctls().get(Sysctl.TCP_RETRIES2));
  }

  /** Empty where no database goes away under a pool; by group where there are several. */
  static List<Expectation> of(RunResult result) {
    List<FailoverGroup> groups = FailoverGroup.of(result.scenario().world());
    List<Expectation> all = new ArrayList<>();
    for (FailoverGroup group : groups) {
      String prefix = groups.size() == 1 ? "" : group.group() + ": ";
      all.addAll(new DbFailoverExpectations(result, group, prefix).all());
    }
    return all;
  }

  private List<Expectation> all() {
    if (!group.end().powerLoss()) {
      return List.of(told(), outage());
    }
    FailureCause cause = unacknowledgedEndsWith();
    Optional<Bounds> death = death();
    String noDeath = death.isPresent() ? "" : whyNoDeath();
    String noIdle = noDeath;
    if (noIdle.isEmpty() && group.leadS().isEmpty()) {
      noIdle = "what comes before a query takes a random time";
    }
    if (noDeath.isEmpty() && table.ended(Breakdown.UNACKNOWLEDGED, cause) == 0) {
      noDeath = "no query was on its way to the database when the power went";
    }
    if (noIdle.isEmpty() && table.ended(Breakdown.IDLE, cause) == 0) {
      noIdle = "none had been used so shortly before";
    }
    return List.of(
        unacknowledged(
            UNACKED_FIRST, noDeath, death, table.leastS(Breakdown.UNACKNOWLEDGED, cause)),
        unacknowledged(UNACKED_LAST, noDeath, death, table.mostS(Breakdown.UNACKNOWLEDGED, cause)),
        acknowledged(),
        unacknowledged(
            IDLE, noIdle, death.map(this::fromArrival), table.mostS(Breakdown.IDLE, cause)),
        outage());
  }

  private double runsOnS() {
    return Figures.seconds(result.endNs() - group.end().atNs());
  }

  private double socketTimeoutS() {
    return Figures.seconds(pool.driver().socketTimeoutNs());
  }

  // ---- not acknowledged

  private FailureCause unacknowledgedEndsWith() {
    if (socketTimeoutS() > 0) {
      return FailureCause.SOCKET_TIMEOUT;
    }
    return returnsBefore(givesUp.high()) ? FailureCause.ECONNRESET : FailureCause.ETIMEDOUT;
  }

  private boolean returnsBefore(double seconds) {
    return group.returnsS().filter(s -> s < seconds).isPresent();
  }

  /** When queries that were not acknowledged end; empty where that is not the ladder's matter. */
  private Optional<Bounds> death() {
    if (!whyNoDeath().isEmpty()) {
      return Optional.empty();
    }
    if (socketTimeoutS() > 0) {
      double s = socketTimeoutS();
      return Optional.of(new Bounds(s, s - sentBeforeS(), s + ROUNDING_S));
    }
    if (group.end().deadAddress() != DeadAddress.SILENT) {
      return Optional.of(revertedDeath());
    }
    if (returnsBefore(givesUp.low())) {
      return Optional.of(endByReturn(group.returnsS().orElseThrow()));
    }
    double low = givesUp.low() - sentBeforeS();
    double high = givesUp.high() + ROUNDING_S;
    return Optional.of(new Bounds((low + high) / 2, low, high));
  }

  /**
   * How long before the moment of the table (a round trip after the power went) a query was sent at
   * the most that is not acknowledged then. The database's kernel acknowledges it within a delayed
   * ACK of its arrival, unless the power went before; so it was sent later than the power loss less
   * half a round trip and the delay.
   */
  private double sentBeforeS() {
    return 1.5 * group.rttS() + DELAYED_ACK_MS / 1000 + ROUNDING_S;
  }

  /**
   * RST to the first retransmission after the host's return, {@code awayS} after the power went.
   * From a query's point of view it was away for up to {@link #sentBeforeS} longer; what comes
   * after a step of the ladder within that time is longer than at its end by no more than it.
   */
  private Bounds endByReturn(double awayS) {
    double sentS = sentBeforeS();
    double stallS =
        Math.max(ladder.stall(awayS).high(), ladder.stall(awayS + sentS).high() + sentS);
    double low = awayS - group.rttS();
    double high = awayS + stallS + group.rttS() + ROUNDING_S;
    return new Bounds((low + high) / 2, low, high);
  }

  /** Who comes after the power went first does what comes before its query; times count from it. */
  private Bounds fromArrival(Bounds query) {
    double leadS = group.leadS().orElse(0.0);
    double low = socketTimeoutS() > 0 ? socketTimeoutS() - ROUNDING_S : query.low();
    return new Bounds(query.expected() + leadS, low, query.high() + leadS);
  }

  /**
   * Each ICMP error takes one doubling of the RTO back (RFC 6069), so that timers stay one RTO: the
   * probe, the first retransmission, from which tcp_retries2 counts, and then the first one beyond
   * its limit, less than another RTO later. Between two and three RTO beyond the limit, then, each
   * as late as timers are, with one jiffy for the rounding up of the RTO and one for that of what
   * is left of it when the error comes. Where ARP fails, the errors come together when its three
   * questions have gone unanswered, and the doublings between are not taken back before.
   */
  private Bounds revertedDeath() {
    int retries2 = (int) group.host().sysctls().get(Sysctl.TCP_RETRIES2);
    double leastS = ladder.rtoLeastMs() / 1000;
    double mostS = ladder.rtoMostMs() / 1000;
    double lateS = RtoLadder.granuleS(ladder.wheel(), ladder.hz(), mostS) + 2.0 / ladder.hz();
    double low = RtoLadder.limitS(retries2) + 2 * leastS - sentBeforeS();
    double high = RtoLadder.limitS(retries2) + 3 * (mostS + lateS) + ROUNDING_S;
    boolean arp = group.end().deadAddress() == DeadAddress.NO_ARP;
    high += arp ? group.arpFails().high() : 0;
    return new Bounds((low + high) / 2, low, high);
  }

  private String whyNoDeath() {
    if (result.isPartial()) {
      return "the run was ended early";
    }
    boolean silent = group.end().deadAddress() == DeadAddress.SILENT;
    if (!silent && (group.returnsS().isPresent() || pool.driver().userTimeoutNs() > 0)) {
      return "ICMP errors shorten the waits between retransmissions (RFC 6069)";
    }
    double most = socketTimeoutS() > 0 ? socketTimeoutS() : givesUp.high();
    if (socketTimeoutS() > givesUp.low()) {
      return "retransmissions end it before the driver's socketTimeout";
    }
    if (group.returnsS().filter(s -> s >= givesUp.low() && s <= most).isPresent()
        || socketTimeoutS() > 0 && returnsBefore(most)) {
      return "the host comes back about then, and answers with RST";
    }
    return most > runsOnS() ? "the run ends before; give a longer --duration" : "";
  }

  private Expectation unacknowledged(
      String name, String reason, Optional<Bounds> bounds, double simulated) {
    if (!reason.isEmpty() || bounds.isEmpty()) {
      return Expectation.doesNotApply(prefix + name, "s", reason);
    }
    return Expectation.applies(
        prefix + name, bounds.get(), Optional.of(simulated), "s", unacknowledgedSource());
  }

  private String unacknowledgedSource() {
    if (socketTimeoutS() > 0) {
      return "the driver's socketTimeout";
    }
    if (returnsBefore(givesUp.low())) {
      return "RST to the first retransmission after the host is back";
    }
    if (group.end().deadAddress() != DeadAddress.SILENT) {
      return "(2^(retries2+1)-1) * 200 ms and 2 to 3 RTO: ICMP errors take the doublings back";
    }
    return pool.driver().userTimeoutNs() > 0
        ? "TCP_USER_TIMEOUT after the first retransmission"
        : "first expiry beyond (2^(retries2+1)-1) * 200 ms, and 120 s for each beyond 9";
  }

  // ---- acknowledged

  /** TCP_USER_TIMEOUT alone does not end it: nothing is in flight. */
  private Expectation acknowledged() {
    if (result.isPartial()) {
      return Expectation.doesNotApply(prefix + ACKED, "", "the run was ended early");
    }
    if (socketTimeoutS() > 0) {
      double s = socketTimeoutS();
      return acknowledgedLast(
          new Bounds(s, Math.max(0, s - longestQueryS()), s + group.rttS() / 2 + ROUNDING_S),
          FailureCause.SOCKET_TIMEOUT,
          "the driver's socketTimeout");
    }
    if (pool.driver().tcpKeepalive()) {
      return foundByKeepalive();
    }
    return Expectation.applies(
        prefix + ACKED,
        Bounds.exactly((double) table.served(Breakdown.ACKNOWLEDGED)),
        Optional.of((double) table.unfinished(Breakdown.ACKNOWLEDGED)),
        "",
        "nothing is in flight, nobody asks: an idle reader waits for ever");
  }

  /** A query that was acknowledged when the power went had begun so long before, at the most. */
  private double longestQueryS() {
    return LONGEST_QUERY * group.queryS() + group.rttS() + DELAYED_ACK_MS / 1000;
  }

  private Expectation foundByKeepalive() {
    HostSpec host = group.host();
    double idleS = (double) host.sysctls().get(Sysctl.TCP_KEEPALIVE_TIME);
    double intervalS = (double) host.sysctls().get(Sysctl.TCP_KEEPALIVE_INTVL);
    double probes = (double) host.sysctls().get(Sysctl.TCP_KEEPALIVE_PROBES);
    double leastS = idleS + probes * intervalS;
    double mostS =
        leastS
            + RtoLadder.granuleS(ladder.wheel(), ladder.hz(), idleS)
            + probes * RtoLadder.granuleS(ladder.wheel(), ladder.hz(), intervalS);
    if (pool.driver().userTimeoutNs() > 0 || returnsBefore(leastS) || mostS > runsOnS()) {
      return Expectation.doesNotApply(
          prefix + ACKED_LAST,
          "s",
          mostS > runsOnS()
              ? "the run ends before; give a longer --duration"
              : "something else ends it before keepalive does");
    }
    return acknowledgedLast(
        new Bounds(leastS, leastS - longestQueryS(), mostS),
        FailureCause.ETIMEDOUT,
        "tcp_keepalive_time + probes * interval, each as late as timers are");
  }

  private Expectation acknowledgedLast(Bounds bounds, FailureCause cause, String source) {
    if (table.ended(Breakdown.ACKNOWLEDGED, cause) == 0) {
      return Expectation.doesNotApply(
          prefix + ACKED_LAST, "s", "no query was acknowledged when the power went");
    }
    double simulated = table.mostS(Breakdown.ACKNOWLEDGED, cause);
    return Expectation.applies(prefix + ACKED_LAST, bounds, Optional.of(simulated), "s", source);
  }

  // ---- with FIN, and after all that

  /** Who waits for an answer of a process that was killed is told at once. */
  private Expectation told() {
    double most = 0;
    for (int cls : new int[] {Breakdown.UNACKNOWLEDGED, Breakdown.ACKNOWLEDGED}) {
      most = Math.max(most, table.mostS(cls, FailureCause.PREMATURE_CLOSE));
      most = Math.max(most, table.mostS(cls, FailureCause.ECONNRESET));
    }
    return Expectation.applies(
        prefix + TOLD,
        new Bounds(group.rttS() / 2, 0, group.rttS() + 0.001),
        Optional.of(most),
        "s",
        "the kernel of a process that was killed sends FIN or RST");
  }

  private Expectation outage() {
    Optional<NameSpec> name = group.name();
    Optional<Outages.Change> named =
        name.flatMap(
            n ->
                group.outages().namings().stream()
                    .filter(c -> c.name().equals(n.name()))
                    .findFirst());
    if (result.isPartial() || named.isEmpty()) {
      return Expectation.doesNotApply(prefix + OUTAGE, "s", "the name does not follow");
    }
    if (pool.jvmTtlNs() < 0) {
      return Expectation.doesNotApply(
          prefix + OUTAGE, "s", "the JVM keeps the old address for ever");
    }
    Optional<LoadResult> load = load();
    if (load.isEmpty()) {
      return Expectation.doesNotApply(prefix + OUTAGE, "s", "several loads come in");
    }
    double namedS = Figures.seconds(named.get().atNs() - group.end().atNs());
    double promotedS =
        Figures.seconds(group.outages().promotions().get(0).atNs() - group.end().atNs());
    double most =
        Math.max(namedS, promotedS)
            + Figures.seconds(name.orElseThrow().ttlNs())
            + Figures.seconds(pool.jvmTtlNs())
            + group.connectS()
            + ADDER_S;
    double least = Math.min(namedS, promotedS) - 1;
    String stuck = stuck(load.get(), most);
    if (!stuck.isEmpty()) {
      return Expectation.doesNotApply(prefix + OUTAGE, "s", stuck);
    }
    return Expectation.applies(
        prefix + OUTAGE,
        new Bounds(most, Math.max(0, least), most),
        Optional.of(Figures.seconds(load.get().longestOutageNs())),
        "s",
        "at most: name changed + its TTL + the JVM's TTL + one connectTimeout + the pool's sleep");
  }

  /**
   * Why the name's way back does not end the outage: connections that hang are missing to the
   * pools, which then serve less than comes in; "" if enough are left. By Little's law rate x time
   * of a request's queries are in use when the power goes, and are needed afterwards.
   */
  private String stuck(LoadResult load, double mostS) {
    double inUse = requestsPerHost(load.name(), group.end().atNs() - SECOND_NS) * group.requestS();
    double hang = inUse + 3 * StrictMath.sqrt(inUse);
    long untilNs = group.end().atNs() + (long) (mostS * SECOND_NS);
    double needed = requestsPerHost(load.name(), untilNs) * group.requestS();
    int size = pool.maximumPoolSize();
    String needs =
        "of "
            + size
            + " connections of a pool the load needs "
            + Figures.shortest(inUse, 1)
            + " in the mean";
    if (inUse > size) {
      return needs + " even before the fault";
    }
    boolean ends = !group.end().powerLoss() || socketTimeoutS() > 0 && socketTimeoutS() < mostS;
    return ends || needed + hang <= size ? "" : needs + ", and as many hang after it";
  }

  /** A second, from an instant on. */
  private double requestsPerHost(String load, long fromNs) {
    long ns = Math.max(0, fromNs);
    double perSecond =
        group.load(load).map(l -> l.curve().expected(ns, ns + SECOND_NS)).orElse(0.0);
    return perSecond / group.hosts();
  }

  private Optional<LoadResult> load() {
    return prefix.isEmpty()
        ? Optional.of(result.total())
        : group.load().flatMap(l -> Expectations.load(result, l));
  }
}
