package dev.halfopen.report;

import java.util.ArrayList;
import java.util.List;

/** Cells of text under each other. */
final class TextTable {
  private static final String GAP = "   ";

  private TextTable() {}

  /** A line for each row, the columns as wide as their longest cell. */
  static List<String> aligned(List<String[]> rows) {
    int columns = rows.get(0).length;
    int[] width = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i + 1 < columns; i++) {
        width[i] = Math.max(width[i], row[i].length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row[i]).append(" ".repeat(Math.max(0, width[i] - row[i].length()))).append(GAP);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
