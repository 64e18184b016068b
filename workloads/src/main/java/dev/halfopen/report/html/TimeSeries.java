package dev.halfopen.report.html;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** timeseries.csv as columns of numbers. */
final class TimeSeries {
  private final Map<String, double[]> columns = new LinkedHashMap<>();
  private final double[] seconds;

  private TimeSeries(double[] seconds) {
    this.seconds = seconds;
  }

  /** Commas within parentheses belong to a column's name. */
  static TimeSeries parse(String csv) {
    List<String> lines = csv.lines().filter(line -> !line.isBlank()).toList();
    if (lines.isEmpty()) {
      return new TimeSeries(new double[0]);
    }
    List<String> names = split(lines.get(0));
    int rows = lines.size() - 1;
    double[][] values = new double[names.size()][rows];
    for (int r = 0; r < rows; r++) {
      List<String> cells = split(lines.get(r + 1));
      for (int c = 0; c < values.length && c < cells.size(); c++) {
        values[c][r] = Double.parseDouble(cells.get(c));
      }
    }
    TimeSeries series = new TimeSeries(values[0]);
    for (int c = 1; c < values.length; c++) {
      series.columns.put(names.get(c), values[c]);
    }
    return series;
  }

  private static List<String> split(String line) {
    List<String> cells = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        cells.add(line.substring(from, i));
        from = i + 1;
      }
    }
    cells.add(line.substring(from));
    return cells;
  }

  double[] seconds() {
    return seconds;
  }

  boolean isEmpty() {
    return seconds.length == 0;
  }

  boolean has(String column) {
    return columns.containsKey(column);
  }

  List<String> names() {
    return List.copyOf(columns.keySet());
  }

  /** The values of a column, one a row; all 0 where there is no such column. */
  double[] column(String name) {
    return columns.getOrDefault(name, new double[seconds.length]);
  }

  /** A column of counts since the row before, as a rate a second; NaN before the second row. */
  double[] rate(String name) {
    double[] counts = column(name);
    double[] rate = new double[counts.length];
    for (int i = 0; i < counts.length; i++) {
      double span = i == 0 ? 0 : seconds[i] - seconds[i - 1];
      rate[i] = span > 0 ? counts[i] / span : Double.NaN;
    }
    return rate;
  }

  boolean isEverPositive(String name) {
    return peak(name) > 0;
  }

  /** The greatest value, 0 at least. */
  double peak(String name) {
    double most = 0;
    for (double v : column(name)) {
      most = Math.max(most, v);
    }
    return most;
  }
}
