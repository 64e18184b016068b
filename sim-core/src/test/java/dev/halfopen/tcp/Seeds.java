package dev.halfopen.tcp;

import java.util.function.LongConsumer;

/** Seeds of random tests: a range, or the one that {@code -Dhalfopen.seed} names. */
final class Seeds {
  private Seeds() {}

  /** Runs a test for each seed; a failure says how to see it again. */
  static void each(Class<?> test, String method, int count, LongConsumer run) {
    Long only = Long.getLong("halfopen.seed");
    long first = only != null ? only : 1;
    long last = only != null ? only : count;
    for (long seed = first; seed <= last; seed++) {
      try {
        run.accept(seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            e + "\nreproduce: " + command(test, method, "-Dhalfopen.seed=" + seed), e.getCause());
      }
    }
  }

  /** The command that runs one test method with a property. */
  static String command(Class<?> test, String method, String property) {
    return "./mvnw -B -pl sim-core -Plong test -Dtest="
        + test.getSimpleName()
        + "#"
        + method
        + " "
        + property;
  }
}
