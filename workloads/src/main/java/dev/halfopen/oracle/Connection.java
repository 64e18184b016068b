package dev.halfopen.oracle;

import dev.halfopen.tcp.Sockets;

/** A socket of an {@link Actor} and what has become of it. Instants are -1 until they come. */
final class Connection {
  static final long NEVER = -1;
  static final Runnable NOTHING = () -> {};

  private final Sockets sockets;
  final int handle;
  long socket;
  long startedNs;
  long connectedNs = NEVER;
  long endedNs = NEVER;
  long failedNs = NEVER;
  int errno;
  int received;

  /** Called at connection, at the peer's FIN, at failure, after data. */
  Runnable whenConnected = NOTHING;

  Runnable whenEnded = NOTHING;
  Runnable whenFailed = NOTHING;
  Runnable whenData = NOTHING;

  Connection(Sockets sockets, int handle, long nowNs) {
    this.sockets = sockets;
    this.handle = handle;
    this.startedNs = nowNs;
  }

  boolean isConnected() {
    return connectedNs != NEVER;
  }

  boolean hasFailed() {
    return failedNs != NEVER;
  }

  /** Seconds from connect() to the error. */
  double failedAfterS() {
    return (failedNs - startedNs) / (double) Conditions.SECOND_NS;
  }

  /** Bytes taken or -errno. */
  int trySend(int bytes) {
    return sockets.send(socket, bytes, 1);
  }

  void send(int bytes) {
    int unused = trySend(bytes);
  }

  void read() {
    int n = sockets.receive(socket);
    received += Math.max(0, n);
  }

  void shutdownWrite() {
    int unused = sockets.shutdownWrite(socket);
  }

  void close() {
    int unused = sockets.close(socket);
  }
}
