package dev.halfopen.report;

import dev.halfopen.report.Expectation.Bounds;
import dev.halfopen.scenario.ReverseProxySpec;
import dev.halfopen.tcp.SocketGauges;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What port exhaustion must look like, computed from the parameters of the run alone.
 *
 * <p>With P ports towards the upstreams, each kept for one TIME_WAIT per request, and r requests a
 * second:
 *
 * <ul>
 *   <li>first failure: request P + 1, at P / r, if that is before the first port comes back;
 *   <li>so exactly P requests succeed before it;
 *   <li>sustained rate: every port serves one request per cycle of {@link TimeWaitLife}, P / 61.44
 *       s;
 *   <li>no failure at all while r times the longest TIME_WAIT (62.05 s) is at most P;
 *   <li>then TIME_WAIT stays between r times the shortest and r times the longest life.
 * </ul>
 */
public final class PortExhaustionExpectations {
  private static final String FIRST_FAILURE = "first failure";
  private static final String STOCK = "successes before it";
  private static final String SUSTAINED = "sustained rate";
  private static final String FAILED = "failed requests";
  private static final String TIME_WAIT = "TIME_WAIT at the end";

  /** Of the closes a proxy was measured to win 12 %. */
  static final double RACE_MOST = 0.15;

  /** Below this much above P / cycle, a burst of returned ports lasts until the next one. */
  private static final double SATURATED = 1.05;

  /** Independent arrivals: this many standard deviations either way. */
  private static final double SIGMAS = 4;

  /** TIME_WAITs are spread over the upstreams in turn, this much off at the most. */
  private static final double EVEN = 1.02;

  private final ProxyShape shape;
  private final TimeWaitLife life;
  private final double rate;
  private final double ports;

  private PortExhaustionExpectations(ProxyShape shape) {
    this.shape = shape;
    this.life = shape.timeWaitLife();
    this.rate = shape.ratePerSecond();
    this.ports = shape.ports();
  }

  /** The expectations of a run, empty where it is no load through a proxy. */
  public static List<Expectation> of(RunResult result) {
    return ProxyShape.of(result.scenario().world())
        .map(shape -> new PortExhaustionExpectations(shape).all(result))
        .orElse(List.of());
  }

  private List<Expectation> all(RunResult result) {
    if (result.isPartial()) {
      String reason = "the run was ended early";
      return List.of(
          Expectation.doesNotApply(FIRST_FAILURE, "s", reason),
          Expectation.doesNotApply(STOCK, "", reason),
          Expectation.doesNotApply(SUSTAINED, "/s", reason),
          Expectation.doesNotApply(FAILED, "", reason),
          Expectation.doesNotApply(TIME_WAIT, "", reason));
    }
    List<Expectation> all = new ArrayList<>();
    if (portsAreNotUsedUp().isEmpty()) {
      all.addAll(List.of(firstFailure(result), stock(result), sustained(result)));
      all.addAll(List.of(failed(result), timeWait(result)));
      return all;
    }
    all.add(failed(result));
    all.addAll(new TimeWaitExpectations(result, shape).all(overflows()));
    all.removeIf(e -> !e.isApplicable());
    return all;
  }

  /** Whether tcp_max_tw_buckets is full before the first TIME_WAIT has ended. */
  private boolean overflows() {
    return shape.timeWaitBuckets() < ports && shape.timeWaitBuckets() < neededPorts();
  }

  /** Why the ports need not run out although the rate is high; "" if each request costs one. */
  private String portsAreNotUsedUp() {
    if (shape.upstream().closer() == ReverseProxySpec.Closer.UPSTREAM) {
      return "the upstream closes first and keeps the TIME_WAIT";
    }
    if (shape.upstream().closer() == ReverseProxySpec.Closer.RACE) {
      return "who closes first is a race";
    }
    if (shape.upstream().idlePool() > 0) {
      return "connections are kept and used again";
    }
    if (shape.reusesTimeWait()) {
      return "tcp_tw_reuse=1 takes over ports in TIME_WAIT";
    }
    if (overflows()) {
      return "tcp_max_tw_buckets is less than the ports, TIME_WAIT overflows first";
    }
    return "";
  }

  /** Requests between the first use of a port and its return, at most. */
  private double neededPorts() {
    double mean = rate * (life.mostSeconds() + shape.exchangeSeconds());
    return shape.isConstant() ? mean : mean + SIGMAS * StrictMath.sqrt(mean);
  }

  /** Ports of connections that are open. */
  private double neededNow() {
    double open = rate * shape.exchangeSeconds();
    return open + SIGMAS * StrictMath.sqrt(open);
  }

  /** Why nothing can be said about the first failure; "" if it comes at ports / rate. */
  private String noFirstFailure() {
    String other = portsAreNotUsedUp();
    double atSeconds = ports / rate;
    if (!other.isEmpty()) {
      return other;
    }
    if (atSeconds >= life.leastSeconds()) {
      return neededPorts() <= ports
          ? "the first port is back before the last one is taken"
          : "ports come back while the last ones are taken";
    }
    return atSeconds >= shape.durationSeconds() ? "the run ends before" : "";
  }

  private Expectation firstFailure(RunResult result) {
    String reason = noFirstFailure();
    if (!reason.isEmpty()) {
      return Expectation.doesNotApply(FIRST_FAILURE, "s", reason);
    }
    double atSeconds = ports / rate;
    double slack =
        shape.isConstant() ? 1.5 / rate + 0.001 : SIGMAS * StrictMath.sqrt(ports) / rate + 0.1;
    long firstNs = result.total().firstFailureNs();
    return Expectation.applies(
        FIRST_FAILURE,
        new Bounds(atSeconds, atSeconds - slack, shape.portsInRange() / rate + slack),
        firstNs < 0 ? Optional.empty() : Optional.of(Figures.seconds(firstNs)),
        "s",
        "ports / rate = " + Figures.grouped((long) ports) + " / " + shape.load().rate().text());
  }

  private Expectation stock(RunResult result) {
    String reason = noFirstFailure();
    if (!reason.isEmpty()) {
      return Expectation.doesNotApply(STOCK, "", reason);
    }
    return Expectation.applies(
        STOCK,
        new Bounds(ports, ports, shape.portsInRange()),
        Optional.of((double) result.total().succeededBefore()),
        "",
        "each port once");
  }

  private Expectation sustained(RunResult result) {
    String other = portsAreNotUsedUp();
    double perSecond = ports / life.cycleSeconds();
    if (!other.isEmpty()) {
      return Expectation.doesNotApply(SUSTAINED, "/s", other);
    }
    if (neededPorts() <= ports) {
      return Expectation.doesNotApply(SUSTAINED, "/s", "the rate is sustained");
    }
    if (rate < SATURATED * perSecond) {
      return Expectation.doesNotApply(SUSTAINED, "/s", "the rate is within 5 % of the limit");
    }
    if (shape.upstream().maxFails() > 0) {
      return Expectation.doesNotApply(
          SUSTAINED, "/s", "maxFails leaves upstreams out while ports come back");
    }
    Optional<Double> measured = SustainedRate.measure(result.total(), life);
    if (measured.isEmpty()) {
      double needs = life.mostSeconds() + life.cycleSeconds();
      return Expectation.doesNotApply(
          SUSTAINED,
          "/s",
          "the run ends before every port was back once; give --duration "
              + Figures.fixed(StrictMath.ceil(needs + 5), 0)
              + "s");
    }
    double tolerance = shape.isConstant() ? 0.005 : 0.02;
    return Expectation.applies(
        SUSTAINED,
        new Bounds(
            perSecond,
            perSecond * (1 - tolerance),
            shape.portsInRange() / life.cycleSeconds() * (1 + tolerance)),
        measured,
        "/s",
        "ports / "
            + Figures.shortest(life.cycleSeconds(), 2)
            + " s, TIME_WAIT with the kernel's timer rounding");
  }

  private Expectation failed(RunResult result) {
    double failed = result.total().failed();
    ReverseProxySpec.Closer closer = shape.upstream().closer();
    if (closer == ReverseProxySpec.Closer.RACE) {
      return neededPorts() * RACE_MOST < ports
          ? none(failed, "the proxy wins few of the races, and only then keeps a TIME_WAIT")
          : Expectation.doesNotApply(FAILED, "", "the closes that the proxy wins may be too many");
    }
    if (closer == ReverseProxySpec.Closer.UPSTREAM) {
      boolean enough = rate * (shape.exchangeSeconds() + 1) < shape.portsPerUpstream();
      return enough
          ? none(failed, "the upstream closes first, so no port waits at the proxy")
          : Expectation.doesNotApply(FAILED, "", "ports in use by open connections may run out");
    }
    if (shape.upstream().idlePool() > 0) {
      return pooled(failed);
    }
    if (shape.reusesTimeWait()) {
      double needed = rate * (shape.reuseDelaySeconds() + shape.exchangeSeconds());
      return needed * 1.1 < ports && shape.isConstant()
          ? none(failed, "rate below ports / tcp_tw_reuse_delay")
          : Expectation.doesNotApply(FAILED, "", "the rate is near ports / tcp_tw_reuse_delay");
    }
    if (overflows()) {
      double used = shape.timeWaitBuckets() + neededNow();
      return used * EVEN < ports
          ? none(failed, "tcp_max_tw_buckets is reached before the ports are used up")
          : Expectation.doesNotApply(FAILED, "", "tcp_max_tw_buckets is about the ports");
    }
    if (neededPorts() <= ports) {
      return none(
          failed,
          "rate <= ports / " + Figures.fixed(life.mostSeconds(), 2) + " s, the longest TIME_WAIT");
    }
    return Expectation.doesNotApply(FAILED, "", "the rate is above the limit; see sustained rate");
  }

  private static Expectation none(double failed, String source) {
    return Expectation.applies(FAILED, Bounds.exactly(0), Optional.of(failed), "", source);
  }

  /** A pool wide enough for all requests in flight opens a connection per requestsPerConnection. */
  private Expectation pooled(double failed) {
    double inFlight = rate * shape.exchangeSeconds();
    double wide = inFlight + SIGMAS * StrictMath.sqrt(inFlight) + 1;
    double perConnection = Math.max(1, shape.upstream().requestsPerConnection());
    boolean rare = neededPorts() / perConnection + wide < ports;
    if (shape.upstream().idlePool() < wide
        || !rare
        || shape.upstream().requestsPerConnection() == 0) {
      return Expectation.doesNotApply(
          FAILED, "", "the pool is smaller than the requests in flight");
    }
    return none(
        failed,
        "a pool wider than rate x time of a request; one connection per "
            + Figures.grouped(shape.upstream().requestsPerConnection())
            + " requests");
  }

  private Expectation timeWait(RunResult result) {
    String other = portsAreNotUsedUp();
    if (!other.isEmpty()) {
      return Expectation.doesNotApply(TIME_WAIT, "", other);
    }
    if (neededPorts() > ports) {
      return Expectation.doesNotApply(TIME_WAIT, "", "the ports run out");
    }
    if (shape.durationSeconds() < life.mostSeconds() + shape.exchangeSeconds()) {
      return Expectation.doesNotApply(
          TIME_WAIT, "", "the run ends before the first TIME_WAIT does");
    }
    double mean = rate * life.meanSeconds();
    double noise = shape.isConstant() ? 2 : SIGMAS * StrictMath.sqrt(mean) + 2;
    Optional<Double> simulated =
        result.host(shape.proxy().name()).map(h -> (double) h.socketsAtEnd(SocketGauges.TIME_WAIT));
    return Expectation.applies(
        TIME_WAIT,
        new Bounds(mean, rate * life.leastSeconds() - noise, rate * life.mostSeconds() + noise),
        simulated,
        "",
        "rate x "
            + Figures.rate(life.leastSeconds())
            + " to "
            + Figures.fixed(life.mostSeconds(), 2)
            + " s");
  }
}
