package dev.halfopen.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** The self-checks of all workloads; those of a new one are a line here. */
final class Expectations {
  private static final List<WorkloadExpectations> ALL =
      List.of(
          PortExhaustionExpectations::of,
          ReuseExpectations::of,
          FanOutExpectations::of,
          SynFloodExpectations::of,
          AcceptOverflowExpectations::of,
          RtoLadderExpectations::of,
          HalfOpenDbExpectations::of,
          DbFailoverExpectations::of,
          DeadConnectExpectations::of,
          ScaleExpectations::of);

  /** How many standard deviations a random value may be off. */
  static final double SIGMAS = 4;

  private Expectations() {}

  static List<Expectation> of(RunResult result) {
    List<Expectation> all = new ArrayList<>();
    ALL.forEach(e -> all.addAll(e.of(result)));
    return all;
  }

  /** The times of one load: "request", "connect" or "timeToFailure". */
  static Optional<Histogram> times(RunResult result, String load, String metric) {
    String name = result.loads().size() > 1 ? load + "." + metric : metric;
    return result.latencies().stream()
        .filter(l -> l.name().equals(name))
        .findFirst()
        .map(LatencyResult::total);
  }

  static Optional<LoadResult> load(RunResult result, String name) {
    return result.loads().stream().filter(l -> l.name().equals(name)).findFirst();
  }
}
