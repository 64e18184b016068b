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
 * pages, and P/k in each cycle of TIME_WAIT; a server that browsers ask uses no local port.
 * Wherever it is put together, a page is slow if one of its parts is, 1-(1-p)^k.
 */
final class FanOutExpectations {
  private static final String FIRST = "pages before the first failure";
  private static final String SUSTAINED = "sustained pages";
  private static final String SLOW = "share of slow pages";

  private FanOutExpectations() {}

  static List<Expectation> of(RunResult result) {
    List<Expectation> all = new ArrayList<>();
    WorldSpec world = result.scenario().world();
    boolean pages =
        world.requestLoads().stream().anyMatch(l -> l.fanOut() > 1 || fanOut(world, l) > 1)
            || isOnePart(world);
    if (!pages || result.isPartial()) {
      return all;
    }
    for (RequestLoad load : world.requestLoads()) {
      HostSpec target = world.group(load.to()).get(0);
      boolean byProxy = app(world, load.to(), load.toPort()) instanceof ReverseProxySpec;
      if (byProxy && load.fanOut() == 1) {
        atProxy(result, load, target, all);
      } else if (target.hasApp(HttpServerSpec.class)) {
        atBrowser(result, load, target, all);
      }
    }
    return all;
  }

  /** The comparison of a page at the proxy with one at the browser, each of one part only. */
  private static boolean isOnePart(WorldSpec world) {
    List<RequestLoad> loads = world.requestLoads();
    return loads.size() == 2
        && loads.stream().allMatch(l -> l.fanOut() == 1 && fanOut(world, l) == 1)
        && loads.stream()
                .filter(l -> app(world, l.to(), l.toPort()) instanceof ReverseProxySpec)
                .count()
            == 1;
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
    double front = result.scenario().world().rttNs(load.from(), load.to());
    double back = result.scenario().world().rttNs(load.to(), app.upstream().toGroup());
    // One round trip on the client's connection; a handshake and one more to the upstream.
    Part part =
        new Part(
            app(result.scenario().world(), app.upstream().toGroup(), app.upstream().toPort()),
            app.fanOut(),
            front + 2 * back,
            "");
    all.add(slow(result, load, SLOW, part));
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

  /**
   * What a page is made of.
   *
   * @param server that is asked for the parts
   * @param k parts of a page
   * @param pathNs what a part takes beyond its service
   * @param reason why parts do not all take that; "" if they do
   */
  private record Part(@Nullable AppSpec server, int k, double pathNs, String reason) {}

  /** A page is slow if it takes longer than a part of the slowest hundredth. */
  private static Expectation slow(RunResult result, RequestLoad load, String name, Part part) {
    if (!part.reason().isEmpty()) {
      return Expectation.doesNotApply(name, "", part.reason());
    }
    if (!(part.server() instanceof HttpServerSpec server)
        || server.serviceTime().shape() != TimeSpec.Shape.LOG_NORMAL) {
      return Expectation.doesNotApply(name, "", "the service time is not log-normal");
    }
    long slowNs = server.serviceTime().p99Ns() + (long) part.pathNs();
    double expected = ClosedForms.anyOf(0.01, part.k());
    double n =
        Math.max(1, Expectations.load(result, load.name()).map(LoadResult::succeeded).orElse(0L));
    double noise = ClosedForms.shareNoise(expected, n) + 0.1 * expected;
    return Expectation.applies(
        name,
        new Bounds(expected, Math.max(0, expected - noise), Math.min(1, expected + noise)),
        Expectations.times(result, load.name(), "request")
            .map(h -> h.getCountBetweenValues(slowNs, Long.MAX_VALUE) / n),
        "",
        "1-(1-p)^k, p = 1 % take longer than p99, k = " + part.k());
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
    if (load.fanOut() == 1 && !isOnePart(result.scenario().world())) {
      return;
    }
    WorldSpec world = result.scenario().world();
    // A handshake and a round trip.
    Part part =
        new Part(
            app(world, load.to(), load.toPort()),
            load.fanOut(),
            2 * (double) world.rttNs(load.from(), load.to()),
            load.requestsPerClientConnection() == 1 ? "" : "parts find connections that are kept");
    all.add(slow(result, load, SLOW + " of " + load.name(), part));
  }
}
