package dev.halfopen.report;

import dev.halfopen.scenario.FloodSpec;
import dev.halfopen.scenario.HeldLoad;
import dev.halfopen.scenario.ResponderSpec;
import dev.halfopen.scenario.WorldSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the console shows, and summary.txt: the verdict first, then what supports it. */
public final class SummaryText {
  private static final int LABEL_WIDTH = 17;
  private static final String GAP = "   ";
  private static final int HEADROOM_SHOWN = 8;

  private SummaryText() {}

  /**
   * The whole text.
   *
   * @param files where the files of the run are, "" to leave that line out
   */
  public static String of(Report report, String files) {
    StringBuilder out = new StringBuilder(report.verdict()).append('\n');
    line(out, "requests", requests(report));
    report.mainDiagnosis().ifPresent(d -> line(out, "on a real host", d.onARealHost()));
    line(out, "self-check", selfCheck(report));
    for (Expectation e : report.applicable()) {
      if (!e.holds()) {
        line(out, "", missed(e));
      }
    }
    thresholds(report).forEach(t -> line(out, "threshold", t));
    if (report.unexplained() > 0) {
      line(out, "unexplained", Figures.grouped(report.unexplained()) + " requests");
    }
    headroom(report).forEach(h -> line(out, "headroom", h));
    remedies(out, report);
    List<String> variants = VariantTable.lines(report);
    if (variants.isEmpty() || report.variants().isPresent()) {
      lines(out, "by connection", BreakdownTable.of(report.result()).lines());
    }
    lines(out, "by variant", variants);
    lines(out, "notes", report.notes());
    report.warnings().forEach(warning -> line(out, "warning", warning));
    if (!files.isEmpty()) {
      line(out, "files", files);
    }
    return out.toString();
  }

  /** What is left of every resource where nothing broke, the tightest first. */
  private static List<String> headroom(Report report) {
    if (report.diagnoses().stream().anyMatch(d -> d.explains() > 0)) {
      return List.of();
    }
    List<String> all = new ArrayList<>();
    for (ResourceUse use : report.resources()) {
      String detail = use.detail().isEmpty() ? "" : " " + use.detail();
      String left = Figures.percent(Math.max(0, 1 - use.share()));
      all.add(use.host() + " " + use.resource() + detail + " " + left);
    }
    int shown = Math.min(HEADROOM_SHOWN, all.size());
    String more = shown == all.size() ? "" : "; " + (all.size() - shown) + " more in summary.json";
    return all.isEmpty() ? List.of() : List.of(String.join("; ", all.subList(0, shown)) + more);
  }

  private static void remedies(StringBuilder out, Report report) {
    Set<String> shown = new HashSet<>();
    for (Diagnosis d : report.diagnoses()) {
      for (RemedyOutcome outcome : report.remedies().getOrDefault(d, List.of())) {
        if (shown.add(outcome.change())) {
          String label = shown.size() == 1 ? "what helps" : "";
          line(out, label, outcome.change() + ": " + outcome.text(report.effect(d)));
        }
      }
    }
  }

  /** The label stands before the first line only. */
  private static void lines(StringBuilder out, String label, List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      line(out, i == 0 ? label : "", texts.get(i));
    }
  }

  private static void line(StringBuilder out, String label, String text) {
    out.append(label)
        .append(" ".repeat(Math.max(1, LABEL_WIDTH - label.length())))
        .append(text)
        .append('\n');
  }

  private static String requests(Report report) {
    LoadResult load = report.result().total();
    String counts =
        Figures.grouped(load.offered())
            + " offered"
            + GAP
            + Figures.grouped(load.succeeded())
            + " succeeded"
            + GAP
            + Figures.grouped(load.failed())
            + " failed"
            + GAP
            + Figures.grouped(load.unfinished())
            + " unfinished";
    if (load.failed() == 0) {
      return counts;
    }
    return counts
        + "       "
        + causes(load.failures())
        + ", seen as "
        + String.join(", ", present(load.seenAs(), false));
  }

  private static String causes(Map<String, Long> failures) {
    return String.join(", ", present(failures, true));
  }

  private static List<String> present(Map<String, Long> counts, boolean withNumber) {
    List<String> all = new ArrayList<>();
    long kinds = counts.values().stream().filter(v -> v > 0).count();
    counts.forEach(
        (name, count) -> {
          if (count > 0) {
            boolean number = withNumber || kinds > 1;
            all.add(number ? name + " " + Figures.grouped(count) : name);
          }
        });
    return all;
  }

  private static String selfCheck(Report report) {
    List<Expectation> applicable = report.applicable();
    long agree = applicable.stream().filter(Expectation::holds).count();
    String check =
        applicable.isEmpty()
            ? "none applies"
            : agree
                + " of "
                + applicable.size()
                + (agree == applicable.size() ? " agree" : " agree, MISSED:");
    check += report.variants().map(SummaryText::variantCheck).orElse("");
    List<String> left = report.notModelled().stream().map(SummaryText::words).toList();
    return left.isEmpty() ? check : check + "        not modelled: " + String.join(", ", left);
  }

  private static String variantCheck(Report variants) {
    List<Expectation> applicable = variants.applicable();
    long agree = applicable.stream().filter(Expectation::holds).count();
    return "; variants " + agree + " of " + applicable.size() + " agree";
  }

  /**
   * What a run will leave out, to be said before it where there are floods, held connections or
   * responders: real machines might not bear them. "" if it is nothing.
   */
  public static String leftOut(WorldSpec world) {
    List<String> left = Report.notModelled(world).stream().map(SummaryText::words).toList();
    boolean isMuch =
        !world.loads(FloodSpec.class).isEmpty()
            || !world.loads(HeldLoad.class).isEmpty()
            || world.hosts().stream().anyMatch(h -> h.hasApp(ResponderSpec.class));
    if (left.isEmpty() || !isMuch) {
      return "";
    }
    String nic = left.contains("CPU") ? ", network cards" : "";
    return "left out: " + String.join(", ", left) + nic + "; they have no limit and take no time";
  }

  private static String words(String key) {
    return switch (key) {
      case "cpu" -> "CPU";
      case "openFiles" -> "open files";
      default -> key;
    };
  }

  private static List<String> thresholds(Report report) {
    List<String> all = new ArrayList<>();
    for (ThresholdResult t : report.thresholds()) {
      all.add((t.holds() ? "holds   " : "MISSED  ") + t.spec().text() + "   is " + t.valueText());
    }
    return all;
  }

  private static String missed(Expectation e) {
    Expectation.Bounds bounds = e.bounds().orElseThrow();
    String simulated = e.simulated().map(v -> Figures.shortest(v, 3)).orElse("nothing");
    return e.name()
        + ": expected "
        + Figures.shortest(bounds.low(), 3)
        + " to "
        + Figures.shortest(bounds.high(), 3)
        + " "
        + e.unit()
        + " ("
        + e.source()
        + "), simulated "
        + simulated;
  }
}
