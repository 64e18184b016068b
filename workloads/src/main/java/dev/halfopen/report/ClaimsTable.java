package dev.halfopen.report;

import dev.halfopen.claims.ClaimResult;
import java.util.ArrayList;
import java.util.List;

/** The claims for the console: three lines of text each, and the totals at the end. */
public final class ClaimsTable {
  private static final int WIDTH = 100;
  private static final int INDENT = 22;

  private ClaimsTable() {}

  public static String of(List<ClaimResult> results) {
    StringBuilder out = new StringBuilder();
    List<String> missing = new ArrayList<>();
    int holding = 0;
    int judged = 0;
    for (ClaimResult result : results) {
      String simulated = result.simulated();
      Boolean holds = result.holds();
      if (simulated == null || holds == null) {
        missing.add(result.id());
        simulated = "not there yet";
      } else {
        judged++;
        holding += holds ? 1 : 0;
      }
      line(out, result.id(), "the note says", result.note());
      line(out, "", "Linux does", result.linux());
      line(out, "", "simulated", simulated);
      if (holds != null) {
        line(out, "", "", holds ? "holds" : "DOES NOT HOLD");
      }
      out.append('\n');
    }
    out.append(holding).append(" of ").append(judged).append(" claims hold");
    if (!missing.isEmpty()) {
      out.append("; not there yet: ").append(String.join(", ", missing));
    }
    return out.append('\n').toString();
  }

  private static void line(StringBuilder out, String id, String label, String text) {
    StringBuilder line = new StringBuilder();
    pad(line.append(id), 6);
    pad(line.append(label), INDENT);
    for (String word : text.split(" ", -1)) {
      if (line.length() + word.length() > WIDTH && line.length() > INDENT) {
        out.append(line.toString().stripTrailing()).append('\n');
        line.setLength(0);
        pad(line, INDENT);
      }
      line.append(word).append(' ');
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }

  private static void pad(StringBuilder line, int width) {
    line.append(" ".repeat(Math.max(0, width - line.length())));
  }
}
