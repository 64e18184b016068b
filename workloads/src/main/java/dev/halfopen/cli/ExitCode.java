package dev.halfopen.cli;

/** What the process ends with; scripts rely on it. */
final class ExitCode {
  static final int FINE = 0;

  /** A threshold of the user is missed. */
  static final int THRESHOLD_MISSED = 1;

  static final int BAD_INPUT = 2;
  static final int INTERNAL_OR_SELF_CHECK = 3;
  static final int LIMIT = 4;
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
