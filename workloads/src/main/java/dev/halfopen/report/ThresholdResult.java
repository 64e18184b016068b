package dev.halfopen.report;

import dev.halfopen.scenario.MetricSpec;
import dev.halfopen.scenario.ThresholdSpec;
import dev.halfopen.scenario.ValueKind;
import java.util.List;

/**
 * A threshold of the user, judged at the end of a run.
 *
 * @param value in base units: ns, a share of 1, a count; NaN where there was nothing to measure
 */
public record ThresholdResult(ThresholdSpec spec, double value, boolean holds) {
  static List<ThresholdResult> of(RunResult result) {
    return result.scenario().world().goals().thresholds().stream()
        .map(spec -> of(spec, result))
        .toList();
  }

  private static ThresholdResult of(ThresholdSpec spec, RunResult result) {
    double bound = spec.bound().base().doubleValue();
    if (spec.bound().kind() == ValueKind.SHARE) {
      bound /= ValueKind.SHARE_ONE;
    }
    double value = Metrics.value(spec.metric(), spec.bound().kind(), result);
    return new ThresholdResult(spec, value, spec.relation().holds(value, bound));
  }

  /** "0.53 %", "1.2 s", "9.615 ms", "17", "nothing to measure". */
  public String valueText() {
    if (Double.isNaN(value)) {
      return "nothing to measure";
    }
    return switch (spec.bound().kind()) {
      case SHARE -> Figures.number(value * 100, 3) + " %";
      case DURATION ->
          value < 1e9
              ? Figures.number(value / 1e6, 3) + " ms"
              : Figures.number(value / 1e9, 3) + " s";
      default -> Figures.number(value, 3);
    };
  }

  /** The value in the unit of summary.json: seconds, a share of 1, a count. */
  double jsonValue() {
    return spec.bound().kind() == ValueKind.DURATION ? value / 1e9 : value;
  }

  MetricSpec metric() {
    return spec.metric();
  }
}
