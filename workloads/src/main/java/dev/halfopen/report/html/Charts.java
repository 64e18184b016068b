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
 * { "title", "unit", "kind": "time" | "percentile", "x": [..], "series": [ { "label", "values" } ],
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
    double[] x = new double[intervals.size()];
    double[][] y = new double[3][x.length];
    for (int i = 0; i < x.length; i++) {
      Histogram h = intervals.get(i).values();
      x[i] = intervals.get(i).endSeconds();
      y[0][i] = h.getValueAtPercentile(50) / MS_NS;
      y[1][i] = h.getValueAtPercentile(99) / MS_NS;
      y[2][i] = h.getMaxValue() / MS_NS;
    }
    time("Latency of each interval: " + latency.name(), "ms", x)
        .series("p50", y[0])
        .series("p99", y[1])
        .series("max", y[2]);
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

    Chart limit(String label, double value, double peak) {
      if (value <= peak * LIMIT_IN_SIGHT) {
        node.withArray("limits").addObject().put("label", label).set("value", number(value));
      }
      return this;
    }
  }
}
