package dev.halfopen.report;

import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.Sysctl;
import java.util.List;

/**
 * Closed sockets that still had something to send were more than tcp_max_orphans: the kernel reset
 * those that came next ({@code tcp_check_oom}), and their peers lost what was under way.
 */
final class OrphansRule implements DiagnosisRule {
  static final String RESOURCE = "orphaned sockets";
  private static final List<String> CAUSES = List.of("ECONNRESET", "EPIPE", "prematureClose");

  @Override
  public List<Diagnosis> examine(RunResult result, Ledger ledger) {
    return result.hostWithMost(Mib.ABORT_ON_MEMORY).stream()
        .map(worst -> resets(worst, result, ledger))
        .toList();
  }

  private static Diagnosis resets(HostResult worst, RunResult result, Ledger ledger) {
    long aborted = result.hosts().stream().mapToLong(h -> h.counter(Mib.ABORT_ON_MEMORY)).sum();
    long failed = 0;
    for (String cause : CAUSES) {
      failed += ledger.take(cause, aborted - failed).failed();
    }
    return new Diagnosis(
        RESOURCE,
        worst.name(),
        "",
        worst.peakAt(SocketGauges.ORPHANED),
        result.endNs(),
        failed,
        0,
        Figures.grouped(worst.peak(SocketGauges.ORPHANED))
            + " sockets without a process at "
            + Figures.secondsText(worst.peakAt(SocketGauges.ORPHANED))
            + ", tcp_max_orphans is "
            + Figures.grouped(worst.spec().sysctls().get(Sysctl.TCP_MAX_ORPHANS))
            + ": "
            + Figures.grouped(worst.counter(Mib.ABORT_ON_MEMORY))
            + " connections were reset when they were closed",
        "dmesg: TCP: too many orphaned sockets;  nstat TcpExtTCPAbortOnMemory "
            + Figures.grouped(worst.counter(Mib.ABORT_ON_MEMORY))
            + ";  /proc/net/sockstat: orphan "
            + worst.peak(SocketGauges.ORPHANED));
  }
}
