package dev.halfopen.tcp;

/** Ends of everything that a host has at once: its power goes, or its application is killed. */
final class MachineEnds {
  private final Stack s;

  MachineEnds(Stack s) {
    this.s = s;
  }

  /** The current host forgets everything; nothing is sent and nobody is told. */
  void powerOff() {
    HostTcp h = s.host;
    for (int row = 1; row <= s.tcb.highWater(); row++) {
      s.tcb.move(row);
      if (s.tcb.state() != State.CLOSED && h.host().owns(s.tcb.local())) {
        s.enter(s.nowNs, h, s.tcb.local());
        s.load();
        s.closing.forget();
      }
    }
    for (int row = 1; row <= s.req.highWater(); row++) {
      s.req.move(row);
      if (s.req.isLive() && h.host().owns(s.req.local())) {
        s.enter(s.nowNs, h, s.req.local());
        s.listenQueues.drop(s.listenQueues.listenerOfRequest());
      }
    }
    for (int row = 1; row <= s.tw.highWater(); row++) {
      s.tw.move(row);
      if (s.tw.isLive() && h.host().owns(s.tw.local())) {
        s.enter(s.nowNs, h, s.tw.local());
        s.timeWait.kill();
      }
    }
    h.forgetListeners();
    h.binder.clear();
    h.proven.clear();
    h.stamps.clear();
    h.isOff = true;
  }

  /**
   * {@code do_exit}, {@code exit_files}: every descriptor is closed, listeners first; a connection
   * with unread data ends with RST, any other with FIN.
   */
  void killProcess(Sockets sockets) {
    HostTcp h = s.host;
    for (int i = 0; i < h.listenerCount(); i++) {
      if (!h.listener(i).closed) {
        sockets.closeListener(i);
      }
    }
    for (int row = 1; row <= s.tcb.highWater(); row++) {
      s.tcb.move(row);
      if (s.tcb.state() != State.CLOSED
          && !s.tcb.flag(Connections.F_ORPHAN)
          && h.host().owns(s.tcb.local())) {
        s.enter(s.nowNs, h, s.tcb.local());
        s.load();
        s.closing.close();
      }
    }
    h.binder.clear();
  }
}
