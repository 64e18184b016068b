package dev.halfopen.report;

import dev.halfopen.tcp.SocketGauges;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The answer in one sentence. */
final class Verdict {
  /** As long as a patient user waits. */
  private static final double HANG_S = 60;

  private Verdict() {}

  static String of(RunResult result, List<Diagnosis> diagnoses, List<ResourceUse> resources) {
    String sentence = sentence(result, diagnoses, resources) + hangs(result);
    return switch (result.ending()) {
      case COMPLETE -> sentence;
      case INTERRUPTED ->
          "Interrupted at " + Figures.secondsText(result.endNs()) + ", until then: " + sentence;
      case LIMIT ->
          "Ended at "
              + Figures.secondsText(result.endNs())
              + " by a limit ("
              + result.endReason()
              + "), until then: "
              + sentence;
    };
  }

  private static String sentence(
      RunResult result, List<Diagnosis> diagnoses, List<ResourceUse> resources) {
    LoadResult load = result.total();
    Optional<Diagnosis> stuck = diagnoses.stream().filter(d -> d.unfinished() > 0).findFirst();
    if (load.failed() == 0 && stuck.isPresent()) {
      return "HANGS: "
          + Figures.grouped(stuck.get().unfinished())
          + " of "
          + Figures.grouped(load.offered())
          + (load.offered() == 1 ? " request" : " requests")
          + (stuck.get().unfinished() == 1
              ? " still waits at the end, "
              : " still wait at the end, ")
          + stuck.get().evidence()
          + ".";
    }
    if (load.failed() == 0) {
      return holds(result, load, resources);
    }
    boolean ports = !diagnoses.isEmpty() && diagnoses.get(0).resource().equals("ephemeral ports");
    return ports ? stops(result, load, diagnoses.get(0)) : fails(load, diagnoses);
  }

  /** What a failure counted by its client does not show: who waits on a dead connection longer. */
  private static String hangs(RunResult result) {
    BreakdownTable table = BreakdownTable.of(result);
    String most =
        table.longestS() < HANG_S ? "" : "requests hang up to " + Figures.span(table.longestS());
    String left =
        table.hanging() == 0
            ? ""
            : Figures.grouped(table.hanging())
                + " still hang at the end, "
                + Figures.span(table.waitedS())
                + " later";
    String both = most + (most.isEmpty() || left.isEmpty() ? "" : "; ") + left;
    return both.isEmpty() ? "" : " At the fault " + both + ".";
  }

  private static String stops(RunResult result, LoadResult load, Diagnosis ports) {
    List<PortUse> exhausted = result.ports().stream().filter(PortUse::isExhausted).toList();
    PortUse port = exhausted.get(0);
    long timeWait = result.host(port.host()).map(h -> h.peak(SocketGauges.TIME_WAIT)).orElse(0L);
    long limit = exhausted.stream().mapToLong(PortUse::limit).sum();
    return "STOPS at "
        + Figures.secondsText(ports.fromNs())
        + ": "
        + port.host()
        + " has no free port to "
        + EphemeralPortsRule.destinations(exhausted)
        + " ("
        + Figures.grouped(Math.min(timeWait, limit))
        + " of "
        + Figures.grouped(limit)
        + " in TIME_WAIT)."
        + then(result, load);
  }

  private static String then(RunResult result, LoadResult load) {
    Optional<ProxyShape> shape = ProxyShape.of(result.scenario().world());
    if (shape.isEmpty()) {
      return "";
    }
    double offered = shape.get().ratePerSecond();
    Optional<Double> sustained = SustainedRate.measure(load, shape.get().timeWaitLife());
    if (sustained.isPresent() && sustained.get() < 0.98 * offered) {
      return " Then "
          + Figures.rate(sustained.get())
          + " of "
          + Figures.rate(offered)
          + " requests/s get through.";
    }
    return " "
        + Figures.grouped(load.failed())
        + " of "
        + Figures.grouped(load.offered())
        + " requests fail.";
  }

  private static String fails(LoadResult load, List<Diagnosis> diagnoses) {
    List<Diagnosis> reasons = diagnoses.stream().filter(d -> d.failed() > 0).toList();
    Diagnosis main = reasons.isEmpty() ? null : reasons.get(0);
    long failed = main == null ? load.failed() : main.failed();
    return "FAILS from "
        + Figures.secondsText(main == null ? load.firstFailureNs() : main.fromNs())
        + " on: "
        + Figures.grouped(failed)
        + " of "
        + Figures.grouped(load.offered())
        + " requests, "
        + (main == null ? load.mainCause() : main.evidence())
        + (main == null ? "" : others(load, main, reasons))
        + ".";
  }

  /**
   * What failed for other reasons, with that for which failures began earlier than for the main.
   */
  private static String others(LoadResult load, Diagnosis main, List<Diagnosis> reasons) {
    Optional<Diagnosis> earlier =
        reasons.stream()
            .min(Comparator.comparingLong(Diagnosis::fromNs))
            .filter(d -> d.fromNs() < main.fromNs());
    long rest = load.failed() - main.failed() - earlier.map(Diagnosis::failed).orElse(0L);
    return earlier
            .map(
                d ->
                    "; from "
                        + Figures.secondsText(d.fromNs())
                        + " on already "
                        + Figures.grouped(d.failed())
                        + ", "
                        + d.evidence())
            .orElse("")
        + (rest == 0 ? "" : "; " + Figures.grouped(rest) + " for other reasons");
  }

  private static String holds(RunResult result, LoadResult load, List<ResourceUse> resources) {
    String none =
        "HOLDS: none of "
            + Figures.grouped(load.offered())
            + " requests fails in "
            + Figures.rate(Figures.seconds(result.endNs()))
            + " s";
    Optional<ResourceUse> tightest = resources.stream().findFirst();
    if (tightest.isEmpty()) {
      return none + ".";
    }
    ResourceUse use = tightest.get();
    String what =
        use.host() + " " + use.resource() + (use.detail().isEmpty() ? "" : " " + use.detail());
    return none
        + "; tightest is "
        + what
        + ", "
        + Figures.grouped(use.peak())
        + " of "
        + Figures.grouped(use.limit())
        + " at the most ("
        + Figures.percent(1 - use.share())
        + " left).";
  }
}
