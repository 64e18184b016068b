package dev.halfopen.tcp;

/** Connection states, RFC 9293 section 3.3.2, as stored in a record. CLOSED is the free row. */
public final class State {
  public static final int CLOSED = 0;
  public static final int SYN_SENT = 1;
  public static final int SYN_RECV = 2;
  public static final int ESTABLISHED = 3;
  public static final int FIN_WAIT_1 = 4;
  public static final int FIN_WAIT_2 = 5;
  public static final int CLOSE_WAIT = 6;
  public static final int CLOSING = 7;
  public static final int LAST_ACK = 8;
  public static final int TIME_WAIT = 9;
  public static final int LISTEN = 10;
  public static final int COUNT = 11;

  private static final String[] NAMES = {
    "CLOSED",
    "SYN_SENT",
    "SYN_RECV",
    "ESTABLISHED",
    "FIN_WAIT_1",
    "FIN_WAIT_2",
    "CLOSE_WAIT",
    "CLOSING",
    "LAST_ACK",
    "TIME_WAIT",
    "LISTEN"
  };

  private State() {}

  /** Whether the peer's FIN has been received, in a connection that is no TIME_WAIT yet. */
  static boolean hasPeersFin(int state) {
    return state == CLOSE_WAIT || state == CLOSING || state == LAST_ACK;
  }

  /** Whether our FIN has been sent, so that one of the next segments ends the connection. */
  static boolean hasOwnFin(int state) {
    return state >= FIN_WAIT_1 && state <= LAST_ACK && state != CLOSE_WAIT;
  }

  public static String name(int state) {
    return NAMES[state];
  }
}
