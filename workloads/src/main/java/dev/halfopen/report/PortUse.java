package dev.halfopen.report;

/**
 * Local ports of a host towards one destination.
 *
 * @param peer "upstream-1"
 * @param limit ports that connect() can choose from
 * @param atEnd in use when the run ended
 */
public record PortUse(
    String host, String peer, int peerPort, long peak, long limit, long peakAtNs, long atEnd) {
  /** "upstream-1:8080". */
  public String destination() {
    return peer + ":" + peerPort;
  }

  public boolean isExhausted() {
    return limit > 0 && peak >= limit;
  }
}
