package dev.halfopen.tcp;

/**
 * Counters with the names that nstat prints from /proc/net/snmp and /proc/net/netstat, counted
 * where the kernel counts them. Indices into a host's counter array.
 */
public final class Mib {
  public static final int ACTIVE_OPENS = 0;
  public static final int PASSIVE_OPENS = 1;
  public static final int ATTEMPT_FAILS = 2;
  public static final int ESTAB_RESETS = 3;
  public static final int IN_SEGS = 4;
  public static final int OUT_SEGS = 5;
  public static final int RETRANS_SEGS = 6;
  public static final int OUT_RSTS = 7;
  public static final int SYNCOOKIES_SENT = 8;
  public static final int SYNCOOKIES_RECV = 9;
  public static final int SYNCOOKIES_FAILED = 10;
  public static final int EMBRYONIC_RSTS = 11;
  public static final int TW = 12;
  public static final int TW_RECYCLED = 13;
  public static final int TW_KILLED = 14;
  public static final int PAWS_ACTIVE = 15;
  public static final int PAWS_ESTAB = 16;
  public static final int DELAYED_ACKS = 17;
  public static final int LISTEN_OVERFLOWS = 18;
  public static final int LISTEN_DROPS = 19;
  public static final int TCP_TIMEOUTS = 20;
  public static final int TCP_LOSS_PROBES = 21;
  public static final int ABORT_ON_DATA = 22;
  public static final int ABORT_ON_CLOSE = 23;
  public static final int ABORT_ON_MEMORY = 24;
  public static final int ABORT_ON_TIMEOUT = 25;
  public static final int ABORT_ON_LINGER = 26;
  public static final int ABORT_FAILED = 27;
  public static final int REQ_Q_FULL_DO_COOKIES = 28;
  public static final int REQ_Q_FULL_DROP = 29;
  public static final int TIME_WAIT_OVERFLOW = 30;
  public static final int CHALLENGE_ACK = 31;
  public static final int SYN_CHALLENGE = 32;
  public static final int KEEPALIVE = 33;
  public static final int SYN_RETRANS = 34;
  public static final int ORIG_DATA_SENT = 35;
  public static final int ACK_SKIPPED_SYN_RECV = 36;
  public static final int ACK_SKIPPED_TIME_WAIT = 37;
  public static final int WIN_PROBE = 38;
  public static final int DEFER_ACCEPT_DROP = 39;
  public static final int CURR_ESTAB = 40;
  public static final int SPURIOUS_RTOS = 41;
  public static final int PAWS_PASSIVE = 44;
  public static final int TCP_PURE_ACKS = 42;
  public static final int ESTABLISHED_OUT_OF_ORDER = 43;
  public static final int TSECR_REJECTED = 45;
  public static final int ACK_SKIPPED_FIN_WAIT_2 = 46;
  public static final int PAWS_TIME_WAIT = 47;
  public static final int PAWS_OLD_ACK = 48;

  private static final String[] NAMES = {
    "TcpActiveOpens",
    "TcpPassiveOpens",
    "TcpAttemptFails",
    "TcpEstabResets",
    "TcpInSegs",
    "TcpOutSegs",
    "TcpRetransSegs",
    "TcpOutRsts",
    "TcpExtSyncookiesSent",
    "TcpExtSyncookiesRecv",
    "TcpExtSyncookiesFailed",
    "TcpExtEmbryonicRsts",
    "TcpExtTW",
    "TcpExtTWRecycled",
    "TcpExtTWKilled",
    "TcpExtPAWSActive",
    "TcpExtPAWSEstab",
    "TcpExtDelayedACKs",
    "TcpExtListenOverflows",
    "TcpExtListenDrops",
    "TcpExtTCPTimeouts",
    "TcpExtTCPLossProbes",
    "TcpExtTCPAbortOnData",
    "TcpExtTCPAbortOnClose",
    "TcpExtTCPAbortOnMemory",
    "TcpExtTCPAbortOnTimeout",
    "TcpExtTCPAbortOnLinger",
    "TcpExtTCPAbortFailed",
    "TcpExtTCPReqQFullDoCookies",
    "TcpExtTCPReqQFullDrop",
    "TcpExtTCPTimeWaitOverflow",
    "TcpExtTCPChallengeACK",
    "TcpExtTCPSYNChallenge",
    "TcpExtTCPKeepAlive",
    "TcpExtTCPSynRetrans",
    "TcpExtTCPOrigDataSent",
    "TcpExtTCPACKSkippedSynRecv",
    "TcpExtTCPACKSkippedTimeWait",
    "TcpExtTCPWinProbe",
    "TcpExtTCPDeferAcceptDrop",
    "TcpCurrEstab",
    "TcpExtTCPSpuriousRTOs",
    "TcpExtTCPPureAcks",
    "TcpExtTCPOFOQueue",
    "TcpExtPAWSPassive",
    "TcpExtTSEcrRejected",
    "TcpExtTCPACKSkippedFinWait2",
    "TcpExtPAWSTimewait",
    "TcpExtPAWSOldAck",
  };

  public static final int COUNT = NAMES.length;

  private Mib() {}

  public static String name(int counter) {
    return NAMES[counter];
  }

  public static String[] names() {
    return NAMES.clone();
  }
}
