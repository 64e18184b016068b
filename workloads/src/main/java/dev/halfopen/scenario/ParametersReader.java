package dev.halfopen.scenario;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code parameters:}. */
final class ParametersReader {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9]*");

  private final Problems problems;
  private final Parameters parameters = new Parameters();

  ParametersReader(Problems problems) {
    this.problems = problems;
  }

  Parameters read(YamlNode.Mapping document) {
    Optional<YamlNode> section = document.get("parameters");
    if (section.isEmpty()) {
      return parameters;
    }
    if (!(section.get() instanceof YamlNode.Mapping mapping)) {
      problems.add(section.get().mark(), "parameters", "a mapping is wanted");
      return parameters;
    }
    ReadContext none = new ReadContext(problems, new Parameters());
    for (Map.Entry<String, YamlNode.Entry> e : mapping.entries().entrySet()) {
      String path = "parameters." + e.getKey();
      if (!NAME.matcher(e.getKey()).matches()) {
        problems.add(e.getValue().keyMark(), path, "a name is letters and digits");
      } else if (e.getValue().value() instanceof YamlNode.Mapping m) {
        add(e.getKey(), new MapReader(none, path, m));
      } else {
        problems.add(
            e.getValue().value().mark(), path, "write { default: ..., range: A..B, meaning: ... }");
      }
    }
    return parameters;
  }

  private void add(String name, MapReader reader) {
    boolean complete = reader.require("default");
    Optional<String> range = Optional.of(reader.text("range")).filter(r -> !r.isEmpty());
    List<String> words = reader.list("values").stream().map(ParameterType::text).toList();
    String meaning = reader.text("meaning");
    reader.finish();
    if (!complete) {
      return;
    }
    YamlNode value = reader.node().get("default").orElseThrow();
    try {
      ParameterType type = ParameterType.of(value, range, words);
      Optional<String> complaint = type.complaint(value);
      complaint.ifPresent(c -> problems.add(value.mark(), reader.path("default"), c));
      parameters.add(new Parameters.Parameter(name, type, meaning, value, reader.mark()));
    } catch (IllegalArgumentException e) {
      problems.add(reader.markOf("range"), reader.path("range"), Problems.text(e));
    }
  }
}
