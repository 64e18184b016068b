package dev.halfopen.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run with what follows from it: self-checks, reasons, limits, and the verdict in one sentence.
 */
public record Report(
    RunResult result,
    List<Expectation> expectations,
    List<ThresholdResult> thresholds,
    List<Diagnosis> diagnoses,
    long unexplained,
    List<ResourceUse> resources,
    String verdict,
    List<String> notes,
    List<String> warnings) {
  /** What a run leaves out, in the words of the console. */
  static final List<String> NOT_MODELLED = List.of("cpu", "conntrack", "openFiles");

  /** Derives all of it. */
  public static Report of(RunResult result) {
    List<Diagnosis> diagnoses = Diagnostician.examine(result);
    List<Expectation> expectations = Expectations.of(result);
    List<ResourceUse> resources = ResourceUse.of(result);
    List<String> warnings = new ArrayList<>(result.scenario().warnings());
    if (result.isPartial()) {
      warnings.add(
          "partial: ended at " + Figures.secondsText(result.endNs()) + ", " + ended(result));
    }
    return new Report(
        result,
        expectations,
        ThresholdResult.of(result),
        diagnoses,
        Diagnostician.unexplained(result, diagnoses),
        resources,
        Verdict.of(result, diagnoses, resources),
        Notes.of(result),
        warnings);
  }

  private static String ended(RunResult result) {
    return result.ending() == Ending.INTERRUPTED ? "interrupted" : result.endReason();
  }

  /** Self-checks that apply. */
  public List<Expectation> applicable() {
    return expectations.stream().filter(Expectation::isApplicable).toList();
  }

  /** Whether no self-check has missed. */
  public boolean selfCheckHolds() {
    return applicable().stream().allMatch(Expectation::holds);
  }

  /** Whether the user's thresholds hold. */
  public boolean thresholdsHold() {
    return thresholds.stream().allMatch(ThresholdResult::holds);
  }

  Optional<Diagnosis> mainDiagnosis() {
    return diagnoses.stream().findFirst();
  }
}
