package dev.halfopen.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A table of samples over virtual time, one row an instant, all columns from the start. */
public final class TimeTable {
  private final List<String> columns;
  private final List<long[]> rows = new ArrayList<>();

  /**
   * Makes an empty table.
   *
   * @param columns without the time, which is always the first
   */
  public TimeTable(List<String> columns) {
    this.columns = List.copyOf(columns);
  }

  /** Adds a row; {@code values} has one number for each column and is copied. */
  public void add(long nowNs, long[] values) {
    long[] row = new long[values.length + 1];
    row[0] = nowNs;
    System.arraycopy(values, 0, row, 1, values.length);
    rows.add(row);
  }

  /** A column's value in the last row at or before an instant; empty without either. */
  Optional<Long> at(String column, long nowNs) {
    int index = columns.indexOf(column) + 1;
    Optional<Long> value = Optional.empty();
    for (long[] row : rows) {
      if (index > 0 && row[0] <= nowNs) {
        value = Optional.of(row[index]);
      }
    }
    return value;
  }

  /** A column's sum over the rows later than an instant; empty without the column. */
  Optional<Long> sumAfter(String column, long nowNs) {
    int index = columns.indexOf(column) + 1;
    return index == 0
        ? Optional.empty()
        : Optional.of(rows.stream().filter(r -> r[0] > nowNs).mapToLong(r -> r[index]).sum());
  }

  /** Without the time. */
  List<String> columns() {
    return columns;
  }

  long timeNs(int row) {
    return rows.get(row)[0];
  }

  long value(int row, int column) {
    return rows.get(row)[column + 1];
  }

  public int rowCount() {
    return rows.size();
  }

  /** As CSV with a header; the time in seconds with three digits. */
  public String csv() {
    StringBuilder out = new StringBuilder("seconds");
    columns.forEach(c -> out.append(',').append(c));
    out.append('\n');
    for (long[] row : rows) {
      out.append(Figures.fixed(Figures.seconds(row[0]), 3));
      for (int i = 1; i < row.length; i++) {
        out.append(',').append(row[i]);
      }
      out.append('\n');
    }
    return out.toString();
  }
}
