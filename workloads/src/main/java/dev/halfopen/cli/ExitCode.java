package dev.halfopen.cli;

/** What the process ends with; scripts rely on it. */
final class ExitCode {
  static final int FINE = 0;
  static final int BAD_INPUT = 2;
  static final int INTERNAL_OR_SELF_CHECK = 3;
  static final int LIMIT = 4;
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
