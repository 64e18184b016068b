package dev.halfopen.claims;

/** The small world behind a claim. */
@FunctionalInterface
interface Simulation {
  /** Runs it and puts what it showed into {@code evidence}. */
  void run(Evidence evidence);
}
