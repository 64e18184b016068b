package dev.halfopen.report;

/**
 * From a first instant to a last one; {@link #NEVER} for what did not happen.
 *
 * @param firstNs virtual time, -1 for never
 * @param lastNs virtual time, -1 for never
 */
record Span(long firstNs, long lastNs) {
  static final Span NEVER = new Span(-1, -1);

  boolean isNever() {
    return firstNs < 0;
  }

  /** The shortest that holds both. */
  Span plus(Span other) {
    if (isNever() || other.isNever()) {
      return isNever() ? other : this;
    }
    return new Span(Math.min(firstNs, other.firstNs), Math.max(lastNs, other.lastNs));
  }

  /** Without what was before an instant. */
  Span from(long ns) {
    return isNever() ? this : new Span(Math.max(firstNs, ns), Math.max(lastNs, ns));
  }
}
