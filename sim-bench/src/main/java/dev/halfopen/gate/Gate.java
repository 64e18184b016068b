package dev.halfopen.gate;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares two builds of benchmarks.jar: {@code Gate BASE_JAR TREE_JAR ANNOUNCEMENTS FORM LOAD...},
 * where FORM is {@code full}, {@code together} or {@code short}. Exit 1 if the tree lost, 2 if it
 * could not be measured. See sim-bench/gate.
 *
 * <p>Full: base, tree, tree, base, ... in fresh JVMs, at least {@link Verdict#PAIRS_MIN} pairs of
 * at least {@link #CPU_SECONDS_MIN} of CPU; more up to {@link Verdict#PAIRS_MAX} while undecided.
 * Together: the same, but the two of a pair run at once and share one core, so that whatever else
 * the machine does hits both; for machines that are never quiet (docs/decisions/0014-gate.md).
 * Short: one such round of a second or so, whose times are reported, not judged. In both, figures
 * that do not depend on the machine must be equal or announced.
 */
public final class Gate {
  /** Thread CPU time of a measurement of the full form. */
  private static final double CPU_SECONDS_MIN = 5;

  private static final double SECOND_NS = 1e9;
  private static final double CALIBRATION_MARGIN = 1.15;

  private enum Form {
    FULL,
    TOGETHER,
    SHORT
  }

  private final Side base;
  private final Side tree;
  private final Announcements announcements;
  private final Form form;
  private final PrintStream out;
  private final List<String> faults = new ArrayList<>();

  private Gate(Side base, Side tree, Announcements announcements, Form form, PrintStream out) {
    this.base = base;
    this.tree = tree;
    this.announcements = announcements;
    this.form = form;
    this.out = out;
  }

  public static void main(String[] args) throws InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String plant = System.getProperty("gate.plant", "");
    Form form = Form.valueOf(args[3].toUpperCase(Locale.ROOT));
    List<String> before = form == Form.TOGETHER ? List.of("taskset", "-c", lastCore()) : List.of();
    List<String> planted = plant.isEmpty() ? List.of() : List.of("-Dgate.plant=" + plant);
    try {
      Gate gate =
          new Gate(
              new Side("base", before, java, args[0], List.of()),
              new Side("tree", before, java, args[1], planted),
              Announcements.read(Path.of(args[2])),
              form,
              System.out);
      List<String> loads = List.of(args).subList(4, args.length);
      System.exit(gate.passes(loads.isEmpty() ? GateLoads.NAMES : loads) ? 0 : 1);
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("gate: " + e.getMessage());
      System.exit(2);
    }
  }

  private static String lastCore() {
    return Integer.toString(Runtime.getRuntime().availableProcessors() - 1);
  }

  private boolean passes(List<String> loads) throws IOException, InterruptedException {
    for (String load : loads) {
      judge(load);
    }
    for (String fault : faults) {
      out.println("gate: FAILS: " + fault);
    }
    if (faults.isEmpty()) {
      out.println("gate: passes");
    }
    return faults.isEmpty();
  }

  private void judge(String load) throws IOException, InterruptedException {
    Sample first = base.measure(load, 0);
    Sample same = tree.measure(load, 0);
    List<String> differences = Exactness.differences(first, same, announcements);
    faults.addAll(differences);
    if (form == Form.SHORT) {
      List<Double> ratios = new ArrayList<>();
      ratios.add(logRatio(first, same));
      ratios.add(logRatio(base.measure(load, 0), tree.measure(load, 0)));
      report(load, ratios, same, differences.isEmpty() ? "same work" : "DIFFERS");
      return;
    }
    double seconds =
        Math.max(
            first.seconds(),
            first.seconds() * CPU_SECONDS_MIN * CALIBRATION_MARGIN * SECOND_NS / first.cpuNs());
    List<Double> ratios = new ArrayList<>();
    Verdict verdict = Verdict.UNDECIDED;
    Sample last = same;
    while (verdict == Verdict.UNDECIDED) {
      last = measurePair(load, seconds, ratios.size() % 2 == 0, ratios);
      out.println(Pairs.line(load, ratios.get(ratios.size() - 1)));
      verdict = Verdict.of(ratios);
    }
    report(load, ratios, last, verdict.name().toLowerCase(Locale.ROOT));
    if (verdict == Verdict.FAIL) {
      faults.add(load + " is slower by more than a tenth");
    }
  }

  /** Adds a log ratio; returns the tree's sample. */
  private Sample measurePair(String load, double seconds, boolean baseFirst, List<Double> ratios)
      throws IOException, InterruptedException {
    Side first = baseFirst ? base : tree;
    Side second = baseFirst ? tree : base;
    Sample a;
    Sample b;
    if (form == Form.TOGETHER) {
      Process begun = first.start(load, seconds);
      Process beside = second.start(load, seconds);
      a = first.await(load, begun);
      b = second.await(load, beside);
    } else {
      a = first.measure(load, seconds);
      b = second.measure(load, seconds);
    }
    ratios.add(baseFirst ? logRatio(a, b) : logRatio(b, a));
    return baseFirst ? b : a;
  }

  private static double logRatio(Sample base, Sample tree) {
    return Math.log(tree.cpuNsPerUnit() / base.cpuNsPerUnit());
  }

  private void report(String load, List<Double> ratios, Sample tree, String verdict) {
    Interval i = Interval.of(ratios.stream().mapToDouble(Double::doubleValue).toArray());
    out.printf(
        Locale.ROOT,
        "gate: %-9s tree/base speed %.3f (99 %%: %.3f to %.3f, %d pairs)  %.1f ns each, %.4f packets"
            + " and %.4f events each, digest %s: %s%n",
        load,
        i.speedRatio(),
        Math.exp(-i.high()),
        Math.exp(-i.low()),
        ratios.size(),
        tree.cpuNsPerUnit(),
        tree.packets() / (double) tree.done(),
        tree.events() / (double) tree.done(),
        tree.digest(),
        verdict);
  }
}
