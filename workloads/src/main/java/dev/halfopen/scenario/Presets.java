package dev.halfopen.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What software of a certain version does by default: {@code presets/NAME.yaml}, a mapping from
 * dotted keys to {@code { value, source }}. The source stands as origin beside the value in what
 * {@code halfopen check} prints.
 */
final class Presets {
  private static final List<String> NAMES = List.of("nginx-1.26");

  private Presets() {}

  static List<String> names() {
    return NAMES;
  }

  static Optional<YamlNode.Mapping> find(String name) {
    return NAMES.contains(name) ? Optional.of(load(name)) : Optional.empty();
  }

  private static YamlNode.Mapping load(String name) {
    String file = "presets/" + name + ".yaml";
    try (InputStream in = Presets.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("no " + file);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      YamlNode.Mapping root = empty(Mark.option(name));
      for (Map.Entry<String, YamlNode.Entry> e :
          YamlReader.document(file, text).entries().entrySet()) {
        root = put(root, e.getKey().split("\\.", -1), 0, value(name, e.getValue().value()));
      }
      return root;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (BadInputException e) {
      throw new IllegalStateException(file, e);
    }
  }

  private static YamlNode value(String name, YamlNode declared) {
    if (!(declared instanceof YamlNode.Mapping m)) {
      throw new IllegalStateException(declared.mark() + ": { value, source } is wanted");
    }
    Mark mark = Mark.option(name + " (" + ParameterType.text(m.get("source").orElseThrow()) + ")");
    return YamlReader.remark(mark, m.get("value").orElseThrow());
  }

  private static YamlNode.Mapping put(
      YamlNode.Mapping root, String[] keys, int at, YamlNode value) {
    if (at == keys.length - 1) {
      return root.with(keys[at], value);
    }
    YamlNode.Mapping inner =
        root.get(keys[at]).orElse(null) instanceof YamlNode.Mapping m ? m : empty(value.mark());
    return root.with(keys[at], put(inner, keys, at + 1, value));
  }

  private static YamlNode.Mapping empty(Mark mark) {
    return new YamlNode.Mapping(mark, new LinkedHashMap<>(), false);
  }
}
