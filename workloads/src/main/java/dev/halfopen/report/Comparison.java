package dev.halfopen.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.YamlNode;
import dev.halfopen.scenario.YamlReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Two runs side by side: first what went in differently, then what came out. */
public final class Comparison {
  private static final String NONE = "-";

  /** A resource of which less is used says little. */
  private static final double MATTERS = 0.1;

  private static final List<String> REQUESTS =
      List.of(
          "offered",
          "succeeded",
          "failed",
          "unfinished",
          "attempts",
          "firstFailureSeconds",
          "longestOutageSeconds",
          "oldestUnfinishedSeconds");

  private final Map<String, String> inputsA;
  private final Map<String, String> inputsB;
  private final JsonNode a;
  private final JsonNode b;

  /** A name with its value in either run, "-" where it has none. */
  public record Row(String name, String a, String b) {}

  private Comparison(
      Map<String, String> inputsA, Map<String, String> inputsB, JsonNode a, JsonNode b) {
    this.inputsA = inputsA;
    this.inputsB = inputsB;
    this.a = a;
    this.b = b;
  }

  /**
   * Of two runs.
   *
   * @param a summary.json
   * @param yamlA scenario.yaml
   * @throws BadInputException if a scenario cannot be read
   */
  public static Comparison of(JsonNode a, String yamlA, JsonNode b, String yamlB)
      throws BadInputException {
    return new Comparison(inputs(a, yamlA), inputs(b, yamlB), a, b);
  }

  /** The scenario as it was effective, and the kernels' settings. */
  private static Map<String, String> inputs(JsonNode summary, String yaml)
      throws BadInputException {
    Map<String, String> all = new LinkedHashMap<>();
    flatten("", YamlReader.document("scenario.yaml", yaml), all);
    summary
        .path("hosts")
        .properties()
        .forEach(
            host -> {
              String name = host.getKey();
              all.put(name + " kernel", host.getValue().path("kernel").asText());
              all.put(name + " HZ", host.getValue().path("hz").asText());
              host.getValue()
                  .path("sysctl")
                  .properties()
                  .forEach(
                      s -> all.put(name + ":" + s.getKey(), s.getValue().path("value").asText()));
            });
    return all;
  }

  private static void flatten(String path, YamlNode node, Map<String, String> into) {
    if (node instanceof YamlNode.Mapping mapping) {
      mapping
          .entries()
          .forEach(
              (key, entry) ->
                  flatten(path.isEmpty() ? key : path + "." + key, entry.value(), into));
    } else if (node instanceof YamlNode.Sequence list) {
      for (int i = 0; i < list.items().size(); i++) {
        flatten(path + "[" + i + "]", list.items().get(i), into);
      }
    } else if (node instanceof YamlNode.Scalar scalar) {
      into.put(path.replaceFirst("^parameters\\.(\\w+)\\.default$", "$1"), scalar.text());
    }
  }

  /** What the two runs were given differently. */
  public List<Row> inputs() {
    Set<String> names = new LinkedHashSet<>(inputsA.keySet());
    names.addAll(inputsB.keySet());
    List<Row> rows = new ArrayList<>();
    for (String name : names) {
      String left = inputsA.getOrDefault(name, NONE);
      String right = inputsB.getOrDefault(name, NONE);
      if (!left.equals(right)) {
        rows.add(new Row(name, left, right));
      }
    }
    return rows;
  }

  /** What came out, whether it differs or not; counters where they do. */
  public List<Row> results() {
    List<Row> rows = outcome();
    peaks(rows, 0);
    counters(rows);
    return rows;
  }

  /** The results without counters, and only those resources that matter and differ. */
  public List<Row> main() {
    List<Row> rows = outcome();
    List<Row> peaks = new ArrayList<>();
    peaks(peaks, MATTERS);
    peaks.stream().filter(row -> !row.a().equals(row.b())).forEach(rows::add);
    return rows;
  }

  private List<Row> outcome() {
    List<Row> rows = new ArrayList<>();
    rows.add(row("verdict", a.path("verdict"), b.path("verdict")));
    for (String key : REQUESTS) {
      rows.add(row(key, a.path("requests").path(key), b.path("requests").path(key)));
    }
    for (String key : List.of("failures", "seenAs")) {
      all("requests", key, key + " ", rows);
    }
    for (String metric : names(a.path("latency"), b.path("latency"))) {
      for (String key : List.of("p50Ms", "p99Ms", "maxMs")) {
        rows.add(row(metric + " " + key, time(a, metric, key), time(b, metric, key)));
      }
    }
    breakdown(rows);
    return rows;
  }

  /** Missing where nothing was measured. */
  private static JsonNode time(JsonNode summary, String metric, String key) {
    JsonNode latency = summary.path("latency").path(metric);
    return latency.path("count").asLong() > 0 ? latency.path(key) : latency.path("none");
  }

  private void breakdown(List<Row> rows) {
    Map<String, String> left = fates(a);
    Map<String, String> right = fates(b);
    Set<String> names = new LinkedHashSet<>(left.keySet());
    names.addAll(right.keySet());
    for (String name : names) {
      rows.add(new Row(name, left.getOrDefault(name, NONE), right.getOrDefault(name, NONE)));
    }
  }

  private static Map<String, String> fates(JsonNode summary) {
    Map<String, String> all = new LinkedHashMap<>();
    for (JsonNode c : summary.path("breakdown").path("connections")) {
      all.put("at the fault " + c.path("connection").asText(), c.path("fate").asText());
    }
    return all;
  }

  private void all(String section, String key, String prefix, List<Row> rows) {
    JsonNode left = a.path(section).path(key);
    JsonNode right = b.path(section).path(key);
    for (String name : names(left, right)) {
      rows.add(row(prefix + name, left.path(name), right.path(name)));
    }
  }

  private void peaks(List<Row> rows, double leastShare) {
    Map<String, String> left = peaks(a, leastShare);
    Map<String, String> right = peaks(b, leastShare);
    Set<String> names = new LinkedHashSet<>(left.keySet());
    names.addAll(right.keySet());
    for (String name : names) {
      rows.add(
          new Row(
              name + " at the most",
              left.getOrDefault(name, NONE),
              right.getOrDefault(name, NONE)));
    }
  }

  private static Map<String, String> peaks(JsonNode summary, double leastShare) {
    Map<String, String> all = new LinkedHashMap<>();
    for (JsonNode r : summary.path("resources")) {
      if (r.path("share").asDouble() < leastShare) {
        continue;
      }
      String name = r.path("host").asText() + " " + r.path("resource").asText();
      all.put(
          (name + " " + r.path("detail").asText()).strip(),
          r.path("peak").asText() + " of " + r.path("limit").asText());
    }
    return all;
  }

  private void counters(List<Row> rows) {
    for (String host : names(a.path("hosts"), b.path("hosts"))) {
      JsonNode left = a.path("hosts").path(host).path("counters");
      JsonNode right = b.path("hosts").path(host).path("counters");
      for (String name : names(left, right)) {
        Row row = row(host + " " + name, left.path(name), right.path(name));
        if (!row.a().equals(row.b())) {
          rows.add(row);
        }
      }
    }
  }

  private static Set<String> names(JsonNode left, JsonNode right) {
    Set<String> names = new LinkedHashSet<>();
    left.fieldNames().forEachRemaining(names::add);
    right.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Row row(String name, JsonNode left, JsonNode right) {
    return new Row(name, text(left), text(right));
  }

  private static String text(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return NONE;
    }
    return node.isFloatingPointNumber() ? Figures.number(node.asDouble(), 3) : node.asText();
  }
}
