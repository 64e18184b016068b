package dev.halfopen.packetdrill;

/** Why a script stops, with the line of the script it stops at. */
abstract class ScriptException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int line;

  ScriptException(int line, String message) {
    super(message, null, false, false);
    this.line = line;
  }

  int line() {
    return line;
  }

  String detail() {
    return String.valueOf(getMessage());
  }

  /** The stack did otherwise than the script says, or the script is no script. */
  static final class Failed extends ScriptException {
    private static final long serialVersionUID = 1;

    Failed(int line, String message) {
      super(line, message);
    }
  }

  /** The script asks for something that the front end or the stack does not have. */
  static final class Unsupported extends ScriptException {
    private static final long serialVersionUID = 1;

    Unsupported(int line, String message) {
      super(line, message);
    }
  }
}
