package dev.halfopen.report;

import dev.halfopen.report.Expectation.Bounds;
import dev.halfopen.scenario.AppPlace;
import dev.halfopen.scenario.AppSpec;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.HttpServerSpec;
import dev.halfopen.scenario.RequestLoad;
import dev.halfopen.scenario.ReverseProxySpec;
import dev.halfopen.scenario.TimeSpec;
import dev.halfopen.scenario.WorldSpec;
import dev.halfopen.tcp.Mib;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Pages of k requests each: at a proxy that opens a connection for each of them, P ports make P/k
 * pages, and P/k in each cycle of TIME_WAIT; a page is slow if one of its parts is, 1-(1-p)^k. A
 * server that browsers ask uses no local port.
 */
final class FanOutExpectations {
  private static final String FIRST = "pages before the first failure";
  private static final String SUSTAINED = "sustained pages";
  private static final String SLOW = "share of slow pages";

  private FanOutExpectations() {}

  static List<Expectation> of(RunResult result) {
    List<Expectation> all = new ArrayList<>();
    WorldSpec world = result.scenario().world();
    boolean pages = world.requestLoads().stream().anyMatch(l -> fanOut(world, l) > 1);
    if (!pages || result.isPartial()) {
      return all;
    }
    for (RequestLoad load : world.requestLoads()) {
      HostSpec target = world.group(load.to()).get(0);
      if (fanOut(world, load) > 1) {
        atProxy(result, load, target, all);
      } else if (target.hasApp(HttpServerSpec.class)) {
        atBrowser(result, load, target, all);
      }
    }
    return all;
  }

  private static @Nullable AppSpec app(WorldSpec world, String group, int port) {
    return world.group(group).get(0).listener(port).map(AppPlace::spec).orElse(null);
  }

  private static int fanOut(WorldSpec world, RequestLoad load) {
    return app(world, load.to(), load.toPort()) instanceof ReverseProxySpec proxy
        ? proxy.fanOut()
        : 1;
  }

  private static void atProxy(
      RunResult result, RequestLoad load, HostSpec proxy, List<Expectation> all) {
    Optional<LoadResult> outcome = Expectations.load(result, load.name());
    if (outcome.isEmpty()
        || !(app(result.scenario().world(), load.to(), load.toPort())
            instanceof ReverseProxySpec app)) {
      return;
    }
    TimeWaitLife life = TimeWaitLife.of(proxy.sysctls().kernel(), proxy.sysctls().hz());
    int servers = result.scenario().world().group(app.upstream().toGroup()).size();
    double ports = (double) ProxyShape.triedPorts(proxy.sysctls()) * servers;
    double perPage = app.fanOut();
    double rate = load.rate().perSecond();
    String reason = reason(load, app, rate * perPage, ports, life);
    if (!reason.isEmpty()) {
      all.add(Expectation.doesNotApply(FIRST, "", reason));
      all.add(Expectation.doesNotApply(SUSTAINED, "/s", reason));
    } else {
      all.add(
          Expectation.applies(
              FIRST,
              new Bounds(
                  StrictMath.floor(ports / perPage), ports / perPage - 1, ports / perPage + 1),
              Optional.of((double) outcome.get().succeededBefore()),
              "",
              "ports / k = " + Figures.grouped((long) ports) + " / " + app.fanOut()));
      all.add(sustained(outcome.get(), life, ports / perPage));
    }
    all.add(slow(result, load, app, outcome.get()));
  }

  private static String reason(
      RequestLoad load, ReverseProxySpec app, double requests, double ports, TimeWaitLife life) {
    if (app.upstream().closer() != ReverseProxySpec.Closer.PROXY || app.upstream().idlePool() > 0) {
      return "not every request leaves a port in TIME_WAIT";
    }
    if (requests * life.leastSeconds() < 1.05 * ports) {
      return "the ports do not run out";
    }
    return load.arrivals() == RequestLoad.Arrivals.CONSTANT && load.curve().isConstant()
        ? ""
        : "arrivals are not evenly spaced";
  }

  private static Expectation sustained(LoadResult load, TimeWaitLife life, double pages) {
    double expected = pages / life.cycleSeconds();
    Optional<Double> measured = SustainedRate.measure(load, life);
    if (measured.isEmpty()) {
      return Expectation.doesNotApply(
          SUSTAINED, "/s", "the run ends before every port was back once");
    }
    return Expectation.applies(
        SUSTAINED,
        new Bounds(expected, expected * 0.97, expected * 1.01),
        measured,
        "/s",
        "ports / k / " + Figures.shortest(life.cycleSeconds(), 2) + " s");
  }

  /** A page is slow if it takes longer than a request of the slowest hundredth. */
  private static Expectation slow(
      RunResult result, RequestLoad load, ReverseProxySpec app, LoadResult outcome) {
    WorldSpec world = result.scenario().world();
    if (!(app(world, app.upstream().toGroup(), app.upstream().toPort())
            instanceof HttpServerSpec server)
        || server.serviceTime().shape() != TimeSpec.Shape.LOG_NORMAL) {
      return Expectation.doesNotApply(SLOW, "", "the service time is not log-normal");
    }
    double front = world.rttNs(load.from(), load.to());
    double back = world.rttNs(load.to(), app.upstream().toGroup());
    // One round trip on the client's connection; a handshake and one more to the upstream.
    long slowNs = server.serviceTime().p99Ns() + (long) (front + 2 * back);
    double p = 0.01;
    double expected = ClosedForms.anyOf(p, app.fanOut());
    double n = Math.max(1, outcome.succeeded());
    double noise = ClosedForms.shareNoise(expected, n) + 0.1 * expected;
    return Expectation.applies(
        SLOW,
        new Bounds(expected, Math.max(0, expected - noise), Math.min(1, expected + noise)),
        Expectations.times(result, load.name(), "request")
            .map(h -> h.getCountBetweenValues(slowNs, Long.MAX_VALUE) / n),
        "",
        "1-(1-p)^k, p = 1 % take longer than p99, k = " + app.fanOut());
  }

  private static void atBrowser(
      RunResult result, RequestLoad load, HostSpec server, List<Expectation> all) {
    all.add(
        Expectation.none(
            "local ports that " + server.name() + " has used",
            result.host(server.name()).map(h -> h.counter(Mib.ACTIVE_OPENS)),
            Expectation.CLOSED_FORM,
            "a listening server uses none"));
    all.add(
        Expectation.none(
            load.name() + " that failed",
            Expectations.load(result, load.name()).map(LoadResult::failed),
            Expectation.CLOSED_FORM,
            "each browser has its own ports"));
  }
}
