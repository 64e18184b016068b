package dev.halfopen.report;

import dev.halfopen.tcp.Mib;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A limit of the host that a load goes to was reached. */
final class ShortageRule implements DiagnosisRule {
  private final String resource;

  ShortageRule(String resource) {
    this.resource = resource;
  }

  @Override
  public List<Diagnosis> examine(RunResult result, Ledger ledger) {
    Map<String, Ledger.Taken> byHost = new LinkedHashMap<>();
    for (Shortages.Share share : Shortages.of(result)) {
      if (share.resource().equals(resource)) {
        Ledger.Taken taken = share.takeFrom(ledger);
        byHost.merge(share.host(), taken, Ledger.Taken::plus);
      }
    }
    List<Diagnosis> found = new ArrayList<>();
    byHost.forEach(
        (host, taken) -> {
          Optional<LimitUse> limit = result.facilities().limit(resource, host);
          if (!taken.isNothing() && limit.isPresent()) {
            found.add(diagnosis(result, host, taken, limit.get()));
          }
        });
    return found;
  }

  private Diagnosis diagnosis(RunResult result, String host, Ledger.Taken taken, LimitUse limit) {
    return Diagnosis.of(
        result, resource, host, "", taken, evidence(limit), onARealHost(result, host, limit));
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
