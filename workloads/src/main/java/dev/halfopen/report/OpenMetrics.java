package dev.halfopen.report;

import dev.halfopen.tcp.Mib;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * A run as OpenMetrics text (RFC draft, version 1.0.0): what timeseries.csv holds with its
 * instants, counters by the names that nstat prints with the instant of the end, latencies as a
 * summary. Instants are seconds of virtual time.
 */
final class OpenMetrics {
  private static final String PREFIX = "halfopen_";
  private static final List<String> OUTCOMES = List.of("offered", "succeeded", "failed");
  private static final String UNFINISHED = "unfinished";
  private static final String MEMORY = "memoryBytes";
  private static final double[] QUANTILES = {0.5, 0.9, 0.99, 0.999, 1.0};

  private final StringBuilder out = new StringBuilder();
  private final TimeTable table;

  private OpenMetrics(TimeTable table) {
    this.table = table;
  }

  /** The whole file. */
  static String of(RunResult result) {
    OpenMetrics text = new OpenMetrics(result.timeTable());
    text.samples();
    text.counters(NstatFiles.counters(result.hosts()), result.endNs());
    text.latencies(result.latencies(), result.endNs());
    return text.out.append("# EOF\n").toString();
  }

  // ---- what was sampled

  private void samples() {
    if (table.rowCount() == 0) {
      return;
    }
    List<String> columns = table.columns();
    family("requests", "counter", "", "Requests by what became of them.");
    for (String outcome : OUTCOMES) {
      sums("requests_total" + labels("outcome", outcome), columns.indexOf(outcome));
    }
    family("requests_unfinished", "gauge", "", "Requests offered and neither done nor failed.");
    values("requests_unfinished", columns.indexOf(UNFINISHED));
    Map<String, List<Integer>> families = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      families.computeIfAbsent(familyOf(columns.get(i)), k -> new ArrayList<>()).add(i);
    }
    of(families, "sockets", "state", "Sockets as ss -s counts them, by host or group of hosts.");
    of(families, "in_use", "resource", "Ports, workers, connections and places in queues in use.");
    of(families, "pool", "of", "Connection pools: connections in use, all of them, who waits.");
    family("memory_bytes", "gauge", "bytes", "Memory that the tables of the run take.");
    values("memory_bytes", columns.indexOf(MEMORY));
  }

  private static String familyOf(String column) {
    if (!column.contains(".")) {
      return "";
    }
    String last = column.substring(column.lastIndexOf('.'));
    if (column.contains("(")) {
      return "in_use";
    }
    return isState(last.substring(1)) ? "sockets" : isOfPool(last) ? "pool" : "in_use";
  }

  private static boolean isState(String word) {
    return Recorder.stateNames().contains(word);
  }

  private static boolean isOfPool(String end) {
    return ConnectionPoolReport.COLUMNS.contains(end);
  }

  private void of(Map<String, List<Integer>> families, String name, String label, String help) {
    if (!families.containsKey(name)) {
      return;
    }
    family(name, "gauge", "", help);
    for (int column : families.getOrDefault(name, List.of())) {
      String text = table.columns().get(column);
      int dot = text.indexOf('.');
      String labels = labels("host", text.substring(0, dot), label, text.substring(dot + 1));
      values(name + labels, column);
    }
  }

  private void values(String series, int column) {
    for (int row = 0; row < table.rowCount(); row++) {
      sample(series, Long.toString(table.value(row, column)), table.timeNs(row));
    }
  }

  /** Of a column that counts since the row before. */
  private void sums(String series, int column) {
    long sum = 0;
    for (int row = 0; row < table.rowCount(); row++) {
      sum += table.value(row, column);
      sample(series, Long.toString(sum), table.timeNs(row));
    }
  }

  // ---- what was counted

  private void counters(Map<String, long[]> byHost, long endNs) {
    for (int mib : NstatFiles.order()) {
      family(Mib.name(mib), "counter", "", "As nstat prints it.");
      byHost.forEach(
          (host, counters) ->
              sample(
                  Mib.name(mib) + "_total" + labels("host", host),
                  Long.toString(counters[mib]),
                  endNs));
    }
    String established = Mib.name(Mib.CURR_ESTAB);
    family(established, "gauge", "", "Connections in ESTABLISHED or CLOSE-WAIT.");
    byHost.forEach(
        (host, counters) ->
            sample(
                established + labels("host", host),
                Long.toString(counters[Mib.CURR_ESTAB]),
                endNs));
  }

  private void latencies(List<LatencyResult> latencies, long endNs) {
    family("latency_seconds", "summary", "seconds", "Times by metric, of all loads or of one.");
    for (LatencyResult latency : latencies) {
      Histogram times = latency.total();
      if (times.getTotalCount() > 0) {
        for (double q : QUANTILES) {
          String value = Figures.fixed(Figures.seconds(times.getValueAtPercentile(q * 100)), 9);
          String quantile = q == 1.0 ? "1.0" : Double.toString(q);
          sample(
              "latency_seconds" + labels("metric", latency.name(), "quantile", quantile),
              value,
              endNs);
        }
      }
      sample(
          "latency_seconds_count" + labels("metric", latency.name()),
          Long.toString(times.getTotalCount()),
          endNs);
    }
  }

  // ---- the format

  private void family(String name, String type, String unit, String help) {
    out.append("# TYPE ").append(PREFIX).append(name).append(' ').append(type).append('\n');
    if (!unit.isEmpty()) {
      out.append("# UNIT ").append(PREFIX).append(name).append(' ').append(unit).append('\n');
    }
    out.append("# HELP ").append(PREFIX).append(name).append(' ').append(help).append('\n');
  }

  private void sample(String series, String value, long atNs) {
    out.append(PREFIX).append(series).append(' ').append(value).append(' ');
    out.append(Figures.fixed(Figures.seconds(atNs), 3)).append('\n');
  }

  private static String labels(String... namesAndValues) {
    StringBuilder labels = new StringBuilder("{");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      labels.append(i == 0 ? "" : ",").append(namesAndValues[i]).append("=\"");
      labels.append(
          namesAndValues[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
      labels.append('"');
    }
    return labels.append('}').toString();
  }
}
