package dev.halfopen.oracle;

import org.jspecify.annotations.Nullable;

/**
 * A measured value beside the simulated one.
 *
 * @param holds whether the simulated range lies inside the allowed one; null if the row cannot be
 *     expressed, and then {@code reason} says why
 */
public record OracleRow(
    String experiment,
    String caseName,
    String quantity,
    double measuredMin,
    double measuredMax,
    double allowedMin,
    double allowedMax,
    double simulatedMin,
    double simulatedMax,
    @Nullable Boolean holds,
    @Nullable String reason) {
  static OracleRow of(Measurement m, @Nullable Reading r) {
    if (r == null) {
      return new OracleRow(
          m.experiment(),
          m.caseName(),
          m.quantity(),
          m.min(),
          m.max(),
          m.min(),
          m.max(),
          Double.NaN,
          Double.NaN,
          false,
          "the simulation gave no such value");
    }
    double low = r.lowest(m.min());
    double high = r.highest(m.max());
    return new OracleRow(
        m.experiment(),
        m.caseName(),
        m.quantity(),
        m.min(),
        m.max(),
        low,
        high,
        r.min(),
        r.max(),
        r.isExpressed() ? r.min() >= low && r.max() <= high : null,
        r.reason());
  }

  /** Whether the row was expressed and its value lies outside of what is allowed. */
  public boolean misses() {
    return Boolean.FALSE.equals(holds);
  }

  public boolean isExpressed() {
    return holds != null;
  }

  /** "O1 syn_retries=6 linear=4: SYNs". */
  public String name() {
    return experiment + " " + caseName + ": " + quantity;
  }
}
