package dev.halfopen.report;

import dev.halfopen.scenario.AppServerSpec;
import dev.halfopen.scenario.ConntrackSpec;
import dev.halfopen.scenario.CpuSpec;
import dev.halfopen.scenario.HostSpec;
import dev.halfopen.scenario.HttpServerSpec;
import dev.halfopen.scenario.ReverseProxySpec;
import dev.halfopen.scenario.WorldSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run with what follows from it: self-checks, reasons, limits, and the verdict in one sentence.
 *
 * @param variants the run of the workload whose variants are shown beside this one
 * @param remedies what was tried against each diagnosis; empty without --remedies
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
    List<String> warnings,
    Optional<Report> variants,
    Map<Diagnosis, List<RemedyOutcome>> remedies) {
  /** Derives all of it. */
  public static Report of(RunResult result) {
    Diagnostician.Findings findings = Diagnostician.examine(result);
    List<Diagnosis> diagnoses = findings.diagnoses();
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
        findings.unexplained(),
        resources,
        Verdict.of(result, diagnoses, resources),
        Notes.of(result),
        warnings,
        Optional.empty(),
        Map.of());
  }

  /** With what was simulated beside it. */
  public Report withVariants(Optional<Report> run) {
    return with(run, remedies);
  }

  /** With what the remedies of each diagnosis came to. */
  public Report withRemedies(Map<Diagnosis, List<RemedyOutcome>> outcomes) {
    return with(variants, outcomes);
  }

  private Report with(Optional<Report> run, Map<Diagnosis, List<RemedyOutcome>> outcomes) {
    return new Report(
        result,
        expectations,
        thresholds,
        diagnoses,
        unexplained,
        resources,
        verdict,
        notes,
        warnings,
        run,
        outcomes);
  }

  /** What to try against a diagnosis of this run. */
  public List<Remedy> remediesFor(Diagnosis diagnosis) {
    return RemedyTable.against(diagnosis, result);
  }

  /** The figures of this run that those of its remedies are to be compared with. */
  RemedyOutcome.Effect effect(Diagnosis diagnosis) {
    return RemedyOutcome.Effect.of(this, group(diagnosis));
  }

  /** The group of the host that a diagnosis names. */
  public String group(Diagnosis diagnosis) {
    return new RemedyScene(result.scenario().world(), diagnosis.host()).group();
  }

  /**
   * What the scenario says nothing of, so that there is no end of it: keys of the language. And
   * tcp_mem, where it says how much memory there is.
   */
  List<String> notModelled() {
    return notModelled(result.scenario().world());
  }

  static List<String> notModelled(WorldSpec world) {
    List<String> out = new ArrayList<>();
    List<HostSpec> hosts = world.hosts();
    if (hosts.stream().noneMatch(h -> h.part(CpuSpec.class).isPresent())) {
      out.add("cpu");
    }
    if (hosts.stream().noneMatch(h -> h.part(ConntrackSpec.class).isPresent())) {
      out.add("conntrack");
    }
    if (hosts.stream().noneMatch(Report::countsFiles)) {
      out.add("openFiles");
    }
    if (hosts.stream().anyMatch(h -> !h.sysctls().unmodelled().isEmpty())) {
      out.add("tcp_mem");
    }
    return out;
  }

  private static boolean countsFiles(HostSpec host) {
    return host.apps(ReverseProxySpec.class).stream().anyMatch(p -> p.limits().openFiles() > 0)
        || host.apps(AppServerSpec.class).stream().anyMatch(s -> s.limits().openFiles() > 0)
        || host.apps(HttpServerSpec.class).stream().anyMatch(s -> s.limits().openFiles() > 0);
  }

  private static String ended(RunResult result) {
    return result.ending() == Ending.INTERRUPTED ? "interrupted" : result.endReason();
  }

  /** Self-checks that apply. */
  public List<Expectation> applicable() {
    return expectations.stream().filter(Expectation::isApplicable).toList();
  }

  /** Whether no self-check has missed, those of its variants included. */
  public boolean selfCheckHolds() {
    return applicable().stream().allMatch(Expectation::holds)
        && variants.map(Report::selfCheckHolds).orElse(true);
  }

  /** Whether one of the user's thresholds is missed. */
  public boolean missesThreshold() {
    return thresholds.stream().anyMatch(ThresholdResult::isMissed);
  }

  /** Whether the run went on for long enough to judge all thresholds. */
  public boolean reachesThresholds() {
    return thresholds.stream().allMatch(ThresholdResult::isReached);
  }

  Optional<Diagnosis> mainDiagnosis() {
    return diagnoses.stream().findFirst();
  }
}
