package dev.halfopen.report;

import dev.halfopen.app.HeldConnections;
import dev.halfopen.report.Expectation.Bounds;
import dev.halfopen.scenario.AppPlace;
import dev.halfopen.scenario.HeldLoad;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.HttpServerSpec;
import dev.halfopen.scenario.RequestLoad;
import dev.halfopen.scenario.ResponderSpec;
import dev.halfopen.scenario.TimeSpec;
import dev.halfopen.scenario.WorldSpec;
import dev.halfopen.tcp.SocketGauges;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * Many connections at once.
 *
 * <ul>
 *   <li>N held connections: N established at each end at the end, no request fails; a request on k
 *       of them side by side, with exponential service times of mean m, takes a round trip and m (1
 *       + 1/2 + ... + 1/k) in the mean;
 *   <li>r connections a second that their clients close: r times the life of a TIME_WAIT of them at
 *       the clients, and ten packets each.
 * </ul>
 */
final class ScaleExpectations {
  /** S, SA, A, PA, A, PA, A, FA, FA, A. */
  private static final int PACKETS_OF_CHURN = 10;

  private ScaleExpectations() {}

  static List<Expectation> of(RunResult result) {
    List<Expectation> all = new ArrayList<>();
    if (result.isPartial()) {
      return all;
    }
    WorldSpec world = result.scenario().world();
    for (HeldLoad load : world.loads(HeldLoad.class)) {
      held(result, load, all);
    }
    boolean alone = world.loads().size() == 1 && world.requestLoads().size() == 1;
    if (alone && isChurn(world, world.requestLoads().get(0))) {
      churn(result, world.requestLoads().get(0), all);
    }
    return all;
  }

  // ---- held connections

  private static void held(RunResult result, HeldLoad load, List<Expectation> all) {
    String atClient = load.name() + ": established at the clients";
    String atServer = load.name() + ": established at the servers";
    double openedNs =
        HeldConnections.requestsFromNs(load.connections(), (long) load.openRate().perSecond());
    if (openedNs > result.endNs()) {
      String reason = "the run ends before all are open";
      all.add(Expectation.doesNotApply(atClient, "", reason));
      all.add(Expectation.doesNotApply(atServer, "", reason));
      return;
    }
    Bounds bounds = Bounds.exactly(load.connections());
    String source = "as many as are opened";
    all.add(Expectation.applies(atClient, bounds, established(result, load.from()), "", source));
    all.add(Expectation.applies(atServer, bounds, established(result, load.to()), "", source));
    all.add(
        Expectation.none(
            load.name() + ": failed requests",
            Expectations.load(result, load.name()).map(LoadResult::failed),
            Expectation.CLOSED_FORM,
            "both ends live"));
    meanOfPages(result, load).ifPresent(all::add);
  }

  private static Optional<Double> established(RunResult result, String group) {
    double sum = 0;
    for (HostSpec host : result.scenario().world().group(group)) {
      Optional<HostResult> of = result.host(host.name());
      sum += of.isPresent() ? of.get().socketsAtEnd(SocketGauges.ESTABLISHED) : 0;
    }
    return Optional.of(sum);
  }

  private static Optional<Expectation> meanOfPages(RunResult result, HeldLoad load) {
    WorldSpec world = result.scenario().world();
    Optional<AppPlace> app = world.group(load.to()).get(0).listener(load.toPort());
    Optional<Histogram> times = Expectations.times(result, load.name(), "request");
    if (app.isEmpty()
        || !(app.get().spec() instanceof HttpServerSpec server)
        || server.serviceTime().shape() != TimeSpec.Shape.EXPONENTIAL
        || server.limits().threads() != 0
        || times.isEmpty()
        || times.get().getTotalCount() < 100) {
      return Optional.empty();
    }
    double meanMs = server.serviceTime().ns() / 1e6;
    double harmonic = 0;
    double squares = 0;
    for (int i = 1; i <= load.perRequest(); i++) {
      harmonic += 1.0 / i;
      squares += 1.0 / i / i;
    }
    double expected = world.rttNs(load.from(), load.to()) / 1e6 + meanMs * harmonic;
    double noise =
        Expectations.SIGMAS * meanMs * StrictMath.sqrt(squares / times.get().getTotalCount());
    // Packets of a page wait for each other on the link; buckets of the histogram are 0.1 % wide.
    double most = expected * 1.03 + noise;
    return Optional.of(
        Expectation.applies(
            load.name() + ": mean time of a request",
            new Bounds(expected, expected * 0.998 - noise, most),
            Optional.of(times.get().getMean() / 1e6),
            "ms",
            "round trip + m x (1 + 1/2 + ... + 1/" + load.perRequest() + ")"));
  }

  // ---- churn

  private static boolean isChurn(WorldSpec world, RequestLoad load) {
    Optional<AppPlace> app = world.group(load.to()).get(0).listener(load.toPort());
    return load.requestsPerClientConnection() == 1
        && load.fanOut() == 1
        && load.curve().isConstant()
        && app.filter(a -> a.spec() instanceof ResponderSpec).isPresent();
  }

  private static void churn(RunResult result, RequestLoad load, List<Expectation> all) {
    WorldSpec world = result.scenario().world();
    HostSpec clients = world.group(load.from()).get(0);
    TimeWaitLife life = TimeWaitLife.of(clients.sysctls().kernel(), clients.sysctls().hz());
    double rate = load.rate().perSecond();
    double ports = (double) ProxyShape.triedPorts(clients.sysctls()) * clients.addresses();
    boolean enough = rate * (life.mostSeconds() + 1) < ports;
    String waiting = load.name() + ": TIME_WAITs at the end";
    String packets = load.name() + ": packets a connection";
    if (!enough) {
      String reason = "the clients' ports may run out";
      all.add(Expectation.doesNotApply(waiting, "", reason));
      all.add(Expectation.doesNotApply(packets, "", reason));
      return;
    }
    all.add(
        Expectation.none(
            load.name() + ": failed requests",
            Expectations.load(result, load.name()).map(LoadResult::failed),
            Expectation.CLOSED_FORM,
            "rate x the longest TIME_WAIT is less than the ports"));
    double connections = result.work().connections();
    double open = rate * (3 * world.rttNs(load.from(), load.to()) / 1e9) + 1;
    all.add(
        Expectation.applies(
            packets,
            new Bounds(
                PACKETS_OF_CHURN, PACKETS_OF_CHURN * (1 - open / connections), PACKETS_OF_CHURN),
            Optional.of(result.work().packets() / connections),
            "",
            "handshake 3, exchange 4, close 3"));
    if (Figures.seconds(result.endNs()) < life.mostSeconds() + 1) {
      all.add(
          Expectation.doesNotApply(waiting, "", "the run ends before the first TIME_WAIT does"));
      return;
    }
    double noise =
        load.arrivals() == RequestLoad.Arrivals.CONSTANT
            ? open
            : open + Expectations.SIGMAS * StrictMath.sqrt(rate * life.mostSeconds());
    all.add(
        Expectation.applies(
            waiting,
            new Bounds(
                rate * life.meanSeconds(),
                rate * life.leastSeconds() - noise,
                rate * life.mostSeconds() + noise),
            result.host(clients.name()).map(h -> (double) h.socketsAtEnd(SocketGauges.TIME_WAIT)),
            "",
            "rate x "
                + Figures.rate(life.leastSeconds())
                + " to "
                + Figures.fixed(life.mostSeconds(), 2)
                + " s"));
  }
}
