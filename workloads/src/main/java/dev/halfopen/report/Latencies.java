package dev.halfopen.report;

import dev.halfopen.app.LoadStats;
import dev.halfopen.metrics.LatencyRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/** Brings the recorders of all loads together. */
final class Latencies {
  private static final List<Function<LoadStats, LatencyRecorder>> METRICS =
      List.of(LoadStats::request, LoadStats::timeToFailure, LoadStats::connect);

  private Latencies() {}

  /** Ends the recorders' last interval; once, at the end of a run. */
  static List<LatencyResult> of(List<LoadStats> loads, long endNs) {
    List<LatencyResult> results = new ArrayList<>();
    for (Function<LoadStats, LatencyRecorder> metric : METRICS) {
      results.add(merged(loads.stream().map(metric).toList(), endNs));
    }
    if (loads.size() > 1) {
      for (LoadStats load : loads) {
        METRICS.forEach(metric -> results.add(ofOne(load.name(), metric.apply(load))));
      }
    }
    return results;
  }

  /** Of one load; its recorders stay as they are. */
  static List<LatencyResult> of(LoadStats load) {
    List<LatencyResult> results = new ArrayList<>();
    for (Function<LoadStats, LatencyRecorder> metric : METRICS) {
      LatencyRecorder recorder = metric.apply(load);
      results.add(new LatencyResult(recorder.name(), recorder.total(), "", recorder.overflows()));
    }
    return results;
  }

  /** Of one load, "customers.connect"; the lines of the log have it among all others. */
  private static LatencyResult ofOne(String load, LatencyRecorder recorder) {
    return new LatencyResult(
        load + "." + recorder.name(), recorder.total(), "", recorder.overflows());
  }

  private static LatencyResult merged(List<LatencyRecorder> recorders, long endNs) {
    Histogram total = recorders.get(0).total();
    total.reset();
    StringBuilder lines = new StringBuilder();
    long overflows = 0;
    for (LatencyRecorder recorder : recorders) {
      recorder.finish(endNs);
      total.add(recorder.total());
      lines.append(recorder.hlogLines());
      overflows += recorder.overflows();
    }
    return new LatencyResult(recorders.get(0).name(), total, lines.toString(), overflows);
  }
}
