package dev.halfopen.tcp;

/**
 * A change of the kernel's TCP that a rule of the model hangs on, and the version that has it
 * first. A {@link KernelProfile} says which of them it has.
 */
public enum KernelChange {
  /**
   * The SYN queue is full when it holds more than the backlog ({@code
   * inet_csk_reqsk_queue_is_full}), no longer when the power of two that {@code reqsk_queue_alloc}
   * made of it is.
   */
  SYN_QUEUE_AS_LONG_AS_BACKLOG("4.4"),

  /**
   * Each request has a timer ({@code reqsk_timer_handler}); before, a listener looked through its
   * requests every 0.2 s ({@code inet_csk_reqsk_queue_prune}).
   */
  TIMER_OF_EACH_REQUEST("4.4"),

  /** A full accept queue drops every SYN, however few requests are young. */
  FULL_ACCEPT_QUEUE_DROPS_SYN("4.10"),

  /** An ACK below sndUna is measured by what was ever acknowledged too, {@code tcp_ack}. */
  OLD_ACK_WITHIN_ACKED_BYTES("6.7"),

  /** shutdown() of crossed SYNs waits for the handshake's end, {@code tcp_shutdown}. */
  SHUTDOWN_AFTER_HANDSHAKE("6.9"),

  /** A pure ACK of old data that PAWS rejects is dropped without a word, PAWSOldAck. */
  OLD_PAWS_ACK_UNANSWERED("6.14"),

  /** A request's segments must echo what its SYN-ACKs said, {@code tcp_check_req}. */
  REQUEST_CHECKS_ECHO("6.15"),

  /** PAWS in TIME_WAIT has a counter of its own, PAWSTimewait. */
  PAWS_COUNTER_OF_TIME_WAIT("6.16");

  private final String since;

  KernelChange(String since) {
    this.since = since;
  }

  /** The first version that has it. */
  public String since() {
    return since;
  }
}
