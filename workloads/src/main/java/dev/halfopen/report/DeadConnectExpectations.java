package dev.halfopen.report;

import dev.halfopen.net.DeadAddress;
import dev.halfopen.report.Expectation.Bounds;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.Outages;
import dev.halfopen.scenario.RequestLoad;
import dev.halfopen.scenario.WorldSpec;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Sysctl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** How long who waits without a limit of his own connects to a host that has lost its power. */
final class DeadConnectExpectations {
  private static final double NS_S = 1e-9;

  /** Width of a bin of the histogram as a part of its values: three digits take 1024. */
  private static final double BIN = 1.0 / 1024;

  /** A SYN with its options on Ethernet, preamble and gap included: 14+20+40+4+20 bytes. */
  private static final double SYN_BITS = 98 * 8;

  private DeadConnectExpectations() {}

  /** One for each load without a timeout, and a connection each, to such a host. */
  static List<Expectation> of(RunResult result) {
    WorldSpec world = result.scenario().world();
    List<Expectation> all = new ArrayList<>();
    for (RequestLoad load : world.requestLoads()) {
      if (load.timeoutNs() == 0 && load.requestsPerClientConnection() == 1) {
        Outages.of(world).ends().stream()
            .filter(e -> e.powerLoss() && e.host().equals(load.to()))
            .findFirst()
            .ifPresent(end -> all.add(expectation(result, load, end)));
      }
    }
    return all;
  }

  private static Expectation expectation(RunResult result, RequestLoad load, Outages.End end) {
    String name = load.name() + ": last to give up";
    HostSpec from = result.scenario().world().group(load.from()).get(0);
    Optional<Histogram> times = Expectations.times(result, load.name(), "timeToFailure");
    Bounds bounds = bounds(result.scenario().world(), from, end);
    double runsOnS = Figures.seconds(result.endNs() - end.atNs());
    if (result.isPartial() || bounds.high() > runsOnS || times.isEmpty()) {
      return Expectation.doesNotApply(name, "s", "the run ends before");
    }
    return Expectation.applies(
        name, bounds, times.map(h -> h.getMaxValue() * NS_S), "s", source(end.deadAddress()));
  }

  private static Bounds bounds(WorldSpec world, HostSpec from, Outages.End end) {
    KernelProfile kernel = from.sysctls().profile().kernel();
    int hz = from.sysctls().profile().hz();
    return switch (end.deadAddress()) {
      case UNREACHABLE -> answered(world, from, end);
      case NO_ARP -> seen(RtoLadder.arpFails(kernel, hz));
      case SILENT -> {
        int linear =
            kernel.knows(Sysctl.TCP_SYN_LINEAR_TIMEOUTS)
                ? (int) from.sysctls().get(Sysctl.TCP_SYN_LINEAR_TIMEOUTS)
                : 0;
        int retries = (int) from.sysctls().get(Sysctl.TCP_SYN_RETRIES);
        yield seen(RtoLadder.connect(kernel, hz, retries, linear));
      }
    };
  }

  /** The router's answer comes a round trip after the SYN, which took its time to be sent. */
  private static Bounds answered(WorldSpec world, HostSpec from, Outages.End end) {
    String to = world.hosts().stream().filter(end::isMeant).findFirst().orElseThrow().group();
    double rttS = Figures.seconds(world.rttNs(from.group(), to));
    double sentS =
        world
            .link(from.group(), to)
            .filter(l -> l.bitsPerSecond() > 0)
            .map(l -> SYN_BITS / l.bitsPerSecond())
            .orElse(0.0);
    return seen(new RtoLadder.Bounds(rttS, rttS + sentS));
  }

  /** The histogram tells the highest value of the bin that the longest time lies in. */
  private static Bounds seen(RtoLadder.Bounds b) {
    return new Bounds((b.low() + b.high()) / 2, b.low(), b.high() * (1 + BIN));
  }

  private static String source(DeadAddress address) {
    return switch (address) {
      case UNREACHABLE -> "ICMP host unreachable ends connect()";
      case NO_ARP -> "nobody answers three ARP requests, EHOSTUNREACH";
      case SILENT -> "SYNs 1 s apart tcp_syn_linear_timeouts times, then tcp_syn_retries doublings";
    };
  }
}
