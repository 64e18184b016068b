package dev.halfopen.scenario;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What all readers of one scenario share: its parameters, its errors, the values read so far. */
final class ReadContext {
  private final Problems problems;
  private final Parameters parameters;
  private final Path directory;
  private final Map<String, EffectiveValue> values = new LinkedHashMap<>();
  private final Map<String, SampleFile> samples = new LinkedHashMap<>();
  private final Map<Mark, SampleFile> samplesByMark = new LinkedHashMap<>();

  ReadContext(Problems problems, Parameters parameters) {
    this(problems, parameters, Path.of(""));
  }

  /** Names of files start in {@code directory}. */
  ReadContext(Problems problems, Parameters parameters, Path directory) {
    this.problems = problems;
    this.parameters = parameters;
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  /** A file has been read that is named under {@code path}, at {@code mark}. */
  void samples(String path, Mark mark, SampleFile file) {
    record(path, file.summary(), mark.shortForm());
    samples.put(path, file);
    samplesByMark.put(mark, file);
  }

  /** By the path under which each is named. */
  Map<String, SampleFile> samples() {
    return samples;
  }

  /** By where each is named. */
  Map<Mark, SampleFile> samplesByMark() {
    return samplesByMark;
  }

  Problems problems() {
    return problems;
  }

  List<EffectiveValue> values() {
    return List.copyOf(values.values());
  }

  void record(String path, String value, String origin) {
    values.put(path, new EffectiveValue(path, value, origin));
  }

  /** A value after {@code $name} has been replaced. */
  record Resolved(YamlNode node, Mark mark, String origin) {}

  /** Replaces {@code $name}; empty, with an error noted, where no such parameter exists. */
  Optional<Resolved> resolve(String path, YamlNode node) {
    if (!(node instanceof YamlNode.Scalar scalar)) {
      return Optional.of(new Resolved(node, node.mark(), node.mark().shortForm()));
    }
    Optional<String> name = scalar.reference();
    if (name.isEmpty()) {
      if (!scalar.quoted() && scalar.text().contains("$")) {
        problems.add(
            node.mark(), path, "\"" + scalar.text() + "\": $name stands for a whole value only");
        return Optional.empty();
      }
      return Optional.of(new Resolved(node, node.mark(), node.mark().shortForm()));
    }
    Optional<Parameters.Parameter> parameter = parameters.find(name.get());
    if (parameter.isEmpty()) {
      problems.add(
          node.mark(),
          path,
          "unknown parameter $" + name.get() + Suggest.hint(name.get(), parameters.names()));
      return Optional.empty();
    }
    Parameters.Parameter p = parameter.get();
    p.markUsed();
    String origin = p.isSet() ? p.value().mark().source() : "parameter " + p.name();
    return Optional.of(new Resolved(p.value(), p.value().mark(), origin));
  }
}
