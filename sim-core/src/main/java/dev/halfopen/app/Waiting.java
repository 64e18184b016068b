package dev.halfopen.app;

/** What a request that is unfinished at the end of a run waits for; the keys of {@code waiting}. */
public enum Waiting {
  /**
   * An answer to its SYN, which has been repeated or has taken twice as long as any whole request.
   */
  CONNECT("connect"),

  /** The request has been repeated without an acknowledgement. */
  ACKNOWLEDGEMENT("acknowledgement"),

  /** A response, and for twice as long as any request waited that got one. */
  RESPONSE("response"),

  /** Nothing is wrong so far: the run ended before it could end. */
  IN_FLIGHT("inFlight");

  private static final Waiting[] ALL = values();

  private final String label;

  Waiting(String label) {
    this.label = label;
  }

  /** The key in summary.json. */
  public String label() {
    return label;
  }

  @SuppressWarnings("EnumOrdinal") // never stored beyond a run
  int index() {
    return ordinal();
  }

  static int count() {
    return ALL.length;
  }
}
