package dev.halfopen.report;

import dev.halfopen.app.Breakdown;
import java.util.ArrayList;
import java.util.List;

/** Expectations of several variants side by side, each simulated value beside its closed form. */
final class VariantTable {
  private static final String SEPARATOR = ": ";
  private static final String GAP = "   ";

  private VariantTable() {}

  /** A header and a line for each; empty unless groups of application servers are compared. */
  static List<String> lines(Report report) {
    if (FailoverGroup.of(report.result().scenario().world()).size() < 2) {
      return List.of();
    }
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"variant", "requests", "what", "simulated", "closed form", ""});
    String last = "";
    for (Expectation e : report.expectations()) {
      String[] name = e.name().split(SEPARATOR, 2);
      if (name.length == 2) {
        String requests = requests(report, name[0], name[1]);
        rows.add(row(name[0].equals(last) ? "" : name[0], requests, name[1], e));
        last = name[0];
      }
    }
    return aligned(rows);
  }

  /** How many requests a line is about, "" where it is about all. */
  private static String requests(Report report, String group, String what) {
    BreakdownTable table = BreakdownTable.of(report.result(), group);
    if (what.startsWith("unacknowledged")) {
      return String.valueOf(table.served(Breakdown.UNACKNOWLEDGED));
    }
    return what.startsWith("acknowledged")
        ? String.valueOf(table.served(Breakdown.ACKNOWLEDGED))
        : "";
  }

  private static String[] row(String variant, String requests, String what, Expectation e) {
    if (!e.isApplicable()) {
      return new String[] {variant, requests, what, "-", e.notApplicable(), ""};
    }
    Expectation.Bounds bounds = e.bounds().orElseThrow();
    String unit = e.unit().isEmpty() ? "" : " " + e.unit();
    String low = Figures.number(bounds.low(), 1);
    String high = Figures.number(bounds.high(), 1);
    return new String[] {
      variant,
      requests,
      what,
      e.simulated().map(v -> Figures.number(v, 1) + unit).orElse("nothing"),
      (low.equals(high) ? high : low + " to " + high) + unit,
      e.holds() ? "" : "MISSED"
    };
  }

  private static List<String> aligned(List<String[]> rows) {
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
