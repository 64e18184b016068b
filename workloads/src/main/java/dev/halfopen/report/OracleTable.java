package dev.halfopen.report;

import dev.halfopen.oracle.OracleRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of the oracle as a table for the console, totals at its end. */
public final class OracleTable {
  private static final int DIGITS = 3;
  private static final int COLUMNS = 6;
  private static final List<String> HEADING =
      List.of("experiment and case", "quantity", "measured", "allowed", "simulated", "");

  private OracleTable() {}

  public static String of(List<OracleRow> rows) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(HEADING);
    for (OracleRow row : rows) {
      lines.add(line(row));
    }
    int[] widths = new int[COLUMNS];
    for (List<String> line : lines) {
      for (int i = 0; i < COLUMNS; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    StringBuilder out = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < COLUMNS; i++) {
        text.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length() + 2));
      }
      out.append(text.toString().stripTrailing()).append('\n');
    }
    return out.append('\n').append(totals(rows)).toString();
  }

  private static List<String> line(OracleRow row) {
    Boolean holds = row.holds();
    String verdict = holds == null ? "not expressed" : holds ? "holds" : "MISSES";
    String reason = row.reason();
    return List.of(
        row.experiment() + " " + row.caseName(),
        row.quantity(),
        range(row.measuredMin(), row.measuredMax()),
        holds == null ? "" : range(row.allowedMin(), row.allowedMax()),
        range(row.simulatedMin(), row.simulatedMax()),
        reason == null ? verdict : verdict + ": " + reason);
  }

  private static String range(double min, double max) {
    if (!Double.isFinite(min) || !Double.isFinite(max)) {
      return "";
    }
    String low = Figures.number(min, DIGITS);
    return min == max ? low : low + " .. " + Figures.number(max, DIGITS);
  }

  private static String totals(List<OracleRow> rows) {
    Map<String, int[]> byExperiment = new LinkedHashMap<>();
    int[] all = new int[3];
    for (OracleRow row : rows) {
      int[] n = byExperiment.computeIfAbsent(row.experiment(), e -> new int[3]);
      count(n, row);
      count(all, row);
    }
    StringBuilder out = new StringBuilder();
    byExperiment.forEach((name, n) -> out.append(total(name, n)));
    return out.append(total("all", all)).toString();
  }

  private static void count(int[] n, OracleRow row) {
    n[row.misses() ? 1 : row.isExpressed() ? 0 : 2]++;
  }

  private static String total(String name, int[] n) {
    return name
        + " ".repeat(Math.max(1, 5 - name.length()))
        + n[0]
        + " of "
        + (n[0] + n[1])
        + " rows hold"
        + (n[2] == 0 ? "" : ", " + n[2] + " not expressed")
        + '\n';
  }
}
