package dev.halfopen.report;

import dev.halfopen.report.Expectation.Bounds;
import dev.halfopen.scenario.RequestLoad;
import dev.halfopen.scenario.ReverseProxySpec;
import dev.halfopen.scenario.TimeSpec;
import dev.halfopen.tcp.SocketGauges;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Independent requests through a proxy to a server that serves any number at once: rate x S of them
 * are in service in the mean (Little), more than K with the probability of Poisson's distribution;
 * connections that are closed leave TIME_WAITs of 61 s in the mean; a kept connection fails a
 * request only where the upstream's idle timeout is not longer than the proxy's by a round trip.
 */
final class ReuseExpectations {
  private static final double SECOND_NS = 1e9;
  private static final long FEW = 200;
  private static final String MET = "requests that met a closing connection";

  /** Beyond, the time that a connection is in use decides, which is no exponential one. */
  private static final double FEW_IN_USE = 2;

  /** Error of the closed form, relative, where one connection is in use in the mean. */
  private static final double OVERLAP = 0.25;

  private final RunResult result;
  private final ProxyShape shape;
  private final double meanSeconds;
  private final double concurrency;

  private ReuseExpectations(RunResult result, ProxyShape shape) {
    this.result = result;
    this.shape = shape;
    this.meanSeconds = shape.server().serviceTime().ns() / SECOND_NS;
    this.concurrency = shape.ratePerSecond() * meanSeconds;
  }

  static List<Expectation> of(RunResult result) {
    Optional<ProxyShape> shape = ProxyShape.of(result.scenario().world());
    if (shape.isEmpty() || result.isPartial()) {
      return List.of();
    }
    boolean fits =
        shape.get().load().arrivals() == RequestLoad.Arrivals.POISSON
            && shape.get().upstreams().size() == 1
            && shape.get().server().limits().threads() == 0
            && shape.get().server().serviceTime().shape() != TimeSpec.Shape.LOG_NORMAL
            && shape.get().server().serviceTime().ns() > 0;
    return fits ? new ReuseExpectations(result, shape.get()).all() : List.of();
  }

  private List<Expectation> all() {
    List<Expectation> all = new ArrayList<>();
    Optional<Facilities.ServerFigures> server =
        result.facilities().server(shape.upstreams().get(0).name());
    double seconds = result.endNs() / SECOND_NS;
    // Requests that met a closing connection were not served.
    long lost = result.total().failures().getOrDefault("prematureClose", 0L);
    boolean othersServed = result.total().failed() == lost;
    double served = 1 - (double) lost / Math.max(1, result.total().offered());
    double inService = concurrency * served;
    if (othersServed) {
      // The variance of a time average of Poisson's process with memory S.
      double noise =
          Expectations.SIGMAS * StrictMath.sqrt(2 * concurrency * meanSeconds / seconds)
              + shape.ratePerSecond() * meanSeconds * meanSeconds / seconds;
      all.add(
          Expectation.applies(
              "requests in service",
              new Bounds(inService, inService - noise, inService + noise),
              server.map(Facilities.ServerFigures::inServiceMean),
              "",
              lost == 0
                  ? "Little: rate x service time"
                  : "Little: rate of those served x service time"));
    }
    if (othersServed && lost == 0) {
      all.add(moreThanPool(server, seconds));
    }
    all.add(timeWaits());
    all.addAll(stale());
    return all;
  }

  private Expectation moreThanPool(Optional<Facilities.ServerFigures> server, double seconds) {
    int pool = shape.upstream().idlePool();
    String name = "share of the time with more than " + pool + " in service";
    double p = ClosedForms.poissonAbove(concurrency, pool);
    double independent = seconds / (2 * meanSeconds);
    double noise = ClosedForms.shareNoise(p, independent) + 1 / independent;
    return Expectation.applies(
        name,
        new Bounds(p, Math.max(0, p - noise), Math.min(1, p + noise)),
        server.map(s -> s.inServiceAbove().applyAsDouble(pool)),
        "",
        "Poisson with mean " + Figures.shortest(concurrency, 2));
  }

  private Expectation timeWaits() {
    String name = "TIME_WAIT of the proxy from kept connections";
    long closed = result.proxies().stream().mapToLong(RunResult.ProxyFigures::closedByProxy).sum();
    double seconds = result.endNs() / SECOND_NS;
    TimeWaitLife life = shape.timeWaitLife();
    if (shape.upstream().idlePool() == 0) {
      return Expectation.doesNotApply(name, "", "no connection is kept; see TIME_WAIT at the end");
    }
    if (closed < FEW || seconds < 2 * life.mostSeconds()) {
      return Expectation.doesNotApply(
          name, "", closed < FEW ? "hardly any is closed" : "the run is too short");
    }
    double churn = closed / seconds;
    double mean = churn * life.meanSeconds();
    double noise = Expectations.SIGMAS * StrictMath.sqrt(2 * mean) + 0.05 * mean;
    return Expectation.applies(
        name,
        new Bounds(mean, mean - noise, mean + noise),
        result.host(shape.proxy().name()).map(h -> (double) h.socketsAtEnd(SocketGauges.TIME_WAIT)),
        "",
        "connections closed a second x " + Figures.fixed(life.meanSeconds(), 1) + " s");
  }

  private List<Expectation> stale() {
    ReverseProxySpec.UpstreamSide up = shape.upstream();
    long rttNs = result.scenario().world().rttNs(shape.proxy().group(), shape.upstream().toGroup());
    long server = shape.server().idleTimeoutNs();
    boolean proxyFirst =
        up.idlePool() == 0
            || server == 0
            || (up.idleTimeoutNs() > 0 && up.idleTimeoutNs() + rttNs < server);
    long retries = result.proxies().stream().mapToLong(RunResult.ProxyFigures::retries).sum();
    long posts = result.total().failures().getOrDefault("prematureClose", 0L);
    if (proxyFirst) {
      return List.of(
          Expectation.none(
              MET,
              Optional.of(retries + posts),
              Expectation.MEASURED,
              "the proxy closes idle connections first"));
    }
    if (up.idleTimeoutNs() > 0 && up.idleTimeoutNs() < server) {
      return List.of(
          Expectation.doesNotApply(MET, "", "both idle timeouts end within a round trip"));
    }
    List<Expectation> all = new ArrayList<>();
    all.add(met(server / SECOND_NS, rttNs / SECOND_NS, retries + posts));
    double share = shape.load().postsPerThousand() / 1000.0;
    double expected = share * (retries + posts);
    double noise = Expectations.SIGMAS * StrictMath.sqrt(expected * (1 - share));
    all.add(
        Expectation.applies(
            "of those, answered with 502",
            new Bounds(expected, expected - noise, expected + noise),
            Optional.of((double) posts),
            "",
            "each POST; a GET is tried again"));
    return all;
  }

  /** Idle gaps that end within [T - RTT, T]; see {@link ClosedForms#idleGapWithin}. */
  private Expectation met(double timeoutS, double rttS, long met) {
    double holdS = meanSeconds + rttS;
    if (shape.ratePerSecond() * holdS > FEW_IN_USE) {
      return Expectation.doesNotApply(
          MET, "", "more connections are in use at a time than the closed form is good for");
    }
    // Connections that had closed make new ones, with a round trip more.
    for (int i = 0; i < 8; i++) {
      double opened =
          ClosedForms.idleGapWithin(shape.ratePerSecond(), holdS, timeoutS, Double.MAX_VALUE);
      holdS = meanSeconds + rttS * (1 + opened);
    }
    double p =
        ClosedForms.idleGapWithin(
            shape.ratePerSecond(), holdS, Math.max(0, timeoutS - rttS), timeoutS);
    double expected = p * result.total().offered();
    double inUse = shape.ratePerSecond() * holdS;
    double noise =
        Expectations.SIGMAS * StrictMath.sqrt(expected)
            + 1
            + expected * OVERLAP * Math.min(1, inUse);
    return Expectation.applies(
        MET,
        new Bounds(expected, Math.max(0, expected - noise), expected + noise),
        Optional.of((double) met),
        "",
        "Poisson arrivals: idle gap in [T - RTT, T], T = " + Figures.shortest(timeoutS, 3) + " s");
  }
}
