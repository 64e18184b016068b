package dev.halfopen.report;

import dev.halfopen.app.Breakdown;
import java.util.ArrayList;
import java.util.List;

/** Expectations of several variants side by side, each simulated value beside its closed form. */
final class VariantTable {
  private static final String SEPARATOR = ": ";

  private VariantTable() {}

  /**
   * A header and a line for each; empty unless groups of application servers are compared, in the
   * run or in the one beside it.
   */
  static List<String> lines(Report report) {
    if (report.variants().isPresent()) {
      return VariantMatrix.lines(report.variants().get());
    }
    List<String[]> rows = rows(report);
    if (rows.isEmpty()) {
      return List.of();
    }
    rows.add(0, new String[] {"variant", "requests", "what", "simulated", "closed form", ""});
    return TextTable.aligned(rows);
  }

  /** As {@code variants} of summary.json; nothing where there are none. */
  static void write(Report report, JsonWriter json) {
    Report variants = report.variants().orElse(report);
    List<String[]> rows = rows(variants);
    if (rows.isEmpty()) {
      return;
    }
    json.object("variants").text("workload", variants.result().scenario().world().name());
    json.text("digest", SummaryJson.hex(variants.result().digest())).array("rows");
    String group = "";
    for (String[] row : rows) {
      group = row[0].isEmpty() ? group : row[0];
      json.object().text("variant", group).text("requests", row[1]).text("what", row[2]);
      json.text("simulated", row[3]).text("closedForm", row[4]);
      json.flag("holds", row[5].isEmpty()).endObject();
    }
    json.endArray().endObject();
  }

  private static List<String[]> rows(Report report) {
    List<String[]> rows = new ArrayList<>();
    if (FailoverGroup.of(report.result().scenario().world()).size() < 2) {
      return rows;
    }
    String last = "";
    for (Expectation e : report.expectations()) {
      String[] name = e.name().split(SEPARATOR, 2);
      if (name.length == 2) {
        String requests = requests(report, name[0], name[1]);
        rows.add(row(name[0].equals(last) ? "" : name[0], requests, name[1], e));
        last = name[0];
      }
    }
    return rows;
  }

  /** How many requests a line is about, "" where it is about all. */
  static String requests(Report report, String group, String what) {
    BreakdownTable table = BreakdownTable.of(report.result(), group);
    if (what.startsWith("unacknowledged")) {
      return String.valueOf(table.served(Breakdown.UNACKNOWLEDGED));
    }
    return what.startsWith("acknowledged")
        ? String.valueOf(table.served(Breakdown.ACKNOWLEDGED))
        : "";
  }

  /** The bounds of its closed form. */
  static String range(Expectation e) {
    Expectation.Bounds bounds = e.bounds().orElseThrow();
    String low = Figures.number(bounds.low(), 1);
    String high = Figures.number(bounds.high(), 1);
    return low.equals(high) ? high : low + " to " + high;
  }

  private static String[] row(String variant, String requests, String what, Expectation e) {
    if (!e.isApplicable()) {
      return new String[] {variant, requests, what, "-", e.notApplicable(), ""};
    }
    String unit = e.unit().isEmpty() ? "" : " " + e.unit();
    return new String[] {
      variant,
      requests,
      what,
      e.simulated().map(v -> Figures.number(v, 1) + unit).orElse("nothing"),
      range(e) + unit,
      e.holds() ? "" : "MISSED"
    };
  }
}
