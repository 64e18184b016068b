package dev.halfopen.report;

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
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * Independent clients before a program that takes an exponential time for each accept(): an M/M/1/K
 * with K = min(backlog, somaxconn) + 1 that wait and the one in service. r clients come in the mean
 * time of an accept(). With one SYN a client, (1-r)r^K/(1-r^(K+1)) of them are lost; with repeats
 * 1-1/r of them in the long run, while a SYN is dropped with probability (1-1/r)^(1/n).
 */
final class AcceptOverflowExpectations {
  private static final double SECOND_NS = 1e9;

  /** Within this of a time of the kernel's schedule: the timer wheel fires up to an eighth late. */
  private static final double LATE = 1.13;

  private static final long PROMPT_NS = 500_000_000L;
  private static final long SLACK_NS = 50_000_000L;

  /** Time over which retries build up, the longest of a client's. */
  private static final double BUILD_UP_SECONDS = 135;

  private final RunResult result;
  private final HostSpec server;
  private final HostSpec clients;
  private final RequestLoad load;
  private final LoadResult outcome;
  private final int queue;
  private final double ratio;
  private final int syns;

  private AcceptOverflowExpectations(
      RunResult result, HostSpec server, HttpServerSpec app, RequestLoad load) {
    this.result = result;
    this.server = server;
    this.clients = result.scenario().world().group(load.from()).get(0);
    this.load = load;
    this.outcome = result.total();
    this.queue = (int) Math.min(app.backlog(), server.sysctls().get(Sysctl.SOMAXCONN)) + 1;
    this.ratio = load.rate().perSecond() * app.limits().acceptTime().ns() / SECOND_NS;
    this.syns =
        ClosedForms.synsWithin(
            load.timeoutNs() == 0 ? Double.MAX_VALUE : load.timeoutNs() / SECOND_NS,
            (int) clients.sysctls().get(Sysctl.TCP_SYN_RETRIES),
            linear());
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
    all.add(firstSynDropped());
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

  /** Both what came and what was served vary like independent counts. */
  private double noise(double finished) {
    return Expectations.SIGMAS * StrictMath.sqrt(2 / Math.max(1, finished)) / Math.max(1, ratio);
  }

  private Expectation lost() {
    String name = "share of clients that fail";
    double finished = outcome.failed() + outcome.succeeded();
    Optional<Double> simulated =
        finished == 0 ? Optional.empty() : Optional.of(outcome.failed() / finished);
    String reason = isPoisson();
    if (reason.isEmpty() && load.timeoutNs() > 0 && queueNs() > 0.7 * load.timeoutNs()) {
      reason = "clients lose patience while they wait in the queue";
    }
    if (!reason.isEmpty()) {
      return Expectation.doesNotApply(name, "", reason);
    }
    if (syns == 1) {
      double loss = ClosedForms.lossOfQueue(ratio, queue + 1);
      return Expectation.applies(
          name,
          new Bounds(loss, Math.max(0, loss - noise(finished)), loss + noise(finished)),
          simulated,
          "",
          "M/M/1/K, K = " + (queue + 1) + ", r = " + Figures.shortest(ratio, 3));
    }
    double seconds = result.endNs() / SECOND_NS;
    if (ratio <= 1 || seconds < 3 * BUILD_UP_SECONDS) {
      return Expectation.doesNotApply(
          name, "", ratio <= 1 ? "the program keeps up" : "the run ends while retries build up");
    }
    double loss = 1 - 1 / ratio;
    double build = 1.5 * BUILD_UP_SECONDS / seconds;
    return Expectation.applies(
        name,
        new Bounds(
            loss, loss * (1 - build) - noise(finished), loss * (1 + build / 4) + noise(finished)),
        simulated,
        "",
        "tends to 1-1/r, r = " + Figures.shortest(ratio, 3));
  }

  private Expectation firstSynDropped() {
    String name = "share of first SYNs that are dropped";
    double seconds = result.endNs() / SECOND_NS;
    String reason = isPoisson();
    if (syns == 1) {
      reason = "clients send one SYN each";
    } else if (ratio <= 1) {
      reason = "the program keeps up";
    } else if (seconds < 3 * BUILD_UP_SECONDS) {
      reason = "the run ends while retries build up";
    }
    if (!reason.isEmpty()) {
      return Expectation.doesNotApply(name, "", reason);
    }
    double loss = ClosedForms.lossWithRepeats(ratio, syns);
    double build = BUILD_UP_SECONDS / seconds;
    return Expectation.applies(
        name,
        new Bounds(loss, loss * (1 - build) - 0.03, Math.min(1, loss + 0.03)),
        connects().map(h -> 1 - h.getCountBetweenValues(0, PROMPT_NS) / (double) outcome.offered()),
        "",
        "tends to (1-1/r)^(1/n), n = " + syns + " SYNs");
  }

  private Optional<Histogram> connects() {
    return Expectations.times(result, load.name(), "connect");
  }

  /** A SYN is repeated when the kernel's timer says so, and at no other time. */
  private Expectation outsideTheSchedule() {
    String name = "connects at other times than the kernel's SYN schedule";
    Optional<Long> outside =
        connects()
            .map(
                h -> {
                  long late = h.getTotalCount() - h.getCountBetweenValues(0, PROMPT_NS);
                  return late - scheduled(h);
                });
    return Expectation.none(name, outside, Expectation.MEASURED, schedule() + ", oracle O1");
  }

  private long scheduled(Histogram connects) {
    long n = 0;
    double at = 0;
    double gap = 1;
    long from = 0;
    for (int i = 1; i < syns; i++) {
      at += gap;
      gap = i > linear() ? gap * 2 : 1;
      // Intervals of late timers may touch; each value counts once.
      long low = Math.max(from, (long) (at * SECOND_NS * 0.998));
      long high = (long) (at * LATE * SECOND_NS) + SLACK_NS;
      n += connects.getCountBetweenValues(low, high);
      from = connects.nextNonEquivalentValue(high);
    }
    return n;
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
