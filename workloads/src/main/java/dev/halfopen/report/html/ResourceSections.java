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

  /** So many stand there even where all are far from their limits. */
  private static final int LEAST = 3;

  /** What stays below this share is folded away. */
  private static final double NEAR = 0.01;

  private static final double LEAST_SHARE = 0.0005;

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
    Map<String, List<JsonNode>> groups = new LinkedHashMap<>();
    resources.forEach(r -> groups.computeIfAbsent(kind(r), k -> new ArrayList<>()).add(r));
    List<List<JsonNode>> all = List.copyOf(groups.values()); // the tightest first
    int near = (int) all.stream().filter(g -> share(g) >= NEAR).count();
    int open = Math.min(Math.max(near, Math.min(LEAST, all.size())), MOST);
    limits(all.subList(0, open));
    if (all.size() > open) {
      double most = share(all.get(open));
      String size = most < LEAST_SHARE ? "below 0.1 %" : "at most " + Figures.percent(most);
      String rest = (all.size() - open) + " more, " + size;
      page.open("details").element("summary", rest);
      limits(all.subList(open, Math.min(all.size(), open + MOST)));
      page.close();
    }
    if (all.size() > open + MOST) {
      page.element("p", (all.size() - open - MOST) + " more stand in summary.json.");
    }
    page.close();
  }

  private static double share(List<JsonNode> group) {
    return group.get(0).path("share").asDouble();
  }

  private void limits(List<List<JsonNode>> groups) {
    page.open("div", "class", "scroll").open("table").open("tr");
    page.element("th", "resource").element("th", "host");
    page.element("th", "share at the most", "colspan", "2");
    page.element("th", "which is", "class", "number").element("th", "at", "class", "number");
    page.element("th", "limit from").close();
    groups.forEach(g -> limit(g.get(0), g.size()));
    page.close().close();
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
    String what = (r.path("resource").asText() + " " + r.path("detail").asText()).strip();
    page.element("td", what, "class", "say");
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
    page.open("td", "class", "say").element("code", r.path("limitFrom").asText()).close();
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

  /** A table of what each remedy changes; each stands there once, with what it helps most. */
  void remedies() {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    for (JsonNode d : run.at("diagnosis")) {
      for (JsonNode r : d.path("remedies")) {
        all.putIfAbsent(r.path("change").asText(), r);
      }
    }
    if (all.isEmpty()) {
      return;
    }
    page.open("section").element("h2", "What helps, simulated");
    page.open("div", "class", "scroll").open("table").open("tr");
    for (String head :
        List.of("change", "what comes of it", "p99", "sockets at most", "what else it costs")) {
      page.element("th", head);
    }
    page.close();
    all.values().forEach(this::remedy);
    page.close().close().close();
  }

  private void remedy(JsonNode r) {
    page.open("tr").open("td", "class", "change").element("code", r.path("change").asText());
    page.close();
    String refused = r.path("notApplicable").asText("");
    if (!r.has("effect")) {
      page.element("td", "not applicable: " + refused, "colspan", "3");
    } else {
      page.element("td", r.path("effect").asText(), "class", "say");
      page.element("td", was(r, "p99Ms", 1, " ms"), "class", "number");
      page.element(
          "td",
          Figures.bytes(r.path("socketBytes").asLong())
              + " (was "
              + Figures.bytes(r.path("socketBytesBefore").asLong())
              + ")",
          "class",
          "number");
    }
    page.element("td", r.path("risk").asText(), "class", "say").close();
  }

  private static String was(JsonNode r, String key, int digits, String unit) {
    return Figures.number(r.path(key).asDouble(), digits)
        + unit
        + " (was "
        + Figures.number(r.path(key + "Before").asDouble(), digits)
        + ")";
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
