package dev.halfopen.tcp;

/**
 * Shows the sockets of a stack between two events; it changes nothing, not even what is awake. The
 * order is that of the tables: whoever shows it to a user sorts.
 */
final class SocketListing {
  private final Stack s;

  SocketListing(Stack s) {
    this.s = s;
  }

  /** {@code tcp_diag_get_info}: of a listener how many wait for accept() and how many may. */
  static void listeners(HostTcp host, SocketVisitor to) {
    for (int i = 0; i < host.listenerCount(); i++) {
      Listener l = host.listener(i);
      if (!l.closed) {
        to.socket(State.LISTEN, l.queued(), l.backlog, 0, 0, l.port << 16);
      }
    }
  }

  /** All but the listeners, of all hosts of the stack. */
  void connections(SocketVisitor to) {
    for (int row = 1; row <= s.tcb.highWater(); row++) {
      s.tcb.move(row);
      if (s.tcb.state() != State.CLOSED) {
        connection(to);
      }
    }
    for (int row = 1; row <= s.req.highWater(); row++) {
      s.req.move(row);
      if (s.req.isLive()) {
        to.socket(State.SYN_RECV, 0, 0, s.req.local(), s.req.remote(), s.req.ports());
      }
    }
    for (int row = 1; row <= s.tw.highWater(); row++) {
      s.tw.move(row);
      if (s.tw.isLive()) {
        int state = s.tw.finWait2() ? State.FIN_WAIT_2 : State.TIME_WAIT;
        to.socket(state, 0, 0, s.tw.local(), s.tw.remote(), s.tw.ports());
      }
    }
  }

  /** Nothing is queued where the connection has no Flight. */
  private void connection(SocketVisitor to) {
    Connections tcb = s.tcb;
    int unread = 0;
    int unacknowledged = 0;
    if (tcb.flight() != 0) {
      s.fl.at(tcb.flight());
      unacknowledged = s.fl.writeSeq() - tcb.sndUna();
      unread = Math.max(0, tcb.rcvNxt() - s.fl.copiedSeq());
      // a program that was told of the FIN has read it: copied_seq is beyond it then
      boolean toldOfFin = tcb.flag(Connections.F_RCV_SHUTDOWN) && tcb.flag(Connections.F_ACCEPTED);
      unread -= toldOfFin && unread > 0 ? 1 : 0;
    }
    boolean isNew = tcb.state() == State.SYN_SENT;
    to.socket(
        tcb.state(), isNew ? 0 : unread, unacknowledged, tcb.local(), tcb.remote(), tcb.ports());
  }
}
