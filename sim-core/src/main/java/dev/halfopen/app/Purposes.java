package dev.halfopen.app;

/** Purposes of the applications' random numbers; one counter each, at the host that draws. */
final class Purposes {
  static final int ARRIVAL = 101;
  static final int REQUEST_BYTES = 102;
  static final int RESPONSE_BYTES = 103;
  static final int METHOD = 104;
  static final int CLOCK_PHASE = 105;
  static final int CLOSE_DELAY = 106;
  static final int SERVICE_TIME = 107;
  static final int SERVER_BYTES = 108;
  static final int FIN_DELAY = 109;
  static final int FORGED_SOURCE = 110;
  static final int FORGED_SEQUENCE = 111;
  static final int FORGED_ANSWERS = 112;
  static final int ACCEPT_TIME = 113;
  static final int QUERY_TIME = 130;
  static final int POOL_VARIANCE = 131;
  static final int POOL_LEAK = 132;
  static final int CPU_TIME = 133;
  static final int RETRY_JITTER = 134;
  static final int HELD_GROUP = 140;
  static final int NOT_RANDOM = 0;

  private Purposes() {}
}
