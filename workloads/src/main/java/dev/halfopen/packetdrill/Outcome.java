package dev.halfopen.packetdrill;

/**
 * How one script went.
 *
 * @param line of the script where it stopped; 0 where it passed
 * @param detail why; empty where it passed
 */
public record Outcome(String script, Result result, int line, String detail) {
  /** Unsupported is neither pass nor fail. */
  public enum Result {
    PASS("pass"),
    FAIL("fail"),
    UNSUPPORTED("unsupported");

    private final String word;

    Result(String word) {
      this.word = word;
    }

    /** As in --json. */
    public String word() {
      return word;
    }
  }

  static Outcome passed(String script) {
    return new Outcome(script, Result.PASS, 0, "");
  }
}
