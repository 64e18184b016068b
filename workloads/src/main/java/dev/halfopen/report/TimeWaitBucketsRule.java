package dev.halfopen.report;

import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.Sysctl;
import java.util.List;

/**
 * tcp_max_tw_buckets was reached: connections that were closed afterwards ended without TIME_WAIT
 * ({@code tcp_time_wait}). No request fails by that; what is lost is the protection of TIME_WAIT,
 * and ports are free again at once.
 */
final class TimeWaitBucketsRule implements DiagnosisRule {
  static final String RESOURCE = "TIME_WAIT buckets";

  @Override
  public List<Diagnosis> examine(RunResult result, Ledger ledger) {
    return result.hostWithMost(Mib.TIME_WAIT_OVERFLOW).stream()
        .map(worst -> overflow(worst, result))
        .toList();
  }

  private static Diagnosis overflow(HostResult worst, RunResult result) {
    long over = worst.counter(Mib.TIME_WAIT_OVERFLOW);
    return new Diagnosis(
        RESOURCE,
        worst.name(),
        "",
        worst.peakAt(SocketGauges.TIME_WAIT),
        result.endNs(),
        0,
        0,
        Figures.grouped(worst.peak(SocketGauges.TIME_WAIT))
            + " sockets in TIME_WAIT at "
            + Figures.secondsText(worst.peakAt(SocketGauges.TIME_WAIT))
            + ", tcp_max_tw_buckets is "
            + Figures.grouped(worst.spec().sysctls().get(Sysctl.TCP_MAX_TW_BUCKETS))
            + ": "
            + Figures.grouped(over)
            + " connections ended without TIME_WAIT; no request fails by that",
        "dmesg: TCP: time wait bucket table overflow;  nstat TcpExtTCPTimeWaitOverflow "
            + Figures.grouped(over)
            + ";  ss -s: timewait "
            + worst.peak(SocketGauges.TIME_WAIT));
  }
}
