package dev.halfopen.bench;

import dev.halfopen.tcp.SocketOptions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * connect, SYN, SYN-ACK, ACK, accept; then both ends are freed by an RST (SO_LINGER 0), so that no
 * TIME_WAIT is left. Four packets.
 */
public class HandshakeBench extends Settings {
  private static final int HANDSHAKES = 100;

  /** Connections that exist besides. */
  @Param({"0", "20000"})
  int established;

  private final SocketOptions abort = new SocketOptions();
  private StackPair pair;
  private int listener;

  @Setup
  public void listen() {
    abort.lingerOn = true;
    pair = new StackPair(28_232);
    pair.tick();
    listener = pair.server().listen(StackPair.PORT, 4096, SocketOptions.DEFAULT, 0);
    for (int i = 0; i < established; i++) {
      connect();
    }
  }

  private long connect() {
    pair.tick();
    long socket =
        pair.client().connect(StackPair.CLIENT, StackPair.SERVER, StackPair.PORT, abort, 1);
    pair.deliver();
    if (pair.server().accept(listener, 1) < 0) {
      throw new IllegalStateException("no connection to accept");
    }
    return socket;
  }

  @Benchmark
  @OperationsPerInvocation(HANDSHAKES)
  public long handshakes() {
    for (int i = 0; i < HANDSHAKES; i++) {
      long socket = connect();
      pair.client().close(socket);
      pair.deliver();
    }
    return pair.effects();
  }
}
