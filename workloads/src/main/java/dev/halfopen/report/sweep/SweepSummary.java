package dev.halfopen.report.sweep;

import dev.halfopen.report.Figures;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** What the seeds of each point have in common: points.csv, the merged histograms. */
public final class SweepSummary {
  private static final int DIGITS = 6;
  private static final double MS_NS = 1e6;

  /** With none of n, the share is below 3 / n with 95 % confidence. */
  private static final double RULE_OF_THREE = 3;

  private final SweepPlan plan;
  private final SweepStore store;
  private final int failedColumn;

  public SweepSummary(SweepPlan plan, SweepStore store) {
    this.plan = plan;
    this.store = store;
    this.failedColumn = plan.measures().stream().map(Measure::name).toList().indexOf("failed");
  }

  public SweepPlan plan() {
    return plan;
  }

  /** A measure at a point over the seeds. */
  public Spread spread(Point point, Measure measure) {
    int column = plan.measures().indexOf(measure);
    return Spread.of(measure, values(point, column));
  }

  private List<String> values(Point point, int column) {
    return store.rows(point).stream()
        .filter(r -> r.error().isEmpty())
        .map(r -> r.values().get(column))
        .toList();
  }

  /** The first error of a point, "" without one. */
  public String error(Point point) {
    return store.rows(point).stream()
        .map(RunRow::error)
        .filter(e -> !e.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** Runs of a point that came to something. */
  public int runs(Point point) {
    return (int) store.rows(point).stream().filter(r -> r.error().isEmpty()).count();
  }

  /**
   * The measure's difference from the first point, paired by seed: the same seed has the same
   * arrivals.
   */
  public Spread difference(Point point, Measure measure) {
    int column = plan.measures().indexOf(measure);
    Map<Long, String> base = new LinkedHashMap<>();
    store
        .rows(plan.grid().points().get(0))
        .forEach(r -> base.put(r.seed(), r.values().get(column)));
    List<String> differences = new ArrayList<>();
    for (RunRow row : store.rows(point)) {
      double d =
          Spread.number(row.values().get(column))
              - Spread.number(base.getOrDefault(row.seed(), ""));
      if (!Double.isNaN(d)) {
        differences.add(Double.toString(d));
      }
    }
    return Spread.of(measure, differences);
  }

  /** points.csv. */
  public String pointsCsv() {
    List<String> head = new ArrayList<>(List.of("point"));
    head.addAll(plan.grid().keys().keySet());
    head.addAll(List.of("n", "errors", "seeds with failures", "share low95", "share high95"));
    for (Measure m : plan.measures()) {
      head.add(m.column() + (m.isPercentile() ? " median" : " mean"));
      head.add(m.column() + " low95");
      head.add(m.column() + " high95");
      head.add(m.column() + " difference");
      head.add(m.column() + " difference low95");
      head.add(m.column() + " difference high95");
    }
    StringBuilder out = new StringBuilder(Csv.line(head));
    for (Point point : plan.grid().points()) {
      out.append(Csv.line(cells(point)));
    }
    return out.toString();
  }

  private List<String> cells(Point point) {
    List<String> cells = new ArrayList<>(List.of(Integer.toString(point.index())));
    cells.addAll(point.settings().values());
    int n = runs(point);
    cells.add(Integer.toString(n));
    cells.add(Integer.toString(store.rows(point).size() - n));
    cells.addAll(failing(point));
    for (Measure m : plan.measures()) {
      cells.addAll(cells(spread(point, m)));
      cells.addAll(cells(difference(point, m)));
    }
    return cells;
  }

  /** How many seeds had a request that failed, and the interval of that share. */
  private List<String> failing(Point point) {
    List<String> failed = values(point, failedColumn);
    double[] ones = failed.stream().mapToDouble(v -> Spread.number(v) > 0 ? 1 : 0).toArray();
    int count = (int) java.util.Arrays.stream(ones).sum();
    if (ones.length == 0) {
      return List.of("0", "", "");
    }
    if (count == 0) {
      double high = Math.min(1, RULE_OF_THREE / ones.length);
      return List.of("0", "0", "<" + Figures.number(high, DIGITS));
    }
    Spread share = Spread.mean(ones);
    if (Double.isNaN(share.low())) {
      return List.of(Integer.toString(count), "", "");
    }
    return List.of(
        Integer.toString(count),
        Figures.number(Math.max(0, share.low()), DIGITS),
        Figures.number(Math.min(1, share.high()), DIGITS));
  }

  private static List<String> cells(Spread spread) {
    String bound = spread.isLowerBound() ? ">=" : "";
    return List.of(bound + text(spread.middle()), bound + text(spread.low()), text(spread.high()))
        .stream()
        .map(c -> c.equals(">=") ? "" : c)
        .toList();
  }

  private static String text(double value) {
    return Double.isNaN(value) ? "" : Figures.number(value, DIGITS);
  }

  /** latency.hlog: for every point and metric one histogram, the sum of all seeds. */
  public byte[] hlog() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      HistogramLogWriter writer = new HistogramLogWriter(out);
      writer.outputComment("[all seeds of a point together; values in ns]");
      writer.outputLogFormatVersion();
      writer.outputLegend();
      for (Point point : plan.grid().points()) {
        merged(point)
            .forEach(
                (metric, h) -> {
                  h.setTag("point-" + point.index() + "-" + metric);
                  writer.outputIntervalHistogram(0.0, 1.0, h, MS_NS);
                });
      }
    }
    return bytes.toByteArray();
  }

  /** The histograms of a point's seeds added up, by metric. */
  public Map<String, Histogram> merged(Point point) {
    Map<String, Histogram> sums = new LinkedHashMap<>();
    for (RunRow row : store.rows(point)) {
      for (Map.Entry<String, String> e : row.histograms().entrySet()) {
        Histogram next = decoded(e.getValue());
        Histogram sum = sums.get(e.getKey());
        if (sum == null) {
          sums.put(e.getKey(), next);
        } else {
          sum.add(next);
        }
      }
    }
    return sums;
  }

  private static Histogram decoded(String base64) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
      return Histogram.decodeFromCompressedByteBuffer(buffer, 0);
    } catch (DataFormatException e) {
      throw new IllegalStateException("histograms.csv is damaged", e);
    }
  }
}
