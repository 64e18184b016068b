package dev.halfopen.tcp;

/**
 * The only writer of a connection's state: record, gauges and the table of legal transitions change
 * together. The table is RFC 9293 figure 5 with what Linux adds (a closed socket's FIN_WAIT_2 and
 * every TIME_WAIT leave this table for a TimeWait row).
 */
final class Transitions {
  private static final boolean[][] LEGAL = new boolean[State.COUNT][State.COUNT];

  static {
    legal(State.CLOSED, State.SYN_SENT, State.ESTABLISHED, State.SYN_RECV);
    legal(State.SYN_SENT, State.ESTABLISHED, State.SYN_RECV, State.CLOSED);
    legal(State.SYN_RECV, State.ESTABLISHED, State.FIN_WAIT_1, State.CLOSE_WAIT, State.CLOSED);
    legal(State.ESTABLISHED, State.FIN_WAIT_1, State.CLOSE_WAIT, State.CLOSED);
    legal(State.FIN_WAIT_1, State.FIN_WAIT_2, State.CLOSING, State.CLOSED);
    legal(State.FIN_WAIT_2, State.CLOSED);
    legal(State.CLOSE_WAIT, State.LAST_ACK, State.CLOSED);
    legal(State.CLOSING, State.CLOSED);
    legal(State.LAST_ACK, State.CLOSED);
  }

  private Transitions() {}

  private static void legal(int from, int... to) {
    for (int t : to) {
      LEGAL[from][t] = true;
    }
  }

  static boolean isLegal(int from, int to) {
    return LEGAL[from][to];
  }

  /** Moves the connection under the cursor. */
  static void to(Stack s, int state) {
    int old = s.tcb.state();
    assert LEGAL[old][state] : State.name(old) + " -> " + State.name(state);
    s.tcb.state(state);
    SocketGauges g = s.host.gauges;
    g.leave(old);
    g.enter(state, s.nowNs);
  }
}
