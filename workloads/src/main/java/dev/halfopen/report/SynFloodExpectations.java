package dev.halfopen.report;

import dev.halfopen.report.Expectation.Bounds;
import dev.halfopen.scenario.AppPlace;
import dev.halfopen.scenario.AppSpec;
import dev.halfopen.scenario.FloodSpec;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.RequestLoad;
import dev.halfopen.scenario.WorldSpec;
import dev.halfopen.tcp.KernelChange;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.Sysctl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * A server under one flood of SYNs from addresses that do not answer. With L = min(backlog,
 * somaxconn), m = tcp_max_syn_backlog, R SYNs a second:
 *
 * <ul>
 *   <li>the SYN queue holds L+1, with tcp_syncookies=0 at most m - m/4 + 1 (oracle O3); 3.10: the
 *       next power of two;
 *   <li>with cookies every customer comes in, and each SYN beyond the queue is answered by one;
 *   <li>without, a place becomes free after 7 s while at most an eighth of the queue is young, that
 *       is before its first timeout at 1 s, else after 15 s ({@code reqsk_timer_handler}), so that
 *       B/15 to B/7 SYNs a second of the flood get in, by how far places become free in bursts
 *       (over 20 seeds B/8.8 to B/6.5 at 1000 SYN/s with B = 512; B/9 at 300/s; B/11 on 3.10); a
 *       SYN with probability p of those over R, and a client that sends n of them with 1-(1-p)^n. A
 *       client that gets in takes no place: it answers at once;
 *   <li>after the flood half of the queue goes at 7 s, the rest at 63 s;
 *   <li>connections that existed go on.
 * </ul>
 */
final class SynFloodExpectations {
  private static final double SECOND_NS = 1e9;
  private static final double SHORTEST_SECONDS = 7;
  private static final double LONGEST_SECONDS = 15;

  /** After so many lives of a request the places no longer become free all at once. */
  private static final int SETTLED_LIVES = 4;

  /** What connects within this needed no second SYN. */
  private static final long PROMPT_NS = 500_000_000L;

  /** After the flood: beyond 7 s and 63 s with the timer's granules. */
  private static final long HALF_GONE_NS = 10_000_000_000L;

  private static final long ALL_GONE_NS = 67_000_000_000L;

  private final RunResult result;
  private final FloodSpec flood;
  private final HostSpec server;
  private final int queue;
  private final int backlog;
  private final long cookies;
  private final long fromNs;
  private final long untilNs;
  private final double perSecond;

  private SynFloodExpectations(RunResult result, FloodSpec flood, HostSpec server, AppSpec app) {
    this.result = result;
    this.flood = flood;
    this.server = server;
    this.cookies = server.sysctls().get(Sysctl.TCP_SYNCOOKIES);
    this.queue = queue(server, app.backlog());
    this.backlog = (int) Math.min(app.backlog(), server.sysctls().get(Sysctl.SOMAXCONN));
    this.fromNs = flood.curve().startsNs();
    this.untilNs = flood.curve().endsNs(result.scenario().world().durationNs());
    this.perSecond = flood.curve().most().perSecond();
  }

  /** Places in the SYN queue: {@code tcp_conn_request}, {@code inet_csk_reqsk_queue_is_full}. */
  static int queue(HostSpec server, int listenBacklog) {
    long somaxconn = server.sysctls().get(Sysctl.SOMAXCONN);
    int backlog = (int) Math.min(listenBacklog, somaxconn);
    int limit = server.sysctls().kernel().requestLimit(backlog, server.sysctls().profile()) + 1;
    long m = server.sysctls().get(Sysctl.TCP_MAX_SYN_BACKLOG);
    boolean bounded = server.sysctls().get(Sysctl.TCP_SYNCOOKIES) == 0;
    return bounded ? (int) Math.min(limit, m - (m >> 2) + 1) : limit;
  }

  static List<Expectation> of(RunResult result) {
    WorldSpec world = result.scenario().world();
    if (world.loads(FloodSpec.class).size() != 1) {
      return List.of();
    }
    FloodSpec flood = world.loads(FloodSpec.class).get(0);
    HostSpec server = world.group(flood.to()).get(0);
    Optional<AppPlace> app = server.listener(flood.toPort());
    if (app.isEmpty() || !server.parts().isEmpty() || result.isPartial()) {
      return List.of();
    }
    return new SynFloodExpectations(result, flood, server, app.get().spec()).all();
  }

  private List<Expectation> all() {
    List<Expectation> all = new ArrayList<>();
    all.add(queueAtItsFullest());
    for (RequestLoad load : result.scenario().world().requestLoads()) {
      if (load.to().equals(flood.to())) {
        customers(load, all);
      }
    }
    all.add(cookiesSent());
    // It is the backlog that is halved, where tcp_max_syn_backlog lets less in than that.
    int half = Math.min(queue, (isPrunedBySlots() ? queue - 1 : backlog) / 2);
    all.add(afterwards("half-open 10 s after the flood", HALF_GONE_NS, half));
    all.add(afterwards("half-open 67 s after the flood", ALL_GONE_NS, 0));
    return all;
  }

  /** Whether the flood is so dense that the queue is full all the time. */
  private boolean fills() {
    return perSecond * (1 - flood.answeringShare()) * SHORTEST_SECONDS > 1.3 * queue
        && (untilNs - fromNs) / SECOND_NS > LONGEST_SECONDS;
  }

  private Optional<HostResult> counters() {
    return result.host(server.name());
  }

  private Expectation queueAtItsFullest() {
    String name = "SYN queue at its fullest";
    Optional<Double> peak =
        result
            .facilities()
            .limit(LimitUse.SYN_QUEUE, server.name())
            .map(l -> (double) l.use().peak());
    if (cookies == 2) {
      return Expectation.measured(
          name, Bounds.exactly(0), peak, "", "tcp_syncookies=2 keeps nothing");
    }
    if (!fills()) {
      return Expectation.doesNotApply(name, "", "the flood is too thin to fill it");
    }
    String source = cookies == 0 ? "min(L+1, m - m/4 + 1)" : "L+1";
    return Expectation.measured(name, Bounds.exactly(queue), peak, "", source + ", oracle O3");
  }

  // ---- clients

  private void customers(RequestLoad load, List<Expectation> all) {
    Optional<LoadResult> of = Expectations.load(result, load.name());
    if (of.isEmpty()) {
      return;
    }
    LoadResult outcome = of.get();
    boolean persistent = load.requestsPerClientConnection() == 0 && load.curve().startsNs() == 0;
    boolean later = load.curve().startsNs() >= untilNs + HALF_GONE_NS;
    if (persistent || later || cookies > 0) {
      String why =
          persistent
              ? "connections that existed before the flood go on"
              : later ? "half of the queue is free again" : "every SYN is answered, by a cookie";
      all.add(
          Expectation.none(
              load.name() + " that failed",
              Optional.of(outcome.failed()),
              Expectation.MEASURED,
              why));
    } else {
      all.addAll(lottery(load, outcome));
    }
  }

  /** The client's SYNs compete with the flood's for the places that become free. */
  private List<Expectation> lottery(RequestLoad load, LoadResult outcome) {
    String prompt = load.name() + " connected by their first SYN";
    String success = load.name() + " connected at all";
    long settledNs = fromNs + (long) (SETTLED_LIVES * LONGEST_SECONDS * SECOND_NS);
    boolean within =
        load.curve().startsNs() >= settledNs
            && load.curve().endsNs(Long.MAX_VALUE) + load.timeoutNs() <= untilNs;
    String reason =
        !fills()
            ? "the flood is too thin to fill the queue"
            : load.fanOut() > 1
                ? "their pages take several connections"
                : flood.answeringShare() > 0
                    ? "forged hosts that answer free the queue"
                    : within
                        ? ""
                        : "they do not all come and go while the queue is full and has settled";
    if (!reason.isEmpty()) {
      return List.of(
          Expectation.doesNotApply(prompt, "", reason),
          Expectation.doesNotApply(success, "", reason));
    }
    double low = Math.min(1, queue / LONGEST_SECONDS / perSecond);
    double high = Math.min(1, queue / SHORTEST_SECONDS / perSecond);
    HostSpec clients = result.scenario().world().group(load.from()).get(0);
    int n =
        ClosedForms.synsWithin(
            load.timeoutNs() / SECOND_NS,
            (int) clients.sysctls().get(Sysctl.TCP_SYN_RETRIES),
            clients.sysctls().kernel().knows(Sysctl.TCP_SYN_LINEAR_TIMEOUTS)
                ? (int) clients.sysctls().get(Sysctl.TCP_SYN_LINEAR_TIMEOUTS)
                : 0);
    Optional<Histogram> connects = Expectations.times(result, load.name(), "connect");
    double offered = Math.max(1, outcome.offered());
    return List.of(
        share(
            prompt,
            low,
            high,
            offered,
            connects.map(h -> h.getCountBetweenValues(0, PROMPT_NS) / offered),
            "p = B/15 to B/7 places a second for "
                + Figures.rate(perSecond)
                + " SYNs of the flood, B = "
                + queue),
        share(
            success,
            ClosedForms.anyOf(low, n),
            ClosedForms.anyOf(high, n),
            offered,
            connects.map(h -> h.getTotalCount() / offered),
            "1-(1-p)^n, n = " + n + " SYNs"));
  }

  private static Expectation share(
      String name, double low, double high, double n, Optional<Double> simulated, String source) {
    Bounds bounds =
        new Bounds(
            (low + high) / 2,
            Math.max(0, low - ClosedForms.shareNoise(low, n)),
            Math.min(1, high + ClosedForms.shareNoise(high, n)));
    return Expectation.applies(name, bounds, simulated, "", source);
  }

  // ---- the queue

  private Expectation cookiesSent() {
    String name = "SYNs answered with a cookie";
    Optional<Double> sent = counters().map(h -> (double) h.counter(Mib.SYNCOOKIES_SENT));
    if (cookies == 0) {
      return Expectation.applies(name, Bounds.exactly(0), sent, "", "tcp_syncookies=0");
    }
    double seconds = (untilNs - fromNs) / SECOND_NS;
    double syns =
        result.facilities().flood(flood.name()).map(f -> f.sent() - f.dropped()).orElse(0L);
    double others = 2.0 * result.total().attempts();
    // Those that found a place: the first fill, and what becomes free until the end.
    double placed = cookies == 2 ? 0 : queue * (1 + (seconds + LONGEST_SECONDS) / SHORTEST_SECONDS);
    double onTheirWay = cookies == 2 ? 0.0 : queue;
    return Expectation.measured(
        name,
        new Bounds(Math.max(0, syns - onTheirWay), Math.max(0, syns - placed), syns + others),
        sent,
        "",
        cookies == 2 ? "all of them" : "all that find the queue full");
  }

  /** A 3.10 listener prunes by the slots of its table, 0.2 s at a time. */
  private boolean isPrunedBySlots() {
    return !server.sysctls().kernel().has(KernelChange.TIMER_OF_EACH_REQUEST);
  }

  private Expectation afterwards(String name, long afterNs, int expected) {
    long atNs = untilNs + afterNs;
    String reason = "";
    if (cookies == 2) {
      reason = "tcp_syncookies=2 keeps nothing";
    } else if (!fills()) {
      reason = "the flood is too thin to fill the queue";
    } else if (atNs > result.endNs()) {
      reason = "the run ends before";
    } else if (flood.answeringShare() > 0) {
      reason = "forged hosts that answer free the queue";
    }
    if (!reason.isEmpty()) {
      return Expectation.doesNotApply(name, "", reason);
    }
    Optional<Double> simulated =
        result.timeTable().at(server.group() + ".synRecv", atNs).map(Long::doubleValue);
    double slack = expected == 0 ? 0 : isPrunedBySlots() ? queue / 16.0 : 3;
    return Expectation.measured(
        name,
        new Bounds(expected, Math.max(0, expected - slack), expected + slack),
        simulated,
        "",
        "pruned at 7 s down to half of the backlog, the rest gone at 63 s, oracle O2");
  }
}
