package dev.halfopen.app;

import dev.halfopen.metrics.LatencyRecorder;
import dev.halfopen.tcp.Sockets;

/**
 * Opens connections at a fixed rate from the machines of a farm; each carries one exchange and is
 * closed by the client: S, SA, A, PA, A, PA, A, FA, FA, A. It keeps nothing about a connection but
 * the socket's handle, which is when it was due, in microseconds modulo 2^32.
 */
@SuppressWarnings("NullAway.Init") // start() comes before everything else
public final class ChurnClient extends Application {
  private static final int TIMER_ARRIVAL = 1;
  private static final int MARK = HttpMarks.request(false, false, 0);
  private static final long MICRO = 1000;

  private final ChurnConfig config;
  private final LatencyRecorder latency = new LatencyRecorder("churn", Long.MAX_VALUE);
  private Arrivals arrivals;
  private int next;
  private long offered;

  /** How many of them, and of those to come, have been said to come. */
  private long foreseen;

  private long completed;
  private long refused;
  private long failed;

  public ChurnClient(ChurnConfig config) {
    this.config = config;
  }

  /** Connections that fell due. */
  public long offered() {
    return offered;
  }

  /** Connections that got their response. */
  public long completed() {
    return completed;
  }

  /** connect() calls that failed at once. */
  public long refused() {
    return refused;
  }

  /** Connections that failed later or were closed without a response. */
  public long failed() {
    return failed;
  }

  /** From when a connection was due to its response, in ns, measured in whole microseconds. */
  public LatencyRecorder latency() {
    return latency;
  }

  @Override
  public void start(long nowNs) {
    arrivals =
        config.poisson
            ? Arrivals.poisson(
                config.rateCount,
                config.ratePerNs,
                config.fromNs,
                config.untilNs,
                config.connectionsMax,
                context().seed(),
                context().randomNode())
            : Arrivals.constant(
                config.rateCount,
                config.ratePerNs,
                config.fromNs,
                config.untilNs,
                config.connectionsMax);
    onTimer(nowNs, TIMER_ARRIVAL, 0);
  }

  @Override
  public boolean readsAtOnce() {
    return true;
  }

  @Override
  public void onTimer(long nowNs, int kind, long argument) {
    while (arrivals.nextNs() <= nowNs) {
      open(arrivals.nextNs());
      arrivals.advance();
    }
    if (arrivals.nextNs() != Arrivals.NEVER) {
      timerAt(arrivals.nextNs(), TIMER_ARRIVAL, 0);
    }
  }

  @Override
  public boolean foresees() {
    return true;
  }

  @Override
  public void foresee(long untilNs) {
    long end = offered + arrivals.expected(untilNs);
    for (foreseen = Math.max(foreseen, offered); foreseen < end; foreseen++) {
      int address = host().firstAddress() + (int) (foreseen % host().addressCount());
      sockets().soonConnect(address, config.serverAddress, config.serverPort);
    }
  }

  private void open(long dueNs) {
    offered++;
    int address = host().firstAddress() + next;
    next = next + 1 == host().addressCount() ? 0 : next + 1;
    int due = (int) (dueNs / MICRO);
    long socket =
        sockets()
            .connect(address, config.serverAddress, config.serverPort, config.clientOptions, due);
    if (socket < 0) {
      refused++;
    }
  }

  @Override
  public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {
    if ((bits & Sockets.FAILED) != 0) {
      failed++;
      return;
    }
    if ((bits & Sockets.CONNECTED) != 0) {
      sockets().send(socket, config.requestBytes, MARK);
    }
    if ((bits & Sockets.READABLE) != 0) {
      sockets().receive(socket);
    }
    if ((bits & Sockets.MESSAGE) != 0) {
      completed++;
      int us = (int) (nowNs / MICRO) - handle;
      latency.record(nowNs, Integer.toUnsignedLong(us) * MICRO);
      sockets().close(socket);
    } else if ((bits & Sockets.END_OF_STREAM) != 0 && sockets().isOpen(socket)) {
      failed++;
      sockets().close(socket);
    }
  }
}
