package dev.halfopen.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The charts of a report as data for report.js:
 *
 * <pre>
 * { "title", "unit", "kind": "time" | "percentile" | "value", "rates", "x": [..],
 *   "series": [ { "label", "values", "dashed" } ],
 *   "limits": [ { "label", "value" } ], "marks": [ { "label", "at" } ] }
 * </pre>
 */
final class Charts {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final MathContext DIGITS = new MathContext(6);
  private static final double MS_NS = 1e6;

  /** A limit more than so many times above the peak is told in words only: it would flatten it. */
  private static final double LIMIT_IN_SIGHT = 4;

  private final ArrayNode charts = JSON.createArrayNode();
  private final ArrayNode marks = JSON.createArrayNode();

  /** Marked in every chart over time: faults, the first failure. */
  void mark(String label, double atSeconds) {
    marks.addObject().put("label", label).set("at", number(atSeconds));
  }

  /** The next chart; its number is what {@link #last} says. */
  Chart time(String title, String unit, double[] seconds) {
    ObjectNode node = charts.addObject().put("title", title).put("unit", unit).put("kind", "time");
    node.set("x", numbers(seconds));
    node.set("marks", marks);
    return new Chart(node);
  }

  /** Over a parameter's values, which rise. */
  Chart values(String title, String unit, double[] x) {
    ObjectNode node = charts.addObject().put("title", title).put("unit", unit).put("kind", "value");
    node.set("x", numbers(x));
    return new Chart(node);
  }

  /** Percentiles of the whole run: x is 1 / (1 - p). */
  Chart percentiles(String title, String unit, double[] x) {
    ObjectNode node =
        charts.addObject().put("title", title).put("unit", unit).put("kind", "percentile");
    node.set("x", numbers(x));
    return new Chart(node);
  }

  /** Number of the chart made last, from 0. */
  int last() {
    return charts.size() - 1;
  }

  /** As JSON that can stand in a script element. */
  String json() {
    return charts.toString().replace("<", "\\u003c");
  }

  /** p50, p99 and maximum of each interval, in ms. */
  void latencyOverTime(Latency latency) {
    List<Latency.Interval> intervals = latency.intervals();
    List<double[]> rows = new ArrayList<>();
    double end = 0;
    for (Latency.Interval interval : intervals) {
      if (interval.startSeconds() > end && end > 0) {
        double between = (end + interval.startSeconds()) / 2; // nothing ended there
        rows.add(new double[] {between, Double.NaN, Double.NaN, Double.NaN});
      }
      end = interval.endSeconds();
      Histogram h = interval.values();
      double p50 = h.getValueAtPercentile(50) / MS_NS;
      double p99 = h.getValueAtPercentile(99) / MS_NS;
      rows.add(new double[] {end, p50, p99, h.getMaxValue() / MS_NS});
    }
    time("Latency of each interval: " + latency.name(), "ms", column(rows, 0))
        .series("p50", column(rows, 1))
        .series("p99", column(rows, 2))
        .series("max", column(rows, 3));
  }

  private static double[] column(List<double[]> rows, int column) {
    return rows.stream().mapToDouble(row -> row[column]).toArray();
  }

  /** The HDR curve: percentiles at x = 1, 2, 4, ... up to the number of values. */
  void hdrCurve(List<Latency> latencies) {
    long most = latencies.stream().mapToLong(l -> l.total().getTotalCount()).max().orElse(1);
    List<Double> x = new ArrayList<>();
    for (double v = 1; v < 2.0 * most && x.size() < 200; v *= Math.sqrt(2)) {
      x.add(v);
    }
    double[] xs = x.stream().mapToDouble(Double::doubleValue).toArray();
    Chart chart = percentiles("Latency by percentile, whole run", "ms", xs);
    for (Latency latency : latencies) {
      double[] y = new double[xs.length];
      for (int i = 0; i < xs.length; i++) {
        double percentile = 100 * (1 - 1 / xs[i]);
        y[i] =
            xs[i] > latency.total().getTotalCount()
                ? Double.NaN
                : latency.total().getValueAtPercentile(percentile) / MS_NS;
      }
      chart.series(latency.name(), y);
    }
  }

  private static ArrayNode numbers(double[] values) {
    ArrayNode array = JSON.createArrayNode();
    for (double v : values) {
      array.add(number(v));
    }
    return array;
  }

  private static JsonNode number(double v) {
    if (Double.isNaN(v)) {
      return JSON.nullNode();
    }
    BigDecimal rounded = new BigDecimal(v).round(DIGITS).stripTrailingZeros();
    return JSON.getNodeFactory().numberNode(rounded.scale() < 0 ? rounded.setScale(0) : rounded);
  }

  /** One chart. */
  static final class Chart {
    private final ObjectNode node;

    Chart(ObjectNode node) {
      this.node = node;
      node.putArray("series");
      node.putArray("limits");
    }

    Chart series(String label, double[] values) {
      node.withArray("series").addObject().put("label", label).set("values", numbers(values));
      return this;
    }

    /** A line with gaps. */
    Chart dashed(String label, double[] values) {
      series(label, values);
      ((ObjectNode) node.withArray("series").get(node.withArray("series").size() - 1))
          .put("dashed", true);
      return this;
    }

    /** Of rates of short spans: shown as means of longer ones until one zooms in. */
    Chart rates() {
      node.put("rates", true);
      return this;
    }

    Chart limit(String label, double value, double peak) {
      if (value <= peak * LIMIT_IN_SIGHT) {
        node.withArray("limits").addObject().put("label", label).set("value", number(value));
      }
      return this;
    }
  }
}
