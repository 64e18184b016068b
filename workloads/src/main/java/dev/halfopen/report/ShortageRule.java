package dev.halfopen.report;

import dev.halfopen.tcp.Mib;
import java.util.Optional;

/** A limit of the host that a load goes to was reached. */
final class ShortageRule implements DiagnosisRule {
  private final String resource;

  ShortageRule(String resource) {
    this.resource = resource;
  }

  @Override
  public Optional<Diagnosis> examine(RunResult result, Ledger ledger) {
    String host = "";
    Ledger.Taken taken = Ledger.Taken.NOTHING;
    for (Shortages.Share share : Shortages.of(result)) {
      boolean isHere = host.isEmpty() || share.host().equals(host);
      if (share.resource().equals(resource)
          && isHere
          && result.facilities().limit(resource, share.host()).isPresent()) {
        host = share.host();
        taken = taken.plus(share.takeFrom(ledger));
      }
    }
    Optional<LimitUse> limit = result.facilities().limit(resource, host);
    if (taken.isNothing() || limit.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Diagnosis.of(
            result,
            resource,
            host,
            "",
            taken,
            evidence(limit.get()),
            onARealHost(result, host, limit.get())));
  }

  private static String evidence(LimitUse limit) {
    ResourceUse use = limit.use();
    return use.host()
        + " "
        + use.resource()
        + ": "
        + Figures.grouped(use.peak())
        + " of "
        + Figures.grouped(use.limit())
        + " in use at "
        + Figures.secondsText(use.atNs())
        + ", "
        + Figures.grouped(limit.refusals())
        + " turned away";
  }

  private String onARealHost(RunResult result, String host, LimitUse limit) {
    Optional<HostResult> counters = result.host(host);
    return switch (resource) {
      case LimitUse.SYN_QUEUE ->
          "nstat TcpExtTCPReqQFullDrop "
              + counter(counters, Mib.REQ_Q_FULL_DROP)
              + ", TcpExtListenDrops "
              + counter(counters, Mib.LISTEN_DROPS)
              + ";  ss -Htan state syn-recv | wc -l -> "
              + limit.use().peak()
              + ";  clients: connect() takes 1 s, 2 s, 3 s ... or times out";
      case LimitUse.ACCEPT_QUEUE ->
          "ss -ltn: Recv-Q "
              + limit.use().peak()
              + " of Send-Q "
              + (limit.use().limit() - 1)
              + ";  nstat TcpExtListenOverflows and TcpExtListenDrops "
              + counter(counters, Mib.LISTEN_OVERFLOWS);
      case LimitUse.CONNTRACK ->
          "dmesg: nf_conntrack: table full, dropping packet;  conntrack -S: drop="
              + limit.refusals();
      case LimitUse.CPU ->
          "ethtool -S: rx_missed or rx_dropped "
              + limit.refusals()
              + ";  ksoftirqd at 100 % of a core";
      case LimitUse.WORKERS -> "busy threads at their maximum; requests queue in the application";
      case LimitUse.OPEN_FILES ->
          "error.log: accept4() or socket() failed (24: Too many open files)";
      default -> "error.log: " + limit.use().limit() + " worker_connections are not enough";
    };
  }

  private static String counter(Optional<HostResult> host, int mib) {
    return host.map(h -> Figures.grouped(h.counter(mib))).orElse("0");
  }
}
