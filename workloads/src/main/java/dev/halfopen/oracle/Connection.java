package dev.halfopen.oracle;

import dev.halfopen.tcp.Sockets;

/** A socket of an {@link Actor} and what has become of it. Instants are -1 until they come. */
public final class Connection {
  public static final long NEVER = -1;
  public static final Runnable NOTHING = () -> {};

  private final Sockets sockets;
  public final int handle;
  public long socket;
  public long startedNs;
  public long connectedNs = NEVER;
  public long endedNs = NEVER;
  public long failedNs = NEVER;
  public int errno;
  public int received;

  /** Called at connection, at the peer's FIN, at failure, after data. */
  public Runnable whenConnected = NOTHING;

  public Runnable whenEnded = NOTHING;
  public Runnable whenFailed = NOTHING;
  public Runnable whenData = NOTHING;

  Connection(Sockets sockets, int handle, long nowNs) {
    this.sockets = sockets;
    this.handle = handle;
    this.startedNs = nowNs;
  }

  public boolean isConnected() {
    return connectedNs != NEVER;
  }

  public boolean hasFailed() {
    return failedNs != NEVER;
  }

  /** Seconds from connect() to the error. */
  public double failedAfterS() {
    return (failedNs - startedNs) / (double) Conditions.SECOND_NS;
  }

  /** Bytes taken or -errno. */
  public int trySend(int bytes) {
    return sockets.send(socket, bytes, 1);
  }

  public void send(int bytes) {
    int unused = trySend(bytes);
  }

  public void read() {
    int n = sockets.receive(socket);
    received += Math.max(0, n);
  }

  public void shutdownWrite() {
    int unused = sockets.shutdownWrite(socket);
  }

  public void close() {
    int unused = sockets.close(socket);
  }
}
