package dev.halfopen.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import dev.halfopen.report.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What ran out and how near the rest came to it, what helps, and what a real host would show. */
final class ResourceSections {
  private static final int MOST = 20;

  private final RunData run;
  private final Markup page;

  ResourceSections(RunData run, Markup page) {
    this.run = run;
    this.page = page;
  }

  void limits() {
    page.open("section").element("h2", "Tightest limits");
    JsonNode resources = run.at("resources");
    if (resources.isEmpty()) {
      page.element("p", "Nothing here has a limit.").close();
      return;
    }
    page.open("div", "class", "scroll").open("table").open("tr");
    for (String head : List.of("resource", "host")) {
      page.element("th", head);
    }
    page.element("th", "used at the most", "colspan", "2");
    page.element("th", "of", "class", "number").element("th", "at", "class", "number");
    page.element("th", "limit from");
    page.close();
    Map<String, List<JsonNode>> groups = new LinkedHashMap<>();
    resources.forEach(r -> groups.computeIfAbsent(kind(r), k -> new ArrayList<>()).add(r));
    groups.values().stream().limit(MOST).forEach(g -> limit(g.get(0), g.size()));
    page.close().close();
    if (groups.size() > MOST) {
      page.element("p", (groups.size() - MOST) + " more stand in summary.json.");
    }
    page.close();
  }

  /** The same resource of all hosts of a group. */
  private static String kind(JsonNode r) {
    return r.path("resource").asText()
        + " "
        + r.path("detail").asText()
        + " "
        + ResourceColumn.group(r.path("host").asText());
  }

  /** The first of a group is the one that came nearest to its limit. */
  private void limit(JsonNode r, int hosts) {
    double share = r.path("share").asDouble();
    String fill = Figures.fixed(Math.min(1, share) * 100, 1);
    page.open("tr");
    page.element("td", (r.path("resource").asText() + " " + r.path("detail").asText()).strip());
    String others = hosts > 1 ? " and " + (hosts - 1) + " like it" : "";
    page.element("td", r.path("host").asText() + others, "class", "short");
    page.open("td").open("span", "class", share >= 1 ? "bar full" : "bar");
    page.open("span", "style", "width:" + fill + "%").close().close().close();
    page.element("td", Figures.percent(share), "class", "number");
    page.element(
        "td",
        Figures.grouped(r.path("peak").asLong())
            + " of "
            + Figures.grouped(r.path("limit").asLong()),
        "class",
        "number");
    page.element("td", Figures.number(r.path("atSeconds").asDouble(), 1) + " s", "class", "number");
    page.open("td").element("code", r.path("limitFrom").asText()).close();
    page.close();
  }

  void reasons() {
    JsonNode diagnosis = run.at("diagnosis");
    if (diagnosis.isEmpty()) {
      return;
    }
    page.open("section").element("h2", "Why");
    for (JsonNode d : diagnosis) {
      String title = d.path("resource").asText() + " on " + d.path("host").asText();
      page.element("h3", title + " " + d.path("detail").asText());
      page.element("p", d.path("evidence").asText());
      page.element(
          "p",
          "From "
              + Figures.number(d.path("from").asDouble(), 1)
              + " to "
              + Figures.number(d.path("to").asDouble(), 1)
              + " s; explains "
              + Figures.grouped(d.path("explains").asLong())
              + " requests that failed or did not finish.");
    }
    long unexplained = run.at("unexplained").asLong();
    if (unexplained > 0) {
      page.element("p", Figures.grouped(unexplained) + " are not explained.", "class", "warning");
    }
    page.close();
  }

  void remedies() {
    boolean any = false;
    for (JsonNode d : run.at("diagnosis")) {
      for (JsonNode r : d.path("remedies")) {
        if (!any) {
          page.open("section").element("h2", "What helps, simulated").open("ul");
          any = true;
        }
        page.element("li", remedy(r));
      }
    }
    if (any) {
      page.close().close();
    }
  }

  private static String remedy(JsonNode r) {
    if (r.isTextual()) {
      return r.asText();
    }
    StringBuilder out = new StringBuilder(r.path("change").asText(r.path("name").asText()));
    for (String key : List.of("effect", "result", "cost")) {
      String text = r.path(key).asText("");
      if (!text.isEmpty()) {
        out.append(key.equals("cost") ? "; costs: " : ": ").append(text);
      }
    }
    return out.toString();
  }

  void onARealHost() {
    boolean any = false;
    for (JsonNode d : run.at("diagnosis")) {
      String text = d.path("onARealHost").asText("");
      if (text.isEmpty()) {
        continue;
      }
      if (!any) {
        page.open("section").element("h2", "On a real host").open("ul");
        any = true;
      }
      for (String part : text.split(";  ", -1)) {
        page.open("li").element("code", part).close();
      }
    }
    if (any) {
      page.close().close();
    }
  }
}
