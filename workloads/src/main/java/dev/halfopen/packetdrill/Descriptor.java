package dev.halfopen.packetdrill;

import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.TcpInfo;

/** What a file descriptor of the script stands for. */
final class Descriptor {
  enum State {
    FRESH,
    LISTENING,
    CONNECTING,
    OPEN,
    /** The stack has let the connection go: it failed, timed out or is in TIME_WAIT. */
    GONE
  }

  static final int NO_SOCKET = -1;

  final int number;
  State state = State.FRESH;
  SocketOptions options = new SocketOptions();
  boolean nonBlocking;
  boolean corked;
  int boundPort;
  int listener = NO_SOCKET;
  long socket = NO_SOCKET;

  /** sk_err: told once to the next call. */
  int error;

  /** Whether connect() has told of its success. */
  boolean connectTold;

  /** Bytes that are still to be read after the stack let the connection go. */
  int leftUnread;

  /** TCP_INFO as it was when the connection ended. */
  final TcpInfo lastInfo = new TcpInfo();

  Descriptor(int number) {
    this.number = number;
  }

  /** The pending error, which is told once. */
  int takeError() {
    int e = error;
    error = 0;
    return e;
  }
}
