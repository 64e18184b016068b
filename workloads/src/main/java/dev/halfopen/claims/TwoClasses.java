package dev.halfopen.claims;

import dev.halfopen.metrics.LatencyRecorder;
import dev.halfopen.oracle.Connection;
import dev.halfopen.tcp.SocketOptions;
import java.util.ArrayList;
import java.util.List;

/** Requests on a connection that exists, and clients that come anew, each measured by itself. */
final class TwoClasses {
  private static final int REQUEST_BYTES = 200;

  private final Lab lab;
  private final Connection existing;
  private final List<Connection> comers = new ArrayList<>();
  private final LatencyRecorder answers = new LatencyRecorder("established", Long.MAX_VALUE);
  private final LatencyRecorder connects = new LatencyRecorder("new", Long.MAX_VALUE);
  private long askedNs;

  TwoClasses(Lab lab, Connection existing) {
    this.lab = lab;
    this.existing = existing;
    existing.whenData =
        () -> {
          long nowNs = lab.client.program.nowNs();
          answers.record(nowNs, nowNs - askedNs);
        };
  }

  /** Sends requests on the existing connection, which must be answered before the next. */
  void ask(int times, double everyS) {
    for (int i = 0; i < times; i++) {
      lab.client.doesAfter(
          (i + 1) * everyS,
          () -> {
            askedNs = lab.client.program.nowNs();
            existing.send(REQUEST_BYTES);
          });
    }
  }

  void connect(int times, double everyS) {
    for (int i = 0; i < times; i++) {
      lab.client.doesAfter((i + 1) * everyS, this::connectOne);
    }
  }

  private void connectOne() {
    Connection c =
        lab.client.program.connect(lab.server.address(), Lab.PORT, SocketOptions.DEFAULT);
    comers.add(c);
    c.whenConnected =
        () -> {
          connects.record(c.connectedNs, c.connectedNs - c.startedNs);
          c.close();
        };
  }

  long answered() {
    return answers.total().getTotalCount();
  }

  double slowestAnswerMs() {
    return (double) answers.total().getMaxValue() / Say.MS_NS;
  }

  long connectedWithin(double seconds) {
    return connects.total().getCountBetweenValues(0, (long) (seconds * Say.SECOND_NS));
  }
}
