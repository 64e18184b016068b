package dev.halfopen.report;

import dev.halfopen.oracle.OracleRow;
import java.util.List;

/** The rows of the oracle as JSON, as the command line promises them. */
public final class OracleJson {
  private static final int DIGITS = 4;

  private OracleJson() {}

  public static String of(List<OracleRow> rows) {
    JsonWriter out = new JsonWriter().array();
    for (OracleRow row : rows) {
      out.object()
          .text("experiment", row.experiment())
          .text("case", row.caseName())
          .text("quantity", row.quantity())
          .numbers("measured", DIGITS, row.measuredMin(), row.measuredMax())
          .numbers("allowed", DIGITS, row.allowedMin(), row.allowedMax())
          .numbers("simulated", DIGITS, row.simulatedMin(), row.simulatedMax());
      Boolean holds = row.holds();
      if (holds == null) {
        out.nothing("holds");
      } else {
        out.flag("holds", holds);
      }
      String reason = row.reason();
      if (reason != null) {
        out.text("reason", reason);
      }
      out.endObject();
    }
    return out.endArray().text();
  }
}
