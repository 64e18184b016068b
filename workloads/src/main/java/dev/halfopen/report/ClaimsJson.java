package dev.halfopen.report;

import dev.halfopen.claims.ClaimResult;
import java.util.List;

/** The claims as JSON, as the command line promises them; null for what is not there yet. */
public final class ClaimsJson {
  private ClaimsJson() {}

  public static String of(List<ClaimResult> results) {
    JsonWriter out = new JsonWriter().array();
    for (ClaimResult result : results) {
      out.object()
          .text("id", result.id())
          .text("note", result.note())
          .text("linux", result.linux());
      String simulated = result.simulated();
      Boolean holds = result.holds();
      if (simulated == null || holds == null) {
        out.nothing("simulated").nothing("holds").text("reason", "not there yet");
      } else {
        out.text("simulated", simulated).flag("holds", holds);
      }
      out.endObject();
    }
    return out.endArray().text();
  }
}
