package dev.halfopen.report;

/**
 * Local ports of a host towards one destination.
 *
 * @param peer "upstream-1"
 * @param limit ports of the range
 * @param tried ports of it that one connect() tries
 * @param atEnd in use when the run ended
 */
public record PortUse(
    String host,
    String peer,
    int peerPort,
    long peak,
    long limit,
    long tried,
    long peakAtNs,
    long atEnd) {
  /** "upstream-1:8080". */
  public String destination() {
    return peer + ":" + peerPort;
  }

  public boolean isExhausted() {
    return tried > 0 && peak >= tried;
  }
}
