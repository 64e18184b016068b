package dev.halfopen.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import dev.halfopen.report.Figures;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What happened: the verdict, the requests and their failures, what was checked and left out. */
final class OutcomeSections {
  private static final Map<String, String> WORDS =
      Map.of("cpu", "CPU", "openFiles", "open files", "nic", "network card");

  private static final List<String> BREAKDOWN =
      List.of("requests", "answered", "failed", "still wait", "median", "longest that ended");

  private final RunData run;
  private final Markup page;

  OutcomeSections(RunData run, Markup page) {
    this.run = run;
    this.page = page;
  }

  void verdict() {
    boolean stops = run.at("requests", "failed").asLong() > 0;
    page.open("header");
    page.element("p", run.text("workload") + ", seed " + run.text("seed"), "class", "over");
    page.element("h1", run.text("verdict"), "class", stops ? "bad" : "good");
    String question = run.text("question");
    if (!question.isEmpty()) {
      page.element("p", question, "class", "question");
    }
    if (run.at("partial").asBoolean()) {
      page.element("p", "Partial: the run ended before its time.", "class", "warning");
    }
    page.close();
  }

  void requests() {
    page.open("section").element("h2", "Requests");
    page.open("div", "class", "scroll").open("table");
    page.open("tr").element("th", "load");
    for (String head :
        List.of(
            "offered",
            "succeeded",
            "failed",
            "unfinished",
            "attempts",
            "first failure",
            "longest outage")) {
      page.element("th", head, "class", "number");
    }
    page.close();
    JsonNode loads = run.at("loads");
    loads.properties().forEach(e -> load(e.getKey(), e.getValue()));
    if (loads.size() != 1) {
      load("all", run.at("requests"));
    }
    page.close().close();
    page.open("div", "class", "pair");
    counts("Failures by cause", run.at("requests", "failures"));
    counts("As the client saw them", run.at("requests", "seenAs"));
    page.close().close();
  }

  private void load(String name, JsonNode load) {
    page.open("tr").element("td", name);
    for (String key : List.of("offered", "succeeded", "failed", "unfinished", "attempts")) {
      page.element("td", Figures.grouped(load.path(key).asLong()), "class", "number");
    }
    JsonNode first = load.path("firstFailureSeconds");
    page.element("td", first.isNumber() ? seconds(first.asDouble()) : "none", "class", "number");
    page.element("td", seconds(load.path("longestOutageSeconds").asDouble()), "class", "number");
    page.close();
  }

  private static String seconds(double s) {
    return Figures.number(s, 3) + " s";
  }

  private void counts(String title, JsonNode counts) {
    page.open("div").element("h3", title);
    if (counts.isEmpty()) {
      page.element("p", "None failed.");
    } else {
      page.open("table");
      counts.properties().stream()
          .sorted(Comparator.comparingLong(e -> -e.getValue().asLong()))
          .forEach(
              e -> {
                page.open("tr").element("td", e.getKey());
                page.element("td", Figures.grouped(e.getValue().asLong()), "class", "number");
                page.close();
              });
      page.close();
    }
    page.close();
  }

  /** What became of requests by what their database connection was doing at a fault. */
  void breakdown() {
    JsonNode breakdown = run.at("breakdown");
    if (breakdown.isMissingNode()) {
      return;
    }
    String at = Figures.number(breakdown.path("atSeconds").asDouble(), 1);
    page.open("section").element("h2", "By what a request's connection was doing at " + at + " s");
    page.open("div", "class", "scroll").open("table").open("tr").element("th", "connection");
    for (String head : BREAKDOWN) {
      page.element("th", head, "class", "number");
    }
    page.element("th", "what became of it").close();
    for (JsonNode c : breakdown.path("connections")) {
      page.open("tr").element("td", c.path("connection").asText());
      for (String key : List.of("requests", "answered", "failed", "unfinished")) {
        page.element("td", Figures.grouped(c.path(key).asLong()), "class", "number");
      }
      for (String key : List.of("medianSeconds", "longestSeconds")) {
        double value = c.path(key).asDouble();
        page.element("td", value == 0 ? "-" : seconds(value), "class", "number");
      }
      page.element("td", c.path("fate").asText()).close();
    }
    page.close().close().close();
  }

  /** What each setting changes, from the run beside this one. */
  void variants() {
    JsonNode variants = run.at("variants");
    if (variants.isMissingNode()) {
      return;
    }
    page.open("section").element("h2", "One setting at a time");
    page.element("p", "Simulated beside it: " + variants.path("workload").asText() + ".");
    page.open("div", "class", "scroll").open("table").open("tr");
    for (String head : List.of("variant", "requests", "what", "simulated", "closed form")) {
      page.element("th", head);
    }
    page.close();
    for (JsonNode row : variants.path("rows")) {
      page.open("tr");
      for (String key : List.of("variant", "requests", "what")) {
        page.element("td", row.path(key).asText());
      }
      page.open("td", "class", row.path("holds").asBoolean() ? "good" : "bad");
      page.text(row.path("simulated").asText()).close();
      page.element("td", row.path("closedForm").asText()).close();
    }
    page.close().close().close();
  }

  void checks() {
    page.open("section");
    JsonNode expectations = run.at("expectations");
    page.element("h2", "Self-check" + agreement(expectations));
    if (expectations.isEmpty()) {
      page.element("p", "This scenario has no expectations of its own.");
    } else {
      expectations(expectations);
    }
    thresholds();
    list("Warnings", run.texts("warnings"), "warning");
    list("Notes", run.texts("notes"), "notes");
    List<String> left = run.texts("notModelled");
    page.element("h3", "Not modelled");
    page.element("p", String.join(", ", left.stream().map(w -> WORDS.getOrDefault(w, w)).toList()));
    page.close();
  }

  private static String agreement(JsonNode expectations) {
    int all = 0;
    int agree = 0;
    for (JsonNode e : expectations) {
      if (applies(e)) {
        all++;
        agree += e.path("holds").asBoolean() ? 1 : 0;
      }
    }
    return all == 0 ? "" : ": " + agree + " of " + all + " agree";
  }

  private static boolean applies(JsonNode e) {
    return e.path("notApplicable").isNull() || e.path("notApplicable").isMissingNode();
  }

  private void expectations(JsonNode expectations) {
    page.open("div", "class", "scroll").open("table").open("tr");
    for (String head : List.of("", "expected", "simulated", "kind", "source")) {
      page.element("th", head);
    }
    page.close();
    for (JsonNode e : expectations) {
      page.open("tr").open("td").text(e.path("name").asText()).close();
      if (applies(e)) {
        String unit = " " + e.path("unit").asText();
        page.element("td", range(e) + unit);
        page.open("td", "class", e.path("holds").asBoolean() ? "short good" : "short bad");
        page.text(plain(e.path("simulated")) + unit).close();
      } else {
        page.element("td", "not applicable: " + e.path("notApplicable").asText(), "colspan", "2");
      }
      page.element("td", e.path("kind").asText(), "class", "short");
      page.element("td", e.path("source").asText());
      page.close();
    }
    page.close().close();
  }

  private static String range(JsonNode e) {
    String low = plain(e.path("low"));
    String high = plain(e.path("high"));
    return low.equals(high) ? low : low + " to " + high;
  }

  private static String plain(JsonNode number) {
    if (!number.isNumber()) {
      return "none";
    }
    double value = number.asDouble();
    return value == Math.rint(value) && Math.abs(value) < Long.MAX_VALUE
        ? Figures.grouped((long) value)
        : Figures.number(value, 3);
  }

  private void thresholds() {
    if (run.at("thresholds").isEmpty()) {
      return;
    }
    page.element("h3", "Thresholds").open("ul");
    for (JsonNode t : run.at("thresholds")) {
      boolean holds = t.path("holds").asBoolean();
      boolean isReached = !t.path("holds").isNull();
      page.open("li", "class", holds ? "good" : isReached ? "bad" : "open");
      String value = t.path("valueText").asText(plain(t.path("value")));
      page.text(t.path("text").asText() + ": " + value);
      page.text(holds ? "" : isReached ? ", missed" : ", not reached").close();
    }
    page.close();
  }

  private void list(String title, List<String> items, String kind) {
    if (items.isEmpty()) {
      return;
    }
    page.element("h3", title).open("ul", "class", kind);
    items.forEach(item -> page.element("li", item));
    page.close();
  }
}
