package dev.halfopen.report;

import dev.halfopen.scenario.MetricSpec;
import dev.halfopen.scenario.ThresholdSpec;
import dev.halfopen.scenario.ValueKind;
import java.util.List;
import java.util.Set;

/**
 * A threshold of the user, judged at the end of a run.
 *
 * @param value in base units: ns, a share of 1, a count; NaN where there was nothing to measure
 */
public record ThresholdResult(ThresholdSpec spec, double value, Judgement judgement) {
  /** What only grows in the course of a run; its parts may be read early, its shares may not. */
  private static final Set<String> GROWING =
      Set.of("offered", "succeeded", "failed", "outage", "recovery");

  /** What came of it. */
  public enum Judgement {
    HOLDS("holds"),
    MISSED("MISSED"),

    /** The run ended before it could be told. */
    NOT_REACHED("not reached");

    private final String words;

    Judgement(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

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
    boolean isReached =
        !spec.metric().name().equals("recovery") || spec.metric().instantNs() < result.endNs();
    boolean holds = isReached && spec.relation().holds(value, bound);
    Judgement judgement = holds ? Judgement.HOLDS : Judgement.MISSED;
    if (!isReached || (result.isPartial() && !isDecided(spec, holds))) {
      judgement = Judgement.NOT_REACHED;
    }
    return new ThresholdResult(spec, isReached ? value : Double.NaN, judgement);
  }

  /** Whether nothing that the rest of a run may bring can change it. */
  private static boolean isDecided(ThresholdSpec spec, boolean holds) {
    MetricSpec metric = spec.metric();
    boolean grows =
        (GROWING.contains(metric.name()) && spec.bound().kind() != ValueKind.SHARE)
            || metric.statistic().equals("max")
            || metric.statistic().equals("peak");
    return grows
        && switch (spec.relation()) {
          case LESS, AT_MOST -> !holds;
          case MORE, AT_LEAST -> holds;
          case EQUAL, UNEQUAL -> false;
        };
  }

  public boolean holds() {
    return judgement == Judgement.HOLDS;
  }

  public boolean isMissed() {
    return judgement == Judgement.MISSED;
  }

  public boolean isReached() {
    return judgement != Judgement.NOT_REACHED;
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
