package dev.halfopen.bench;

import dev.halfopen.tcp.SocketOptions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * connect() with its choice of a port and its SYN, towards one destination: the range filled from
 * empty to the last port and emptied again, and connects that fail because nothing is left. The
 * kernel looks at every port of the range before it says EADDRNOTAVAIL; here that is counted and
 * not done.
 */
public class PortChoiceBench extends Settings {
  /** The default range, 32768 to 60999, in which all ports are usable. */
  private static final int PORTS = 28_232;

  private static final int FAILURES = 1000;

  @Param({"28232"})
  int ports;

  private StackPair full;
  private StackPair empty;
  private long[] sockets;

  @Setup
  public void fill() {
    full = new StackPair(ports);
    full.lossy(true);
    full.tick();
    while (connect(full) >= 0) {
      full.tick();
    }
    empty = new StackPair(PORTS);
    empty.lossy(true);
    empty.tick();
    sockets = new long[PORTS];
  }

  private static long connect(StackPair pair) {
    return pair.client()
        .connect(StackPair.CLIENT, StackPair.SERVER, StackPair.PORT, SocketOptions.DEFAULT, 1);
  }

  @Benchmark
  @OperationsPerInvocation(FAILURES)
  public long failingConnect() {
    for (int i = 0; i < FAILURES; i++) {
      full.tick();
      if (connect(full) >= 0) {
        throw new IllegalStateException("a port was left");
      }
    }
    return full.portsTried();
  }

  @Benchmark
  @OperationsPerInvocation(PORTS)
  public long connectUpToExhaustion() {
    for (int i = 0; i < PORTS; i++) {
      empty.tick();
      sockets[i] = connect(empty);
    }
    if (connect(empty) >= 0) {
      throw new IllegalStateException("more than " + PORTS + " ports");
    }
    for (int i = 0; i < PORTS; i++) {
      empty.client().close(sockets[i]);
    }
    return empty.portsTried();
  }
}
