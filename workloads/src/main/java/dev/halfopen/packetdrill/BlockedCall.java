package dev.halfopen.packetdrill;

import org.jspecify.annotations.Nullable;

/** A system call that has been made and may still wait. */
final class BlockedCall {
  private final int line;
  private final Script.Call call;
  private final Calls.Attempt attempt;
  private final long startUs;
  private final long returnUs;
  private boolean returned;
  private @Nullable String wrong;

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

  /** Tries it again; what is wrong with its result or time is kept for {@link #verdict}. */
  boolean returns(long nowUs, Tolerance tolerance) {
    long result = returned ? 0 : attempt.go();
    if (returned || result == Calls.WAITS) {
      return returned;
    }
    returned = true;
    wrong = difference(result);
    if (wrong == null && Math.abs(nowUs - returnUs) > tolerance.us(returnUs - startUs)) {
      wrong =
          "scripted to return at "
              + Tolerance.seconds(returnUs)
              + ", returned at "
              + Tolerance.seconds(nowUs);
    }
    return true;
  }

  boolean hasReturned() {
    return returned;
  }

  /** Fails if it did not return what and when the script says. */
  void verdict() {
    if (wrong != null) {
      throw new ScriptException.Failed(line, call.name() + "(): " + wrong);
    }
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
