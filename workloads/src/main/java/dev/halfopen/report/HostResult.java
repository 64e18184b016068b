package dev.halfopen.report;

import dev.halfopen.scenario.HostSpec;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketGauges;
import java.util.List;

/**
 * Counters and sockets of a host at the end of a run.
 *
 * @param counters by {@link Mib} index
 * @param sockets by {@link SocketGauges} index, at the end
 * @param peaks the most there have been
 * @param peakAtNs when
 */
public record HostResult(
    HostSpec spec, List<Long> counters, List<Long> sockets, List<Long> peaks, List<Long> peakAtNs) {
  public HostResult {
    counters = List.copyOf(counters);
    sockets = List.copyOf(sockets);
    peaks = List.copyOf(peaks);
    peakAtNs = List.copyOf(peakAtNs);
  }

  public String name() {
    return spec.name();
  }

  public long counter(int mib) {
    return counters.get(mib);
  }

  public long socketsAtEnd(int gauge) {
    return sockets.get(gauge);
  }

  public long peak(int gauge) {
    return peaks.get(gauge);
  }

  public long peakAt(int gauge) {
    return peakAtNs.get(gauge);
  }
}
