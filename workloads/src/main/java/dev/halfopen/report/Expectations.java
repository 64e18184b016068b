package dev.halfopen.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * What must come out of a run, by the shape of its scenario, whatever its name; an expectation that
 * a changed parameter makes void says why.
 */
final class Expectations {
  /** How many standard deviations a random value may be off. */
  static final double SIGMAS = 4;

  private Expectations() {}

  static List<Expectation> of(RunResult result) {
    List<Expectation> all = new ArrayList<>(PortExhaustionExpectations.of(result));
    all.addAll(ReuseExpectations.of(result));
    all.addAll(FanOutExpectations.of(result));
    all.addAll(SynFloodExpectations.of(result));
    all.addAll(AcceptOverflowExpectations.of(result));
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

  static Expectation none(String name, Optional<Long> simulated, String kind, String source) {
    return new Expectation(
        name,
        kind,
        Optional.of(Expectation.Bounds.exactly(0)),
        simulated.map(Long::doubleValue),
        "",
        source,
        "");
  }
}
