package dev.halfopen.report;

import dev.halfopen.report.Expectation.Bounds;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.ReverseProxySpec.Closer;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.Sysctl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where TIME_WAITs are, and how many, where the ports of a proxy are not used up by them. */
final class TimeWaitExpectations {
  private static final String WON = "share of the closes that the proxy wins";
  private static final String AT_PROXY = "TIME_WAIT of the proxy at the most";
  private static final String AT_UPSTREAM = "TIME_WAIT of the upstreams at the end";
  private static final String FULL = "tcp_max_tw_buckets full";
  private static final double MEASURED_SHARE = 0.12;
  private static final double SHARE_OFF = 0.01;

  /** Ports whose connections are open or that the search has just passed are missing. */
  private static final double PARITY_LEAST = 0.98;

  private final RunResult result;
  private final ProxyShape shape;
  private final double rate;

  TimeWaitExpectations(RunResult result, ProxyShape shape) {
    this.result = result;
    this.shape = shape;
    this.rate = shape.ratePerSecond();
  }

  /** Those that apply to who closes, or to a table that overflows. */
  List<Expectation> all(boolean overflows) {
    List<Expectation> all = new ArrayList<>();
    if (shape.upstream().closer() == Closer.RACE) {
      won().ifPresent(all::add);
    } else if (shape.upstream().closer() == Closer.UPSTREAM) {
      all.add(
          Expectation.none(
              AT_PROXY,
              proxy().map(h -> h.peak(SocketGauges.TIME_WAIT)),
              Expectation.MEASURED,
              "who closes first keeps it"));
      atUpstreams().ifPresent(all::add);
    } else if (shape.upstream().idlePool() == 0 && shape.reusesTimeWait()) {
      firstParity().ifPresent(all::add);
    } else if (shape.upstream().idlePool() == 0 && overflows) {
      full().ifPresent(all::add);
    }
    return all;
  }

  private Optional<HostResult> proxy() {
    return result.host(shape.proxy().name());
  }

  private double noise(double count) {
    return 2 + (shape.isConstant() ? 0 : Expectations.SIGMAS * StrictMath.sqrt(count));
  }

  private Optional<Expectation> won() {
    double byProxy = 0;
    double closes = 0;
    for (RunResult.ProxyFigures p : result.proxies()) {
      byProxy += p.closedByProxy();
      closes += p.closedByProxy() + p.closedByUpstream();
    }
    double noise = SHARE_OFF + ClosedForms.shareNoise(MEASURED_SHARE, closes);
    return closes == 0
        ? Optional.empty()
        : Optional.of(
            Expectation.measured(
                WON,
                new Bounds(MEASURED_SHARE, MEASURED_SHARE - noise, MEASURED_SHARE + noise),
                Optional.of(byProxy / closes),
                "",
                "nginx's HTTP/1.0 default, oracle O11"));
  }

  private Optional<Expectation> atUpstreams() {
    HostSpec upstream = shape.upstreams().get(0);
    TimeWaitLife life = TimeWaitLife.of(upstream.sysctls().kernel(), upstream.sysctls().hz());
    double mean = rate * life.meanSeconds();
    boolean fits =
        rate * life.mostSeconds() / shape.upstreams().size()
            < upstream.sysctls().get(Sysctl.TCP_MAX_TW_BUCKETS);
    if (!fits || shape.durationSeconds() < life.mostSeconds() + shape.exchangeSeconds()) {
      return Optional.empty();
    }
    double simulated = 0;
    for (HostSpec host : shape.upstreams()) {
      simulated +=
          result.host(host.name()).map(h -> h.socketsAtEnd(SocketGauges.TIME_WAIT)).orElse(0L);
    }
    if (!byParity()) {
      return Optional.empty();
    }
    // A SYN from a port takes over the upstream's TIME_WAIT of it: ports drawn at random leave the
    // least, ports in turn the most.
    double half = shape.ports() / 2.0;
    double least = half * (1 - StrictMath.exp(-rate * life.leastSeconds() / half));
    double most = Math.min(half, rate * life.mostSeconds() + noise(mean));
    return Optional.of(
        Expectation.applies(
            AT_UPSTREAM,
            new Bounds((least + most) / 2, least * PARITY_LEAST, most),
            Optional.of(simulated),
            "",
            "one for each port of the first parity in use: a new SYN takes it over"));
  }

  private boolean byParity() {
    return shape.proxy().sysctls().kernel().portSearch() == KernelProfile.PortSearch.PARITY;
  }

  /**
   * connect() looks through the ports of one parity first ({@code __inet_hash_connect}), and takes
   * over what has been in TIME_WAIT for tcp_tw_reuse_delay: while fewer than half of the range are
   * younger it finds one there, and never tries the others.
   */
  private Optional<Expectation> firstParity() {
    double half = shape.ports() / 2.0;
    double young = rate * (shape.reuseDelaySeconds() + shape.exchangeSeconds());
    double usedUpS = half / rate + shape.exchangeSeconds();
    if (!byParity()
        || young * 1.1 + noise(young) > half
        || usedUpS > Math.min(shape.durationSeconds(), shape.timeWaitLife().leastSeconds())) {
      return Optional.empty();
    }
    double open = rate * shape.exchangeSeconds() + shape.upstreams().size();
    return Optional.of(
        Expectation.applies(
            AT_PROXY,
            new Bounds(half, half - open - noise(open), half),
            proxy().map(h -> (double) h.peak(SocketGauges.TIME_WAIT)),
            "",
            "tcp_tw_reuse=1: each port again after "
                + Figures.shortest(shape.reuseDelaySeconds(), 1)
                + " s, so the first parity is enough"));
  }

  private Optional<Expectation> full() {
    double buckets = shape.timeWaitBuckets();
    double atS = buckets / rate;
    if (atS + shape.exchangeSeconds()
        > Math.min(shape.durationSeconds(), shape.timeWaitLife().leastSeconds())) {
      return Optional.empty();
    }
    double spread =
        shape.isConstant() ? 2 / rate : Expectations.SIGMAS * StrictMath.sqrt(buckets) / rate;
    return Optional.of(
        Expectation.applies(
            FULL,
            new Bounds(atS, atS - spread, atS + shape.exchangeSeconds() + spread + 0.001),
            proxy()
                .filter(h -> h.peak(SocketGauges.TIME_WAIT) >= buckets - 1)
                .map(h -> Figures.seconds(h.peakAt(SocketGauges.TIME_WAIT))),
            "s",
            "tcp_max_tw_buckets / rate = "
                + Figures.grouped((long) buckets)
                + " / "
                + shape.load().rate().text()
                + "; later closes leave none"));
  }
}
