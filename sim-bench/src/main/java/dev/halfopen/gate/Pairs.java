package dev.halfopen.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * How far the gate's rule can be trusted: {@code Pairs LOG...} takes the pairs that full runs
 * between identical trees have printed and draws from them, with replacement, runs of the gate that
 * might as well have happened: as they are, which must pass, and with the tree slower by a planted
 * share, which must fail. What a plant adds is CPU time in proportion to what was spent, so that it
 * shifts a log ratio and changes nothing else about it.
 */
public final class Pairs {
  private static final String PREFIX = "gate: pair ";
  private static final int RUNS = 1000;
  private static final double[] PLANTED = {0, 0.05, 0.10, 0.12, 0.15, 0.20};
  private static final long SEED = 7;

  private Pairs() {}

  static String line(String load, double logRatio) {
    return String.format(Locale.ROOT, PREFIX + "%s %.6f", load, logRatio);
  }

  public static void main(String[] args) throws IOException {
    Map<String, List<Double>> byLoad = new TreeMap<>();
    for (String file : args) {
      for (String line : Files.readAllLines(Path.of(file))) {
        if (line.startsWith(PREFIX)) {
          String[] words = line.substring(PREFIX.length()).split(" ", -1);
          byLoad.computeIfAbsent(words[0], k -> new ArrayList<>()).add(Double.valueOf(words[1]));
        }
      }
    }
    System.out.println("| Load | pairs | planted | fail | pairs needed, mean |");
    System.out.println("| --- | --- | --- | --- | --- |");
    byLoad.forEach(
        (load, ratios) -> {
          for (double planted : PLANTED) {
            System.out.println(row(load, ratios, planted));
          }
        });
  }

  private static String row(String load, List<Double> ratios, double planted) {
    SplittableRandom random = new SplittableRandom(SEED);
    int failed = 0;
    long pairs = 0;
    for (int run = 0; run < RUNS; run++) {
      List<Double> drawn = new ArrayList<>();
      failed += verdict(ratios, Math.log1p(planted), random, drawn) == Verdict.FAIL ? 1 : 0;
      pairs += drawn.size();
    }
    return String.format(
        Locale.ROOT,
        "| %s | %d | %.0f %% | %d of %d | %.1f |",
        load,
        ratios.size(),
        planted * 100,
        failed,
        RUNS,
        pairs / (double) RUNS);
  }

  /** One run of the gate on drawn pairs, which it leaves in {@code drawn}. */
  static Verdict verdict(
      List<Double> ratios, double shift, SplittableRandom random, List<Double> drawn) {
    Verdict verdict = Verdict.UNDECIDED;
    while (verdict == Verdict.UNDECIDED) {
      drawn.add(ratios.get(random.nextInt(ratios.size())) + shift);
      verdict = Verdict.of(drawn);
    }
    return verdict;
  }
}
