package dev.halfopen.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A line for each variant: how long who hangs, by what the connection was doing, with the bounds of
 * the closed form in brackets; and what an own connect() to the dead address takes.
 */
final class VariantMatrix {
  private static final String SEPARATOR = ": ";
  private static final String CONNECT = "connect";

  private VariantMatrix() {}

  static List<String> lines(Report variants) {
    Map<String, Map<String, Expectation>> byVariant = new TreeMap<>();
    List<String> order = new ArrayList<>();
    for (Expectation e : variants.expectations()) {
      String[] name = e.name().split(SEPARATOR, 2);
      if (name.length == 2) {
        byVariant.computeIfAbsent(name[0], n -> new TreeMap<>()).put(name[1], e);
        if (!order.contains(name[0])) {
          order.add(name[0]);
        }
      }
    }
    List<String[]> rows = new ArrayList<>();
    rows.add(
        new String[] {
          "variant",
          "not acknowledged, ends after",
          "acknowledged, ends after",
          "idle, ends after",
          "outage"
        });
    List<String> connects = new ArrayList<>();
    for (String variant : order) {
      Map<String, Expectation> all = byVariant.getOrDefault(variant, Map.of());
      if (variant.startsWith(CONNECT)) {
        connects.add(variant + " gives up after " + cell(all, DbFailoverExpectations.GIVE_UP));
      } else {
        rows.add(row(variants, variant, all));
      }
    }
    List<String> lines = new ArrayList<>(TextTable.aligned(rows));
    lines.addAll(connects);
    return lines;
  }

  private static String[] row(Report report, String variant, Map<String, Expectation> all) {
    String told = cell(all, DbFailoverExpectations.TOLD);
    String unacknowledged = VariantTable.requests(report, variant, "unacknowledged");
    String acknowledged = VariantTable.requests(report, variant, "acknowledged");
    String hanging = value(all, DbFailoverExpectations.ACKED);
    String never = "never" + (hanging.equals(acknowledged) ? "" : ": " + hanging + " hang");
    String last = cell(all, DbFailoverExpectations.ACKED_LAST);
    boolean ends = !told.isEmpty();
    return new String[] {
      variant,
      counted(unacknowledged, ends ? told : span(all)),
      counted(acknowledged, ends ? told : last.isEmpty() ? never : last),
      cell(all, DbFailoverExpectations.IDLE),
      cell(all, DbFailoverExpectations.OUTAGE)
    };
  }

  private static String counted(String requests, String text) {
    return requests.equals("0") ? "none" : requests + " x " + text;
  }

  /** From the first to the last to end. */
  private static String span(Map<String, Expectation> all) {
    String first = value(all, DbFailoverExpectations.UNACKED_FIRST);
    String last = value(all, DbFailoverExpectations.UNACKED_LAST);
    String bounds = bounds(all, DbFailoverExpectations.UNACKED_LAST);
    return (first.equals(last) ? last : first + " to " + last) + " s" + bounds;
  }

  private static String cell(Map<String, Expectation> all, String what) {
    String value = value(all, what);
    return value.isEmpty() ? "" : value + " s" + bounds(all, what);
  }

  private static String value(Map<String, Expectation> all, String what) {
    Expectation e = all.get(what);
    if (e == null || !e.isApplicable()) {
      return "";
    }
    return e.simulated().map(v -> Figures.number(v, 1)).orElse("");
  }

  private static String bounds(Map<String, Expectation> all, String what) {
    Expectation e = all.get(what);
    if (e == null || !e.isApplicable()) {
      return "";
    }
    return " (" + VariantTable.range(e) + ")" + (e.holds() ? "" : " MISSED");
  }
}
