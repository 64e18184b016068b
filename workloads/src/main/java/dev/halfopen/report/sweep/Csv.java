package dev.halfopen.report.sweep;

import java.util.ArrayList;
import java.util.List;

/** Lines of comma-separated values, RFC 4180, without line ends inside of a cell. */
final class Csv {
  private Csv() {}

  static String line(List<String> cells) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i).replace('\n', ' ').replace('\r', ' ');
      boolean quote = cell.indexOf(',') >= 0 || cell.indexOf('"') >= 0;
      out.append(i == 0 ? "" : ",");
      out.append(quote ? '"' + cell.replace("\"", "\"\"") + '"' : cell);
    }
    return out.append('\n').toString();
  }

  static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
