package dev.halfopen.report;

import java.util.List;

/**
 * What a workload is expected to show, computed from its effective parameters; one class for each
 * workload, named in {@link Expectations}.
 */
interface WorkloadExpectations {
  /** Empty where the run is of another shape. */
  List<Expectation> of(RunResult result);
}
