package dev.halfopen.report;

/** How long a request held its worker after the host behind its connection went away. */
public final class Hangs {
  private Hangs() {}

  /** The longest time in seconds; of those that still wait at the end, until then. */
  public static double longestSeconds(RunResult result) {
    BreakdownTable table = BreakdownTable.of(result);
    return isCutOff(result) ? Math.max(table.longestS(), table.waitedS()) : table.longestS();
  }

  /** Whether some still wait at the end of the run. */
  public static boolean isCutOff(RunResult result) {
    return BreakdownTable.of(result).hanging() > 0;
  }

  /** Whether the scenario has such requests at all: application servers and a fault. */
  public static boolean areKnown(RunResult result) {
    return !BreakdownTable.of(result).isEmpty();
  }
}
