package dev.halfopen.report;

import java.util.Optional;

/**
 * What must come out of a run, known beforehand, and what came out.
 *
 * @param kind "closed form", "measured" or "documented"
 * @param bounds empty where the expectation does not apply
 * @param simulated empty where the run did not get that far
 * @param unit "s", "/s", "" for counts
 * @param notApplicable why, "" if it applies
 */
public record Expectation(
    String name,
    String kind,
    Optional<Bounds> bounds,
    Optional<Double> simulated,
    String unit,
    String source,
    String notApplicable) {
  public static final String CLOSED_FORM = "closed form";
  public static final String MEASURED = "measured";

  /** Expected value and what is still right. */
  public record Bounds(double expected, double low, double high) {
    static Bounds exactly(double value) {
      return new Bounds(value, value, value);
    }
  }

  static Expectation applies(
      String name, Bounds bounds, Optional<Double> simulated, String unit, String source) {
    return new Expectation(name, CLOSED_FORM, Optional.of(bounds), simulated, unit, source, "");
  }

  /** What a real kernel was measured to do. */
  static Expectation measured(
      String name, Bounds bounds, Optional<Double> simulated, String unit, String source) {
    return new Expectation(name, MEASURED, Optional.of(bounds), simulated, unit, source, "");
  }

  /** A count that must be 0. */
  static Expectation none(String name, Optional<Long> simulated, String kind, String source) {
    return new Expectation(
        name,
        kind,
        Optional.of(Bounds.exactly(0)),
        simulated.map(Long::doubleValue),
        "",
        source,
        "");
  }

  static Expectation doesNotApply(String name, String unit, String reason) {
    return new Expectation(name, CLOSED_FORM, Optional.empty(), Optional.empty(), unit, "", reason);
  }

  public boolean isApplicable() {
    return bounds.isPresent();
  }

  /** Whether the simulated value lies within the bounds; false too where there is none. */
  public boolean holds() {
    return bounds.isPresent()
        && simulated.isPresent()
        && simulated.get() >= bounds.get().low()
        && simulated.get() <= bounds.get().high();
  }
}
