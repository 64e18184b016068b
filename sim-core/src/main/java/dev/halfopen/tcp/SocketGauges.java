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

  private final int[] value = new int[COUNT];
  private final int[] peak = new int[COUNT];
  private final long[] peakAtNs = new long[COUNT];

  public static String name(int gauge) {
    return NAMES[gauge];
  }

  void up(int gauge, long nowNs) {
    int v = ++value[gauge];
    if (v > peak[gauge]) {
      peak[gauge] = v;
      peakAtNs[gauge] = nowNs;
    }
  }

  void down(int gauge) {
    value[gauge]--;
  }

  public int value(int gauge) {
    return value[gauge];
  }

  public int peak(int gauge) {
    return peak[gauge];
  }

  public long peakAtNs(int gauge) {
    return peakAtNs[gauge];
  }
}
