package dev.halfopen.metrics;

import java.io.IOException;
import java.util.Arrays;

/**
 * A table of integers sampled at instants of virtual time, written as CSV. A column may have
 * decimals: its integers then count tenths, hundredths and so on, and the text is exact. Rows are
 * kept in segments that are never copied.
 */
public final class TimeSeries {
  private static final int SEGMENT_BITS = 10;
  private static final int SEGMENT_MASK = (1 << SEGMENT_BITS) - 1;
  private static final int NS_DECIMALS = 9;

  private final String[] columns;
  private final int[] decimals;
  private long[][] segments = new long[4][];
  private int rows;

  /**
   * @param columns names, without the instant's, which comes first as {@code time_s}
   * @param decimals digits of each column after the point
   */
  public TimeSeries(String[] columns, int[] decimals) {
    if (columns.length != decimals.length) {
      throw new IllegalArgumentException(columns.length + " columns, " + decimals.length);
    }
    this.columns = columns.clone();
    this.decimals = decimals.clone();
  }

  /** Columns of integers. */
  public TimeSeries(String... columns) {
    this(columns, new int[columns.length]);
  }

  private int stride() {
    return columns.length + 1;
  }

  /** Starts a row of zeros; {@link #set} fills it. Instants ascend. */
  public void sample(long nowNs) {
    assert rows == 0 || nowNs > timeNs(rows - 1) : nowNs;
    int segment = rows >>> SEGMENT_BITS;
    if (segment == segments.length) {
      segments = Arrays.copyOf(segments, segment * 2);
    }
    if ((rows & SEGMENT_MASK) == 0) {
      segments[segment] = new long[stride() << SEGMENT_BITS];
    }
    rows++;
    cell(rows - 1, 0, nowNs);
  }

  /** Writes a column of the last row. */
  public void set(int column, long value) {
    cell(rows - 1, column + 1, value);
  }

  private void cell(int row, int at, long value) {
    segments[row >>> SEGMENT_BITS][(row & SEGMENT_MASK) * stride() + at] = value;
  }

  private long cell(int row, int at) {
    return segments[row >>> SEGMENT_BITS][(row & SEGMENT_MASK) * stride() + at];
  }

  public int rows() {
    return rows;
  }

  public long timeNs(int row) {
    return cell(row, 0);
  }

  public long value(int row, int column) {
    return cell(row, column + 1);
  }

  /** Header and rows, fields separated by commas, lines ended by a newline; no locale has a say. */
  public void writeCsv(Appendable out) throws IOException {
    out.append("time_s");
    for (String column : columns) {
      out.append(',').append(column);
    }
    out.append('\n');
    StringBuilder line = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      line.setLength(0);
      appendFixed(line, timeNs(row), NS_DECIMALS);
      for (int c = 0; c < columns.length; c++) {
        line.append(',');
        appendFixed(line, value(row, c), decimals[c]);
      }
      out.append(line).append('\n');
    }
  }

  /** Appends {@code value / 10^decimals}, all decimals written. */
  static void appendFixed(StringBuilder s, long value, int decimals) {
    if (decimals == 0) {
      s.append(value);
      return;
    }
    int start = s.length() + (value < 0 ? 1 : 0);
    s.append(value);
    while (s.length() - start <= decimals) {
      s.insert(start, '0');
    }
    s.insert(s.length() - decimals, '.');
  }
}
