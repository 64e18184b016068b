package dev.halfopen.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The JSON Schema of scenario files as tables: a section for every mapping. */
final class SchemaReference {
  private static final String DEFS = "#/$defs/";
  private static final String KINDS = "Kinds of values";

  private final JsonNode schema;
  private final StringBuilder out = new StringBuilder();

  private SchemaReference(JsonNode schema) {
    this.schema = schema;
  }

  static String of(JsonNode schema) {
    SchemaReference reference = new SchemaReference(schema);
    reference.write();
    return reference.out.toString();
  }

  private void write() {
    out.append("# Scenario reference\n\n");
    out.append("Made from the JSON Schema by `halfopen schema --markdown`; do not edit. ");
    out.append("[scenarios.md](scenarios.md) tells the rules and the defaults.\n\n");
    out.append(schema.path("description").asText()).append("\n");
    section("The file", "", schema);
    schema
        .path("$defs")
        .properties()
        .forEach(
            def -> {
              if (isMapping(def.getValue())) {
                section(def.getKey(), def.getValue().path("description").asText(), def.getValue());
              }
            });
    kinds();
  }

  private static boolean isMapping(JsonNode def) {
    return def.has("properties");
  }

  private void section(String title, String meaning, JsonNode mapping) {
    out.append("\n## ").append(title).append("\n\n");
    out.append(meaning).append(meaning.isEmpty() ? "" : "\n\n");
    out.append("| Key | Value | Meaning |\n| --- | --- | --- |\n");
    rows("", mapping);
  }

  /** A mapping within a mapping has no section of its own: its keys follow with its name. */
  private void rows(String path, JsonNode mapping) {
    Set<String> required = new HashSet<>();
    mapping.path("required").forEach(key -> required.add(key.asText()));
    mapping
        .path("properties")
        .properties()
        .forEach(
            e -> {
              String key = path + e.getKey();
              boolean must = required.contains(e.getKey());
              row(key, e.getValue(), must);
              rows(key + ".", e.getValue());
              rows(key + "[].", e.getValue().path("items"));
            });
  }

  private void row(String key, JsonNode value, boolean must) {
    String meaning = value.path("description").asText();
    out.append("| `").append(key).append("` | ").append(cell(value(value))).append(" | ");
    out.append(must ? "Required. " : "").append(cell(meaning)).append(" |\n");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }

  private String value(JsonNode value) {
    if (value.has("$ref")) {
      return reference(value.path("$ref").asText().substring(DEFS.length()));
    }
    if (value.has("const")) {
      return "`" + value.path("const").asText() + "`";
    }
    if (value.has("enum")) {
      return words(value.path("enum"));
    }
    if (value.has("anyOf") && !value.has("properties")) {
      return choice(value.path("anyOf"));
    }
    if (value.has("oneOf") && !value.has("properties")) {
      return choice(value.path("oneOf"));
    }
    return ofType(value);
  }

  private String reference(String name) {
    boolean link = isMapping(schema.path("$defs").path(name));
    return "["
        + name
        + "](#"
        + (link ? name.toLowerCase(java.util.Locale.ROOT) : "kinds-of-values")
        + ")";
  }

  private static String words(JsonNode words) {
    List<String> all = new ArrayList<>();
    words.forEach(word -> all.add("`" + word.asText() + "`"));
    return String.join(", ", all);
  }

  /** $name is allowed everywhere, and said once. */
  private String choice(JsonNode choices) {
    List<String> all = new ArrayList<>();
    for (JsonNode choice : choices) {
      if (!choice.path("$ref").asText().equals(DEFS + "reference")) {
        all.add(value(choice));
      }
    }
    return String.join(" or ", all);
  }

  private String ofType(JsonNode value) {
    JsonNode type = value.path("type");
    if (type.isArray()) {
      List<String> all = new ArrayList<>();
      type.forEach(t -> all.add(t.asText()));
      return String.join(" or ", all);
    }
    return switch (type.asText()) {
      case "array" -> list(value);
      case "object" -> mapping(value);
      case "string" -> "text";
      default -> type.asText();
    };
  }

  private String list(JsonNode value) {
    if (value.has("prefixItems")) {
      List<String> all = new ArrayList<>();
      value.path("prefixItems").forEach(item -> all.add(value(item)));
      return "[" + String.join(", ", all) + "]";
    }
    return value.has("items") ? "list of " + value(value.path("items")) : "list";
  }

  private String mapping(JsonNode value) {
    JsonNode each = value.path("additionalProperties");
    if (each.isObject()) {
      return "names, each with " + value(each);
    }
    List<String> keys = new ArrayList<>();
    value.path("properties").fieldNames().forEachRemaining(keys::add);
    if (keys.isEmpty()) {
      Set<String> excluded = new LinkedHashSet<>();
      value
          .path("not")
          .findValues("required")
          .forEach(r -> r.forEach(k -> excluded.add(k.asText())));
      return excluded.isEmpty()
          ? "mapping"
          : "mapping of any keys but `" + String.join("`, `", excluded) + "`";
    }
    return "mapping: `" + String.join("`, `", keys) + "`";
  }

  private void kinds() {
    out.append("\n## ").append(KINDS).append("\n\n| Kind | Written as |\n| --- | --- |\n");
    schema
        .path("$defs")
        .properties()
        .forEach(
            def -> {
              if (!isMapping(def.getValue())) {
                String meaning = def.getValue().path("description").asText();
                String value = value(def.getValue());
                String text = value.equals("text") || value.equals("integer") ? "" : value;
                String both =
                    text.isEmpty() || meaning.isEmpty() ? text + meaning : meaning + " " + text;
                out.append("| ")
                    .append(def.getKey())
                    .append(" | ")
                    .append(cell(both))
                    .append(" |\n");
              }
            });
  }
}
