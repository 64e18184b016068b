package dev.halfopen.report.html;

import dev.halfopen.report.Figures;
import dev.halfopen.report.sweep.Measure;
import dev.halfopen.report.sweep.Point;
import dev.halfopen.report.sweep.Spread;
import dev.halfopen.report.sweep.SweepPlan;
import dev.halfopen.report.sweep.SweepSummary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * report.html of a sweep: for each quantity a line over the values of a single key, a heat map over
 * two, a heat map for every combination of the others where there are more.
 */
public final class SweepPage {
  private static final Pattern NUMBER = Pattern.compile("(\\d+(?:\\.\\d+)?)([A-Za-z/%]*)");
  private static final int DIGITS = 3;

  /** Values that differ by a small part of themselves are not worth a colour. */
  private static final double LEAST_SPAN = 0.2;

  /** The strongest colour still lets the text be read. */
  private static final double MOST_COLOUR = 55;

  private final SweepSummary summary;
  private final SweepPlan plan;
  private final Markup page = new Markup();
  private final Charts charts = new Charts();

  private SweepPage(SweepSummary summary) {
    this.summary = summary;
    this.plan = summary.plan();
  }

  /** Makes the page of what has been run so far. */
  public static byte[] of(SweepSummary summary) throws IOException {
    return new SweepPage(summary).html().getBytes(StandardCharsets.UTF_8);
  }

  private String html() throws IOException {
    Frame.open(page, plan.name() + ": sweep");
    page.open("header").element("p", plan.name() + ", sweep", "class", "over");
    page.element("h1", title(), "class", "good");
    if (!plan.question().isEmpty()) {
      page.element("p", plan.question(), "class", "question");
    }
    page.close();
    for (Measure measure : plan.shown()) {
      quantity(measure);
    }
    errors();
    page.open("section").element("h2", "Files");
    page.element(
        "p",
        "results.csv has a row for every point and seed, points.csv one for every point with 95 %"
            + " intervals and the difference from point 0, paired by seed; latency.hlog the"
            + " histograms of a point's seeds added up.");
    page.close();
    Frame.close(page, charts);
    return page.html();
  }

  private String title() {
    int runs = plan.grid().points().stream().mapToInt(summary::runs).sum();
    return of(plan.grid().points().size(), "point")
        + ", "
        + of(plan.seeds().size(), "seed")
        + ", "
        + of(runs, "run");
  }

  private static String of(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  private void quantity(Measure measure) {
    String unit = measure.unit().isEmpty() ? "" : ", " + measure.unit();
    page.open("section").element("h2", measure.name() + unit);
    int seeds = plan.seeds().size();
    page.element(
        "p",
        seeds == 1
            ? "Of one run at each point."
            : (measure.isPercentile() ? "Median" : "Mean")
                + " over the seeds with its 95 % interval, where they differ and suffice for one.");
    List<String> keys = List.copyOf(plan.grid().keys().keySet());
    if (keys.size() == 1) {
      line(measure, keys.get(0));
    }
    if (keys.size() < 2) {
      column(measure, keys);
    } else {
      heatMaps(measure, keys);
    }
    page.close();
  }

  /** A line, if the values are numbers of one unit that rise. */
  private void line(Measure measure, String key) {
    List<String> values = plan.grid().keys().getOrDefault(key, List.of());
    double[] x = new double[values.size()];
    for (int i = 0; i < x.length; i++) {
      Matcher m = NUMBER.matcher(values.get(i));
      x[i] = m.matches() ? Double.parseDouble(m.group(1)) : Double.NaN;
      boolean rises = i == 0 || x[i] > x[i - 1];
      if (Double.isNaN(x[i]) || !rises) {
        return;
      }
    }
    double[][] y = new double[3][x.length];
    for (Point point : plan.grid().points()) {
      Spread s = summary.spread(point, measure);
      y[0][point.index()] = s.middle();
      y[1][point.index()] = s.low();
      y[2][point.index()] = s.high();
    }
    if (x.length < 2) {
      return;
    }
    charts
        .values(measure.column() + " over " + key, measure.unit(), x)
        .series(measure.isPercentile() ? "median" : "mean", y[0])
        .series("low95", y[1])
        .series("high95", y[2]);
    page.open("div", "class", "chart", "data-chart", Integer.toString(charts.last())).close();
  }

  private void column(Measure measure, List<String> keys) {
    double[] range = range(measure);
    page.open("div", "class", "scroll").open("table");
    for (Point point : plan.grid().points()) {
      page.open("tr").element("td", keys.isEmpty() ? "as it is" : point.label());
      cell(point, measure, range);
      page.close();
    }
    page.close().close();
  }

  private void heatMaps(Measure measure, List<String> keys) {
    Map<String, List<String>> values = plan.grid().keys();
    List<String> byMost = new ArrayList<>(keys); // as few and as wide maps as can be
    byMost.sort(Comparator.comparingInt(k -> -values.getOrDefault(k, List.of()).size()));
    String columnKey = byMost.get(0);
    String rowKey = byMost.get(1);
    Map<String, List<Point>> maps = new LinkedHashMap<>();
    for (Point point : plan.grid().points()) {
      Map<String, String> others = new LinkedHashMap<>(point.settings());
      others.remove(rowKey);
      others.remove(columnKey);
      maps.computeIfAbsent(new Point(0, others).label(), k -> new ArrayList<>()).add(point);
    }
    double[] range = range(measure);
    maps.forEach((label, points) -> heatMap(measure, label, points, rowKey, columnKey, range));
  }

  private void heatMap(
      Measure measure,
      String label,
      List<Point> points,
      String rowKey,
      String columnKey,
      double[] range) {
    if (!label.isEmpty()) {
      page.element("h3", label);
    }
    List<String> columns = plan.grid().keys().getOrDefault(columnKey, List.of());
    page.open("div", "class", "scroll").open("table").open("tr");
    page.element("th", rowKey + " \\ " + columnKey);
    columns.forEach(c -> page.element("th", c, "class", "number"));
    page.close();
    for (String row : plan.grid().keys().getOrDefault(rowKey, List.of())) {
      page.open("tr").element("td", row);
      for (String column : columns) {
        points.stream()
            .filter(p -> row.equals(p.settings().get(rowKey)))
            .filter(p -> column.equals(p.settings().get(columnKey)))
            .forEach(p -> cell(p, measure, range));
      }
      page.close();
    }
    page.close().close();
  }

  private double[] range(Measure measure) {
    double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (Point point : plan.grid().points()) {
      double middle = summary.spread(point, measure).middle();
      if (!Double.isNaN(middle)) {
        range[0] = Math.min(range[0], middle);
        range[1] = Math.max(range[1], middle);
      }
    }
    return range;
  }

  private void cell(Point point, Measure measure, double[] range) {
    Spread s = summary.spread(point, measure);
    if (s.n() == 0) {
      page.element("td", summary.error(point).isEmpty() ? "none" : "error");
      return;
    }
    double least = Math.max(range[1] - range[0], LEAST_SPAN * Math.abs(range[1]));
    double share = least > 0 ? (s.middle() - range[0]) / least : 0;
    String colour = "--share:" + Figures.fixed(share * MOST_COLOUR, 1) + "%";
    page.open("td", "class", "heat", "style", colour);
    page.text((s.isLowerBound() ? "≥ " : "") + number(s.middle()));
    if (!Double.isNaN(s.low()) && !Double.isNaN(s.high()) && s.low() < s.high()) {
      String interval = number(s.low()) + " to " + number(s.high());
      page.element("span", interval, "class", "dim");
    }
    page.close();
  }

  /** Some four digits: a mean of 1787.4 within 25 has no more. */
  private static String number(double value) {
    double size = Math.abs(value);
    return Figures.number(value, size >= 1000 ? 0 : size >= 10 ? 1 : DIGITS);
  }

  private void errors() {
    List<Point> failed =
        plan.grid().points().stream().filter(p -> !summary.error(p).isEmpty()).toList();
    if (failed.isEmpty()) {
      return;
    }
    page.open("section").element("h2", "Points that could not be run").open("ul");
    failed.forEach(p -> page.element("li", p.label() + ": " + summary.error(p)));
    page.close().close();
  }
}
