package dev.halfopen.packetdrill;

import org.jspecify.annotations.Nullable;

/** A system call that has been made and may still wait. */
final class BlockedCall {
  private final int line;
  private final Script.Call call;
  private final Calls.Attempt attempt;
  private final long startUs;
  private final long returnUs;

  BlockedCall(int line, Script.Call call, Calls.Attempt attempt, long startUs, long returnUs) {
    this.line = line;
    this.call = call;
    this.attempt = attempt;
    this.startUs = startUs;
    this.returnUs = returnUs;
  }

  String name() {
    return call.name();
  }

  /** The last instant at which it may return. */
  long latestUs(Tolerance tolerance) {
    return returnUs + tolerance.us(returnUs - startUs);
  }

  /** Tries; false if it still waits. Fails if result or time are not as scripted. */
  boolean returns(long nowUs, Tolerance tolerance) {
    long result = attempt.go();
    if (result == Calls.WAITS) {
      return false;
    }
    String wrong = difference(result);
    if (wrong != null) {
      throw new ScriptException.Failed(line, call.name() + "(): " + wrong);
    }
    if (Math.abs(nowUs - returnUs) > tolerance.us(returnUs - startUs)) {
      throw new ScriptException.Failed(
          line,
          call.name()
              + "(): scripted to return at "
              + Tolerance.seconds(returnUs)
              + ", returned at "
              + Tolerance.seconds(nowUs));
    }
    return true;
  }

  private @Nullable String difference(long result) {
    Long wanted = call.result();
    if (wanted == null) {
      return null;
    }
    String errno = call.errno();
    if (result >= 0) {
      return wanted == result && errno == null
          ? null
          : "expected " + expected() + ", got " + result;
    }
    String name = Values.errnoName((int) -result);
    if (wanted != -1 || errno != null && !errno.equals(name)) {
      return "expected " + expected() + ", got -1 " + name;
    }
    return null;
  }

  private String expected() {
    return call.errno() == null
        ? String.valueOf(call.result())
        : call.result() + " " + call.errno();
  }
}
