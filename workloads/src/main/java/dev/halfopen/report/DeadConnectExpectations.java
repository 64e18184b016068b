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

  /** Three questions, a second apart ({@code neigh_timer_handler}). */
  private static final double ARP_S = 3.05;

  /** The histogram's resolution. */
  private static final double NOISE_S = 0.15;

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
    Bounds bounds = bounds(from, end);
    double runsOnS = Figures.seconds(result.endNs() - end.atNs());
    if (result.isPartial() || bounds.high() > runsOnS || times.isEmpty()) {
      return Expectation.doesNotApply(name, "s", "the run ends before");
    }
    return Expectation.applies(
        name, bounds, times.map(h -> h.getMaxValue() * NS_S), "s", source(end.deadAddress()));
  }

  private static Bounds bounds(HostSpec from, Outages.End end) {
    return switch (end.deadAddress()) {
      case UNREACHABLE -> new Bounds(0, 0, 0.1);
      case NO_ARP -> new Bounds(ARP_S, ARP_S - 0.1, ARP_S + 0.1);
      case SILENT -> {
        KernelProfile kernel = from.sysctls().profile().kernel();
        int linear =
            kernel.knows(Sysctl.TCP_SYN_LINEAR_TIMEOUTS)
                ? (int) from.sysctls().get(Sysctl.TCP_SYN_LINEAR_TIMEOUTS)
                : 0;
        int retries = (int) from.sysctls().get(Sysctl.TCP_SYN_RETRIES);
        RtoLadder.Bounds b =
            RtoLadder.connect(kernel, from.sysctls().profile().hz(), retries, linear);
        yield new Bounds((b.low() + b.high()) / 2, b.low() - NOISE_S, b.high() + NOISE_S);
      }
    };
  }

  private static String source(DeadAddress address) {
    return switch (address) {
      case UNREACHABLE -> "ICMP host unreachable ends connect()";
      case NO_ARP -> "nobody answers three ARP requests, EHOSTUNREACH";
      case SILENT -> "SYNs 1 s apart tcp_syn_linear_timeouts times, then tcp_syn_retries doublings";
    };
  }
}
