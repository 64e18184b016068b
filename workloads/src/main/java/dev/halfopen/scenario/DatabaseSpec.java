package dev.halfopen.scenario;

/** A database with a process for each connection. */
public record DatabaseSpec(
    int port,
    int backlog,
    int maxConnections,
    int reservedConnections,
    TimeSpec queryTime,
    boolean tcpKeepalive)
    implements AppSpec {
  @Override
  public boolean isRandom() {
    return queryTime.isRandom();
  }
}
