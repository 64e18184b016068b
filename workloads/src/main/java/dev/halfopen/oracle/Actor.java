package dev.halfopen.oracle;

import dev.halfopen.app.Application;
import dev.halfopen.net.Segment;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sockets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The programs on one host of a measurement: does what it is told at given instants, accepts and
 * reads at once unless told otherwise, and remembers what happened.
 */
public final class Actor extends Application {
  private final List<Runnable> script = new ArrayList<>();
  private final List<Connection> connections = new ArrayList<>();
  private long nowNs;

  public boolean accepts = true;
  public boolean reads = true;
  public Consumer<Connection> whenAccepted = c -> {};

  public long nowNs() {
    return nowNs;
  }

  public int address() {
    return host().firstAddress();
  }

  /** Has {@code action} done at an instant, at least 1 ns ahead. */
  public void at(long atNs, Runnable action) {
    script.add(action);
    timerAt(atNs, 0, script.size() - 1);
  }

  public void after(long delayNs, Runnable action) {
    at(nowNs + delayNs, action);
  }

  public Connection connect(int remoteAddress, int remotePort, SocketOptions options) {
    Connection c = add();
    c.socket = sockets().connect(address(), remoteAddress, remotePort, options, c.handle);
    if (c.socket < 0) {
      c.errno = (int) -c.socket;
      c.failedNs = nowNs;
    }
    return c;
  }

  /** Connects from a port that bind() chose, SO_REUSEADDR as in the options. */
  public Connection connectFrom(
      int localPort, int remoteAddress, int remotePort, SocketOptions options) {
    Connection c = add();
    int port = sockets().bind(localPort, options);
    c.socket =
        port < 0
            ? port
            : sockets().connectBound(address(), port, remoteAddress, remotePort, options, c.handle);
    if (c.socket < 0) {
      c.errno = (int) -c.socket;
      c.failedNs = nowNs;
    }
    return c;
  }

  public int listen(int port, int backlog, SocketOptions options) {
    return sockets().listen(port, backlog, options, 0);
  }

  public void acceptAll(int listener) {
    for (; ; ) {
      int handle = connections.size();
      long socket = sockets().accept(listener, handle);
      if (socket < 0) {
        return;
      }
      Connection c = add();
      c.socket = socket;
      c.connectedNs = nowNs;
      whenAccepted.accept(c);
    }
  }

  public void closeListener(int listener) {
    sockets().closeListener(listener);
  }

  public void raw(Segment segment) {
    sendRaw(segment);
  }

  private Connection add() {
    Connection c = new Connection(sockets(), connections.size(), nowNs);
    connections.add(c);
    return c;
  }

  @Override
  public void start(long startNs) {
    nowNs = startNs;
  }

  @Override
  public void onTimer(long timeNs, int kind, long argument) {
    nowNs = timeNs;
    script.get((int) argument).run();
  }

  @Override
  public void onReady(long timeNs, long socket, int handle, int bits, int mark, int errno) {
    nowNs = timeNs;
    if ((bits & Sockets.ACCEPTABLE) != 0) {
      if (accepts) {
        acceptAll((int) socket);
      }
      return;
    }
    Connection c = connections.get(handle);
    if ((bits & Sockets.CONNECTED) != 0) {
      c.connectedNs = timeNs;
      c.whenConnected.run();
    }
    if ((bits & Sockets.READABLE) != 0 && reads) {
      c.read();
      c.whenData.run();
    }
    if ((bits & Sockets.END_OF_STREAM) != 0) {
      c.endedNs = timeNs;
      c.whenEnded.run();
    }
    if ((bits & Sockets.FAILED) != 0) {
      c.failedNs = timeNs;
      c.errno = errno;
      c.whenFailed.run();
    }
  }
}
