package dev.halfopen.app;

import dev.halfopen.tcp.Sockets;

/**
 * Answers at once, with what the request asks for or a constant size, and closes when the client
 * has closed: the other end of a {@link ChurnClient}. It keeps nothing about a connection.
 */
public final class ChurnServer extends Application {
  private static final int MARK = HttpMarks.response(HttpMarks.OK, FailureCause.NONE, false);

  private final ChurnConfig config;
  private long accepted;

  public ChurnServer(ChurnConfig config) {
    this.config = config;
  }

  /** Connections accepted. */
  public long accepted() {
    return accepted;
  }

  @Override
  public void start(long nowNs) {
    AcceptLoop.listen(
        sockets(), config.serverPort, config.listenBacklog, config.serverOptions, 1, 0);
  }

  @Override
  public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {
    if ((bits & Sockets.ACCEPTABLE) != 0) {
      while (sockets().accept((int) socket, 0) >= 0) {
        accepted++;
      }
      return;
    }
    if ((bits & Sockets.FAILED) != 0) {
      return;
    }
    if ((bits & Sockets.READABLE) != 0) {
      sockets().receive(socket);
    }
    if ((bits & Sockets.MESSAGE) != 0) {
      int wanted = HttpMarks.responseBytes(mark);
      sockets().send(socket, wanted > 0 ? wanted : config.responseBytes, MARK);
    }
    if ((bits & Sockets.END_OF_STREAM) != 0) {
      sockets().close(socket);
    }
  }

  @Override
  public boolean readsAtOnce() {
    return true;
  }

  @Override
  public void onTimer(long nowNs, int kind, long argument) {
    throw new IllegalStateException("no timer was set");
  }
}
