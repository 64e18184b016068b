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
    boolean allServed = result.total().failed() == 0;
    if (allServed) {
      // The variance of a time average of Poisson's process with memory S.
      double noise =
          Expectations.SIGMAS * StrictMath.sqrt(2 * concurrency * meanSeconds / seconds)
              + shape.ratePerSecond() * meanSeconds * meanSeconds / seconds;
      all.add(
          Expectation.applies(
              "requests in service",
              new Bounds(concurrency, concurrency - noise, concurrency + noise),
              server.map(Facilities.ServerFigures::inServiceMean),
              "",
              "Little: rate x service time"));
      all.add(moreThanPool(server, seconds));
    }
    all.add(timeWaits());
    all.add(stale());
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

  private Expectation stale() {
    String name = "requests that met a closing connection";
    ReverseProxySpec.UpstreamSide up = shape.upstream();
    long rttNs = result.scenario().world().rttNs(shape.proxy().group(), shape.upstream().toGroup());
    long server = shape.server().idleTimeoutNs();
    boolean proxyFirst =
        up.idlePool() == 0
            || server == 0
            || (up.idleTimeoutNs() > 0 && up.idleTimeoutNs() + rttNs < server);
    if (!proxyFirst) {
      return Expectation.doesNotApply(
          name, "", "the upstream's idle timeout ends first: a gap in [T - RTT, T] meets it");
    }
    long met =
        result.proxies().stream().mapToLong(RunResult.ProxyFigures::retries).sum()
            + result.total().failures().getOrDefault("prematureClose", 0L);
    return Expectation.none(
        name, Optional.of(met), Expectation.MEASURED, "the proxy closes idle connections first");
  }
}
