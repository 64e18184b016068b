package dev.halfopen.tcp;

/** Is shown sockets one by one, as the kernel's {@code inet_diag} shows them to ss. */
@FunctionalInterface
public interface SocketVisitor {
  /**
   * A socket.
   *
   * @param state of {@link State}
   * @param receiveQueue unread bytes, of a listener the connections that wait for accept()
   * @param sendQueue bytes that the peer has not acknowledged, a FIN being one; of a listener its
   *     backlog
   * @param localAddress 0 of a listener
   * @param remoteAddress 0 of a listener
   * @param ports local 16 | remote 16
   */
  void socket(
      int state, int receiveQueue, int sendQueue, int localAddress, int remoteAddress, int ports);
}
