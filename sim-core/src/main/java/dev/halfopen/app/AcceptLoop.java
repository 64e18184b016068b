package dev.halfopen.app;

import dev.halfopen.engine.RandomStreams;
import dev.halfopen.metrics.Gauge;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sockets;
import java.util.Arrays;

/**
 * Takes connections off the accept queues of an application: all that wait, or, where each takes
 * its time, one after the other by a loop for each listener.
 */
final class AcceptLoop {
  /** Who gets the connections. */
  interface Acceptor {
    /** One has been taken off: the cursor is at its row, which has its socket and no state yet. */
    void accepted(long nowNs, int row);
  }

  /**
   * {@code ngx_event_accept}: out of files, a worker looks again after accept_mutex_delay, 500 ms.
   */
  private static final long NO_FILES_PAUSE_NS = 500_000_000L;

  private final Application application;
  private final Acceptor acceptor;
  private final ConnectionTable connections;
  private final Gauge files;
  private final Distribution time;
  private final int kind;
  private boolean[] busy = new boolean[4];
  private long drawn;

  /**
   * A loop for each of the application's listeners, by their numbers.
   *
   * @param connections where each gets a row, which is its socket's handle
   * @param files of the process; while there is none left, accept() fails
   * @param time from one accept() to the next
   * @param kind the application's timer kind for {@link #fired}
   */
  AcceptLoop(
      Application application,
      Acceptor acceptor,
      ConnectionTable connections,
      Gauge files,
      Distribution time,
      int kind) {
    this.application = application;
    this.acceptor = acceptor;
    this.connections = connections;
    this.files = files;
    this.time = time;
    this.kind = kind;
  }

  /** Begins a new life of the application, whose random numbers go on where the last one ended. */
  void restart() {
    Arrays.fill(busy, false);
  }

  /**
   * Opens listening sockets, several on one port by SO_REUSEPORT; with SO_REUSEADDR, as servers do,
   * so that one that starts anew is not kept out by TIME_WAITs of its last life.
   */
  static void listen(
      Sockets sockets, int port, int backlog, SocketOptions options, int listeners, int handle) {
    SocketOptions own = options.copy();
    own.reuseAddress = true;
    own.reusePort |= listeners > 1;
    for (int i = 0; i < listeners; i++) {
      sockets.listen(port, backlog, own, handle);
    }
  }

  /** Something waits in the listener's queue. */
  void ready(long nowNs, int listener) {
    if (listener >= busy.length) {
      busy = Arrays.copyOf(busy, 2 * listener);
    }
    if (busy[listener]) {
      return;
    }
    if (time.isZero()) {
      while (!busy[listener] && acceptOne(nowNs, listener)) {}
    } else if (acceptOne(nowNs, listener)) {
      AppContext context = application.context();
      long bits =
          RandomStreams.bits(context.seed(), context.randomNode(), Purposes.ACCEPT_TIME, drawn++);
      pause(nowNs, listener, Math.max(1, time.sample(bits)));
    }
  }

  /** Takes the next one off; false if there is none or none can be had now. */
  private boolean acceptOne(long nowNs, int listener) {
    if (files.isFull()) {
      files.refuse(nowNs);
      pause(nowNs, listener, NO_FILES_PAUSE_NS);
      return false;
    }
    int row = connections.create();
    long socket = application.sockets().accept(listener, row);
    connections.move(row);
    if (socket < 0) {
      connections.release();
      return false;
    }
    files.up(nowNs);
    connections.socket(socket);
    acceptor.accepted(nowNs, row);
    return true;
  }

  /** Nothing is taken off this queue for a while. */
  private void pause(long nowNs, int listener, long forNs) {
    busy[listener] = true;
    application.timerAt(nowNs + forNs, kind, listener);
  }

  /** To be called from onTimer for this kind. */
  void fired(long nowNs, int listener) {
    busy[listener] = false;
    ready(nowNs, listener);
  }
}
