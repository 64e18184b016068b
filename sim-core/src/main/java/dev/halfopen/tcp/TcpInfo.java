package dev.halfopen.tcp;

/** What getsockopt(TCP_INFO) tells, {@code tcp_get_info}; times in microseconds. */
public final class TcpInfo {
  public static final int OPTION_TIMESTAMPS = 1;
  public static final int OPTION_SACK = 2;
  public static final int OPTION_WINDOW_SCALE = 4;

  /** As the kernel numbers it: ESTABLISHED is 1. */
  public int state;

  public int caState;
  public int retransmits;
  public int probes;
  public int backoff;
  public int options;
  public int sendScale;
  public int receiveScale;
  public long rtoUs;
  public long atoUs;
  public int sendMss;
  public int receiveMss;
  public int unacked;
  public int sacked;
  public int lost;
  public int retransmitted;
  public long rttUs;
  public long rttVariationUs;
  public int slowStartThreshold;
  public int congestionWindow;
  public int advertisedMss;
  public long minRttUs;
  public int notSentBytes;
  public long sendWindow;
  public long receiveWindow;

  /** TCP_ESTABLISHED and so on of the kernel, for a {@link State}. */
  static int kernelState(int state) {
    return switch (state) {
      case State.ESTABLISHED -> 1;
      case State.SYN_SENT -> 2;
      case State.SYN_RECV -> 3;
      case State.FIN_WAIT_1 -> 4;
      case State.FIN_WAIT_2 -> 5;
      case State.TIME_WAIT -> 6;
      case State.CLOSE_WAIT -> 8;
      case State.LAST_ACK -> 9;
      case State.LISTEN -> 10;
      case State.CLOSING -> 11;
      default -> 7;
    };
  }
}
