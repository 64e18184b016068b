package dev.halfopen.report;

import java.util.ArrayList;
import java.util.List;

/** The self-checks of all workloads; those of a new one are a line here. */
final class Expectations {
  private static final List<WorkloadExpectations> ALL =
      List.of(
          PortExhaustionExpectations::of,
          RtoLadderExpectations::of,
          HalfOpenDbExpectations::of,
          DbFailoverExpectations::of);

  private Expectations() {}

  static List<Expectation> of(RunResult result) {
    List<Expectation> all = new ArrayList<>();
    ALL.forEach(e -> all.addAll(e.of(result)));
    return all;
  }
}
