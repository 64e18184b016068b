package dev.halfopen.claims;

import dev.halfopen.app.Application;
import dev.halfopen.app.HttpMarks;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sockets;

/**
 * The upstream side of a proxy without HTTP persistence: a connection for every request, at a
 * constant rate, dealt to its upstreams and over its own addresses in turn. It closes first unless
 * the upstream does. It keeps nothing about a connection.
 */
final class PortLoad extends Application {
  private static final int REQUEST_BYTES = 200;

  private final int[] upstreams;
  private final long intervalNs;
  private final int mark;
  private long due;
  private boolean refusedLast;
  private long secondReturnNs = -1;
  private long secondReturnMade;

  long made;
  long refused;
  long completed;
  long firstRefusalNs = -1;
  long madeBeforeRefusal;

  /** When a port was free again after the first time without, and how many had been made then. */
  long returnNs = -1;

  long returnMade;

  PortLoad(double perSecond, boolean closesFirst, int... upstreams) {
    this.upstreams = upstreams.clone();
    this.intervalNs = (long) (Say.SECOND_NS / perSecond);
    this.mark = HttpMarks.request(false, !closesFirst, 0);
  }

  @Override
  public void start(long nowNs) {
    timerAt(nowNs + intervalNs, 0, 0);
  }

  @Override
  public void onTimer(long nowNs, int kind, long argument) {
    timerAt(nowNs + intervalNs, 0, 0);
    int to = upstreams[(int) (due % upstreams.length)];
    int from = host().firstAddress() + (int) (due / upstreams.length % host().addressCount());
    due++;
    long socket = sockets().connect(from, to, Lab.PORT, SocketOptions.DEFAULT, 0);
    if (socket < 0) {
      refuse(nowNs);
    } else {
      accept(nowNs);
    }
  }

  private void refuse(long nowNs) {
    if (refused++ == 0) {
      firstRefusalNs = nowNs;
      madeBeforeRefusal = made;
    }
    refusedLast = true;
  }

  /** A port was free; the first one after a drought of a second begins a cycle. */
  private void accept(long nowNs) {
    if (refusedLast && returnNs < 0) {
      returnNs = nowNs;
      returnMade = made;
    } else if (refusedLast && secondReturnNs < 0 && nowNs - returnNs > 30 * Say.SECOND_NS) {
      secondReturnNs = nowNs;
      secondReturnMade = made;
    }
    refusedLast = false;
    made++;
  }

  /** Whether a whole cycle has passed, from one return of the ports to the next. */
  boolean hasCycle() {
    return secondReturnNs >= 0;
  }

  /** Connections a second over a cycle. */
  double sustained() {
    return (secondReturnMade - returnMade) / Say.seconds(secondReturnNs - returnNs);
  }

  @Override
  public void onReady(long nowNs, long socket, int handle, int bits, int ready, int errno) {
    if ((bits & Sockets.CONNECTED) != 0) {
      sockets().send(socket, REQUEST_BYTES, mark);
    }
    if ((bits & Sockets.READABLE) != 0) {
      sockets().receive(socket);
    }
    if ((bits & Sockets.MESSAGE) != 0) {
      completed++;
    }
    boolean mayClose =
        HttpMarks.isClose(mark)
            ? Sockets.END_OF_STREAM == (bits & Sockets.END_OF_STREAM)
            : (bits & Sockets.MESSAGE) != 0;
    if (mayClose) {
      sockets().close(socket);
    }
  }
}
