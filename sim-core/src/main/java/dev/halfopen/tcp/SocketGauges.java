package dev.halfopen.tcp;

/**
 * How many sockets of each kind a host has, as {@code ss -s} counts them: integers kept at
 * transitions, with their peaks and the instant of the peak.
 */
public final class SocketGauges {
  public static final int ESTABLISHED = 0;
  public static final int SYN_SENT = 1;
  public static final int SYN_RECV = 2;
  public static final int FIN_WAIT_1 = 3;
  public static final int FIN_WAIT_2 = 4;
  public static final int CLOSE_WAIT = 5;
  public static final int CLOSING = 6;
  public static final int LAST_ACK = 7;
  public static final int TIME_WAIT = 8;
  public static final int ORPHANED = 9;
  private static final String[] NAMES = {
    "estab",
    "synSent",
    "synRecv",
    "finWait1",
    "finWait2",
    "closeWait",
    "closing",
    "lastAck",
    "timewait",
    "orphaned"
  };
  public static final int COUNT = NAMES.length;

  /** Where closed sockets stand that somebody's FIN or data is still owed to. */
  static final int ORPHANS = State.COUNT;

  /** What each gauge counts: a {@link State}, or {@link #ORPHANS}. */
  private static final int[] COUNTED = {
    State.ESTABLISHED,
    State.SYN_SENT,
    State.SYN_RECV,
    State.FIN_WAIT_1,
    State.FIN_WAIT_2,
    State.CLOSE_WAIT,
    State.CLOSING,
    State.LAST_ACK,
    State.TIME_WAIT,
    ORPHANS
  };

  /**
   * By state: how many are in it, and after that the most that ever were. CLOSED, where every
   * connection comes from and goes to, is counted with the others and never asked for.
   */
  private final int[] counts = new int[2 * (ORPHANS + 1)];

  private final long[] peakAtNs = new long[ORPHANS + 1];

  public static String name(int gauge) {
    return NAMES[gauge];
  }

  /** One more is in that state, or an orphan. */
  void enter(int state, long nowNs) {
    int n = ++counts[2 * state];
    if (n > counts[2 * state + 1]) {
      peak(state, n, nowNs);
    }
  }

  private void peak(int state, int most, long nowNs) {
    counts[2 * state + 1] = most;
    peakAtNs[state] = nowNs;
  }

  void leave(int state) {
    counts[2 * state]--;
  }

  /** How many are in that state, or orphans. */
  int in(int state) {
    return counts[2 * state];
  }

  public int value(int gauge) {
    return counts[2 * COUNTED[gauge]];
  }

  public int peak(int gauge) {
    return counts[2 * COUNTED[gauge] + 1];
  }

  public long peakAtNs(int gauge) {
    return peakAtNs[COUNTED[gauge]];
  }
}
