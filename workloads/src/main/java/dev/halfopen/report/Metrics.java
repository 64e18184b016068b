package dev.halfopen.report;

import dev.halfopen.scenario.MetricSpec;
import dev.halfopen.scenario.ValueKind;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** Finds the numbers that thresholds and sweeps name in the result of a run. */
public final class Metrics {
  private Metrics() {}

  /**
   * The value in base units: ns, a share of 1, a count; NaN where there was nothing to measure.
   *
   * @param kind a share or a count, where the metric can be either
   */
  public static double value(MetricSpec metric, ValueKind kind, RunResult result) {
    if (metric.name().equals("ports")) {
      return ports(metric, kind, result);
    }
    if (metric.isResource()) {
      return ResourceMetric.value(metric, kind, result);
    }
    LoadResult load =
        result.loads().stream()
            .filter(l -> l.name().equals(metric.subject()))
            .findFirst()
            .orElseThrow();
    double count =
        switch (metric.name()) {
          case "offered" -> load.offered();
          case "succeeded" -> load.succeeded();
          case "failed" -> load.failed();
          case "unfinished" -> load.unfinished();
          case "outage" -> load.longestOutageNs();
          case "recovery" -> Math.max(0, load.lastFailureSeenNs() - metric.instantNs());
          default -> time(metric, load);
        };
    return kind == ValueKind.SHARE
        ? (load.offered() == 0 ? Double.NaN : count / load.offered())
        : count;
  }

  /** A request that still waits at the end takes at least as long as it has waited. */
  private static double time(MetricSpec metric, LoadResult load) {
    Optional<LatencyResult> times =
        load.latencies().stream()
            .filter(l -> l.name().equals(metric.name().replace("latency", "request")))
            .findFirst();
    Histogram h = times.orElseThrow().total();
    boolean max = metric.statistic().equals("max");
    double waits =
        metric.name().equals("timeToFailure") && max ? (double) load.oldestUnfinishedNs() : 0;
    if (h.getTotalCount() == 0) {
      return waits > 0 ? waits : Double.NaN;
    }
    return max
        ? Math.max(waits, (double) h.getMaxValue())
        : (double) h.getValueAtPercentile(metric.percentile());
  }

  /** The tightest of all hosts and destinations that the metric names. */
  private static double ports(MetricSpec metric, ValueKind kind, RunResult result) {
    String group = metric.argument().substring(0, metric.argument().lastIndexOf(':'));
    String port = metric.argument().substring(group.length() + 1);
    List<String> froms =
        result.scenario().world().group(metric.subject()).stream().map(h -> h.name()).toList();
    List<String> tos = result.scenario().world().group(group).stream().map(h -> h.name()).toList();
    double most = Double.NaN;
    for (PortUse use : result.ports()) {
      if (froms.contains(use.host())
          && tos.contains(use.peer())
          && port.equals(String.valueOf(use.peerPort()))) {
        double value =
            kind == ValueKind.SHARE ? (double) use.peak() / use.limit() : (double) use.peak();
        most = Double.isNaN(most) ? value : Math.max(most, value);
      }
    }
    return most;
  }
}
