package dev.halfopen.report;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.scenario.Assembly;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.tcp.SocketGauges;
import java.util.List;

/**
 * What a socket of each kind took in this run, its share of the demux table included: bytes
 * reserved over the most sockets there were. Tables grow by doubling and by segments, so that a
 * small run shows a large figure; 0 where there was no socket of the kind.
 */
public record Tables(double bytesPerEstablished, double bytesPerTimeWait, double bytesPerSynRecv) {
  /** From the bill of the memory budget. */
  public static Tables of(MemoryBudget budget, Assembly assembly) {
    long established = peak(assembly, SocketGauges.ESTABLISHED);
    long timeWait = peak(assembly, SocketGauges.TIME_WAIT);
    long synRecv = peak(assembly, SocketGauges.SYN_RECV);
    long all = Math.max(1, established + timeWait + synRecv);
    double demux = (double) bytes(budget, List.of("demux")) / all;
    return new Tables(
        each(bytes(budget, List.of("connections", "flights")), established, demux),
        each(bytes(budget, List.of("timeWaits", "timeWaitLanes")), timeWait, demux),
        each(bytes(budget, List.of("requests")), synRecv, demux));
  }

  private static double each(long bytes, long sockets, double demux) {
    return sockets == 0 ? 0 : (double) bytes / sockets + demux;
  }

  private static long peak(Assembly assembly, int gauge) {
    long sum = 0;
    for (HostSpec host : assembly.spec().hosts()) {
      sum += Recorder.tcp(assembly, host).gauges().peak(gauge);
    }
    return sum;
  }

  private static long bytes(MemoryBudget budget, List<String> kinds) {
    long sum = 0;
    for (int i = 0; i < budget.kinds(); i++) {
      if (kinds.contains(budget.name(i))) {
        sum += budget.bytes(i);
      }
    }
    return sum;
  }
}
