package dev.halfopen.tcp;

import org.agrona.collections.Long2LongHashMap;

/**
 * Sockets that outlive their connections: after shutdown() and the peer's FIN TCP is done with a
 * connection while its application still holds the descriptor ({@code tcp_done}: TCP_CLOSE, with
 * what is unread in the receive queue). It can be read to its end and has to be closed.
 */
final class Remains {
  private static final long NONE = -1;

  private final Stack s;
  private final Connections tcb;

  /** Unread bytes by socket. */
  private final Long2LongHashMap unread = new Long2LongHashMap(NONE);

  Remains(Stack s) {
    this.s = s;
    this.tcb = s.tcb;
  }

  /** The connection under the cursor is about to go; unless it was closed, its socket stays. */
  void keep() {
    if (!tcb.flag(Connections.F_ORPHAN)) {
      int fin = tcb.state() == State.FIN_WAIT_2 ? 1 : 0;
      unread.put(tcb.reference(), Math.max(0, s.receive.unread() - fin));
    }
  }

  boolean has(long socket) {
    return unread.containsKey(socket);
  }

  /** Bytes that a read would get. */
  int unread(long socket) {
    return (int) Math.max(0, unread.get(socket));
  }

  /** Bytes read of at most {@code most}, 0 at the end, or -ENOTCONN if there is no such socket. */
  int receive(long socket, int most) {
    long n = unread.get(socket);
    if (n == NONE) {
      return -Errno.ENOTCONN;
    }
    int taken = (int) Math.min(n, most);
    unread.put(socket, n - taken);
    return taken;
  }

  /** close(): 0, or -ENOTCONN if there is no such socket. */
  int close(long socket) {
    return unread.remove(socket) == NONE ? -Errno.ENOTCONN : 0;
  }

  int size() {
    return unread.size();
  }
}
