package dev.halfopen.report;

import dev.halfopen.app.ClientFarmConfig;
import dev.halfopen.report.Expectation.Bounds;
import dev.halfopen.scenario.AppPlace;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.HttpServerSpec;
import dev.halfopen.scenario.RequestLoad;
import dev.halfopen.scenario.TimeSpec;
import dev.halfopen.scenario.WorldSpec;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.Sysctl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * Independent clients before a program that takes an exponential time for each accept(): an M/M/1/K
 * with K = min(backlog, somaxconn) + 1 that wait and the one in service. r clients come in the mean
 * time of an accept(). With one SYN a client, (1-r)r^K/(1-r^(K+1)) of them are lost; with repeats
 * 1-1/r of them in the long run, as the program is never idle. Of those the ones that never connect
 * had each of n SYNs dropped, a SYN with the n-th root of their share; the others connect and are
 * reset later, since their last ACK was dropped.
 *
 * <p>All of that holds when retries have built up: the run is judged from {@link #settledNs} on. r
 * is made of the clients that came from then on; what varies then is the number that the program
 * serves, Poisson's.
 */
final class AcceptOverflowExpectations {
  private static final double SECOND_NS = 1e9;

  /** Within this of a time of the kernel's schedule: the timer wheel fires up to an eighth late. */
  private static final double LATE = 1.13;

  private static final long PROMPT_NS = 500_000_000L;
  private static final long SLACK_NS = 50_000_000L;

  /**
   * Lives of a client until what one generation leaves to the next is forgotten; the run must be
   * twice as long.
   */
  private static final int LIVES = 2;

  private static final long INTERVAL_S = ClientFarmConfig.LATENCY_INTERVAL_NS / 1_000_000_000L;

  private final RunResult result;
  private final HostSpec server;
  private final HostSpec clients;
  private final RequestLoad load;
  private final int queue;
  private final double ratio;
  private final int syns;
  private final double lifeS;
  private final long settledNs;

  /** Clients that came, and that were served, from then on. */
  private final double came;

  private final double served;

  private AcceptOverflowExpectations(
      RunResult result, HostSpec server, HttpServerSpec app, RequestLoad load) {
    this.result = result;
    this.server = server;
    this.clients = result.scenario().world().group(load.from()).get(0);
    this.load = load;
    this.queue = (int) Math.min(app.backlog(), server.sysctls().get(Sysctl.SOMAXCONN)) + 1;
    double patienceS = load.timeoutNs() == 0 ? Double.MAX_VALUE : load.timeoutNs() / SECOND_NS;
    int retries = (int) clients.sysctls().get(Sysctl.TCP_SYN_RETRIES);
    this.syns = ClosedForms.synsWithin(patienceS, retries, linear());
    double connectS =
        RtoLadder.connect(
                clients.sysctls().kernel(), clients.sysctls().profile().hz(), retries, linear())
            .high();
    this.lifeS = Math.min(patienceS, connectS);
    double acceptS = app.limits().acceptTime().ns() / SECOND_NS;
    double settledS = settledS(load.rate().perSecond(), acceptS);
    this.settledNs = ((long) StrictMath.ceil(settledS / INTERVAL_S)) * INTERVAL_S * 1_000_000_000L;
    this.came = after("offered");
    this.served = after("succeeded");
    double afterS = Math.max(0, result.endNs() - settledNs) / SECOND_NS;
    this.ratio = afterS > 0 ? came / afterS * acceptS : load.rate().perSecond() * acceptS;
  }

  private double after(String column) {
    return result.timeTable().sumAfter(column, settledNs).orElse(0L);
  }

  /** When the queue has filled, and what the first clients left has gone. */
  private double settledS(double perSecond, double acceptS) {
    double fillS = queue / Math.max(StrictMath.abs(perSecond - 1 / acceptS), perSecond / queue);
    return LIVES * Math.max(lifeS, fillS);
  }

  private String isSettled() {
    return result.endNs() < 2 * settledNs ? "the run ends while retries build up" : "";
  }

  private int linear() {
    return clients.sysctls().kernel().knows(Sysctl.TCP_SYN_LINEAR_TIMEOUTS)
        ? (int) clients.sysctls().get(Sysctl.TCP_SYN_LINEAR_TIMEOUTS)
        : 0;
  }

  static List<Expectation> of(RunResult result) {
    WorldSpec world = result.scenario().world();
    if (world.loads().size() != 1 || world.requestLoads().size() != 1 || result.isPartial()) {
      return List.of();
    }
    RequestLoad load = world.requestLoads().get(0);
    HostSpec server = world.group(load.to()).get(0);
    if (!(server.listener(load.toPort()).map(AppPlace::spec).orElse(null)
            instanceof HttpServerSpec app)
        || app.limits().acceptTime().ns() == 0
        || app.limits().acceptTime().shape() != TimeSpec.Shape.EXPONENTIAL
        || load.requestsPerClientConnection() != 1
        || load.fanOut() > 1
        || !load.curve().isConstant()) {
      return List.of();
    }
    return new AcceptOverflowExpectations(result, server, app, load).all();
  }

  private List<Expectation> all() {
    List<Expectation> all = new ArrayList<>();
    all.add(queueAtItsFullest());
    all.add(dropsAreOverflows());
    all.add(lost());
    all.add(synsDropped());
    all.add(outsideTheSchedule());
    return all;
  }

  private boolean overflows() {
    return ratio > 1 && result.endNs() / SECOND_NS * (ratio - 1) > 20 * queue * ratio / rate();
  }

  private double rate() {
    return load.rate().perSecond();
  }

  /** How long a client waits in a full queue. */
  private double queueNs() {
    return queue * ratio / rate() * SECOND_NS;
  }

  private String isPoisson() {
    return load.arrivals() == RequestLoad.Arrivals.POISSON ? "" : "arrivals are not independent";
  }

  private Expectation queueAtItsFullest() {
    String name = "accept queue at its fullest";
    if (!overflows()) {
      return Expectation.doesNotApply(name, "", "the program keeps up");
    }
    return Expectation.measured(
        name,
        Bounds.exactly(queue),
        result
            .facilities()
            .limit(LimitUse.ACCEPT_QUEUE, server.name())
            .map(l -> (double) l.use().peak()),
        "",
        "min(backlog, somaxconn) + 1, oracle O4");
  }

  private Expectation dropsAreOverflows() {
    return Expectation.none(
        "ListenDrops beyond ListenOverflows",
        result
            .host(server.name())
            .map(h -> h.counter(Mib.LISTEN_DROPS) - h.counter(Mib.LISTEN_OVERFLOWS)),
        Expectation.MEASURED,
        "both count each SYN and ACK that is dropped, oracle O4");
  }

  /**
   * How far a share of the clients that came may be off as the program serves not exactly as many
   * as it would in the mean.
   */
  private double noise() {
    double mean = came / Math.max(1, ratio);
    return Expectations.SIGMAS * StrictMath.sqrt(Math.max(1, mean)) / Math.max(1, came);
  }

  private Expectation lost() {
    String name = "share of clients that fail";
    String reason = isPoisson();
    if (reason.isEmpty() && load.timeoutNs() > 0 && queueNs() > 0.7 * load.timeoutNs()) {
      reason = "clients lose patience while they wait in the queue";
    }
    if (reason.isEmpty() && syns > 1 && ratio <= 1) {
      reason = "the program keeps up";
    }
    reason = reason.isEmpty() ? isSettled() : reason;
    if (!reason.isEmpty()) {
      return Expectation.doesNotApply(name, "", reason);
    }
    double loss =
        syns == 1 ? ClosedForms.lossOfQueue(ratio, queue + 1) : ClosedForms.lossOfBusy(ratio);
    String form = syns == 1 ? "M/M/1/K, K = " + (queue + 1) : "1-1/r";
    return Expectation.applies(
        name,
        // Below 0 where those that waited before are served, too.
        new Bounds(loss, loss - noise(), loss + noise()),
        came == 0 ? Optional.empty() : Optional.of(1 - served / came),
        "",
        form + ", r = " + Figures.shortest(ratio, 3) + since());
  }

  private String since() {
    return " from " + Figures.secondsText(settledNs) + " on";
  }

  private Expectation synsDropped() {
    String name = "share of SYNs that are dropped";
    String reason = isPoisson();
    if (syns == 1) {
      reason = "clients send one SYN each";
    } else if (ratio <= 1) {
      reason = "the program keeps up";
    }
    reason = reason.isEmpty() ? isSettled() : reason;
    if (!reason.isEmpty()) {
      return Expectation.doesNotApply(name, "", reason);
    }
    Optional<Histogram> settled = result.latency("connect").flatMap(l -> l.from(settledNs));
    // Of clients that connect and are never served, a share of those that came.
    double reset = settled.map(h -> (h.getTotalCount() - served) / came).orElse(0.0);
    double least = ClosedForms.lossWithRepeats(ratio, reset + noise(), syns);
    double most = ClosedForms.lossWithRepeats(ratio, reset - noise(), syns);
    return Expectation.applies(
        name,
        new Bounds(ClosedForms.lossWithRepeats(ratio, reset, syns), least, most),
        settled.map(this::dropped),
        "",
        "(1-1/r-x)^(1/n), n = "
            + syns
            + " SYNs, x = "
            + Figures.percent(reset)
            + " connect and are reset"
            + since());
  }

  private Optional<Histogram> connects() {
    return Expectations.times(result, load.name(), "connect");
  }

  /** A SYN is repeated when the kernel's timer says so, and at no other time. */
  private Expectation outsideTheSchedule() {
    String name = "connects at other times than the kernel's SYN schedule";
    Optional<Long> outside = connects().map(h -> h.getTotalCount() - Arrays.stream(bySyn(h)).sum());
    return Expectation.none(name, outside, Expectation.MEASURED, schedule() + ", oracle O1");
  }

  /** Of all SYNs of the clients that came: n of those that never connect, i of the others. */
  private double dropped(Histogram connects) {
    long[] by = bySyn(connects);
    double connected = 0;
    double sent = 0;
    for (int i = 0; i < by.length; i++) {
      connected += by[i];
      sent += by[i] * (i + 1.0);
    }
    sent += (came - connected) * syns;
    return 1 - connected / sent;
  }

  /** Connects whose first SYN got through, whose second, and so on. */
  private long[] bySyn(Histogram connects) {
    long[] by = new long[syns];
    double at = 0;
    double gap = 1;
    by[0] = connects.getCountBetweenValues(0, PROMPT_NS);
    long from = 0;
    for (int i = 1; i < syns; i++) {
      at += gap;
      gap = i > linear() ? gap * 2 : 1;
      // Intervals of late timers may touch; each value counts once.
      long low = Math.max(from, (long) (at * SECOND_NS * 0.998));
      long high = (long) (at * LATE * SECOND_NS) + SLACK_NS;
      by[i] = connects.getCountBetweenValues(low, high);
      from = connects.nextNonEquivalentValue(high);
    }
    return by;
  }

  private String schedule() {
    StringBuilder out = new StringBuilder();
    double at = 0;
    double gap = 1;
    for (int i = 1; i < syns; i++) {
      at += gap;
      gap = i > linear() ? gap * 2 : 1;
      out.append(out.length() == 0 ? "" : ", ").append((int) at);
    }
    return out.length() == 0 ? "none is repeated" : out + " s";
  }
}
