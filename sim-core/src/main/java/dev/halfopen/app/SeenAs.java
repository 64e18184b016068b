package dev.halfopen.app;

/** What the client saw of a failure; the keys of {@code seenAs}. */
public enum SeenAs {
  STATUS_500("500"),
  STATUS_502("502"),
  STATUS_503("503"),
  STATUS_504("504"),
  TIMEOUT("timeout"),
  RESET("reset"),

  /** The server closed without answering. */
  CLOSED("closed"),

  /** connect() failed at the client: at once, refused or timed out. */
  CONNECT("connect"),
  OTHER("other");

  private static final SeenAs[] ALL = values();

  private final String label;

  SeenAs(String label) {
    this.label = label;
  }

  /** The key in summary.json. */
  public String label() {
    return label;
  }

  /** Its place in counter arrays. */
  @SuppressWarnings("EnumOrdinal") // never stored beyond a run
  int index() {
    return ordinal();
  }

  public static int count() {
    return ALL.length;
  }

  static SeenAs of(int index) {
    return ALL[index];
  }

  static SeenAs ofStatus(int status) {
    return switch (status) {
      case 500 -> STATUS_500;
      case 502 -> STATUS_502;
      case 503 -> STATUS_503;
      case 504 -> STATUS_504;
      default -> OTHER;
    };
  }
}
