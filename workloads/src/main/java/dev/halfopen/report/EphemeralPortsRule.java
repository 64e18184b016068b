package dev.halfopen.report;

import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketGauges;
import java.util.List;
import java.util.Optional;

/**
 * All local ports towards a destination were in use when connect() answered EADDRNOTAVAIL. Requests
 * that were refused because a proxy had taken its upstreams out after such a failure have the same
 * root cause.
 */
final class EphemeralPortsRule implements DiagnosisRule {
  static final String RESOURCE = "ephemeral ports";
  private static final String CAUSE = "EADDRNOTAVAIL";

  @Override
  public List<Diagnosis> examine(RunResult result, Ledger ledger) {
    List<PortUse> exhausted = result.ports().stream().filter(PortUse::isExhausted).toList();
    if (exhausted.isEmpty()) {
      return List.of();
    }
    Ledger.Taken taken = ledger.take(CAUSE);
    if (taken.isNothing()) {
      return List.of();
    }
    PortUse first = exhausted.get(0);
    return List.of(
        Diagnosis.of(
            result,
            RESOURCE,
            first.host(),
            "-> " + destinations(exhausted),
            taken,
            evidence(result, first),
            onARealHost(result, first)));
  }

  /** "upstream-1:8080", "upstream-1:8080 and 3 more". */
  static String destinations(List<PortUse> ports) {
    String first = ports.get(0).destination();
    if (ports.size() == 1) {
      return first;
    }
    return ports.size() == 2
        ? first + " and " + ports.get(1).destination()
        : first + " and " + (ports.size() - 1) + " more";
  }

  private static String evidence(RunResult result, PortUse port) {
    long timeWait = result.host(port.host()).map(h -> h.peak(SocketGauges.TIME_WAIT)).orElse(0L);
    return Figures.grouped(port.peak())
        + " of "
        + Figures.grouped(port.limit())
        + " local ports in use towards "
        + port.destination()
        + " at "
        + Figures.secondsText(port.peakAtNs())
        + ", "
        + Figures.grouped(timeWait)
        + " sockets in TIME_WAIT on the host at the most; connect() answered EADDRNOTAVAIL";
  }

  private static String onARealHost(RunResult result, PortUse port) {
    Optional<HostResult> host = result.host(port.host());
    long timeWaits = host.map(h -> h.counter(Mib.TW)).orElse(0L);
    double mean = result.endNs() == 0 ? 0 : timeWaits / Figures.seconds(result.endNs());
    double perSecond =
        ProxyShape.of(result.scenario().world())
            .flatMap(shape -> SustainedRate.measure(result.total(), shape.timeWaitLife()))
            .orElse(mean);
    long noLive =
        result.proxies().stream()
            .filter(p -> p.host().equals(port.host()))
            .mapToLong(RunResult.ProxyFigures::noLiveUpstreams)
            .sum();
    return "error.log: connect() failed (99: Cannot assign requested address)"
        + (noLive == 0 ? "" : " and no live upstreams (" + Figures.grouped(noLive) + " times)")
        + ";  "
        + "ss -Htan state time-wait dst "
        + port.peer().toUpperCase(java.util.Locale.ROOT)
        + " | wc -l -> "
        + port.peak()
        + ";  nstat TcpExtTW +"
        + Figures.fixed(perSecond, 0)
        + "/s";
  }
}
