package dev.halfopen.report;

import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The times of one metric, in nanoseconds.
 *
 * @param name "request", "timeToFailure", "connect"
 * @param intervals of virtual time in their order; each histogram carries its start and end in ms
 */
public record LatencyResult(String name, Histogram total, List<Histogram> intervals) {
  public LatencyResult {
    intervals = List.copyOf(intervals);
  }
}
