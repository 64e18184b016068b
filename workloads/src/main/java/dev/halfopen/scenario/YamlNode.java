package dev.halfopen.scenario;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A YAML document as a tree in which every node knows where it was written. Never changed. */
public sealed interface YamlNode {
  Mark mark();

  /** How a person would call it: "text", "a list", "a mapping". */
  String kind();

  /** A value as it was written, without interpretation: YAML would read 6.10 as 6.1. */
  record Scalar(Mark mark, String text, boolean quoted) implements YamlNode {
    @Override
    public String kind() {
      return "a value";
    }

    /** The parameter's name if this is {@code $name}. */
    public Optional<String> reference() {
      return !quoted && text.length() > 1 && text.charAt(0) == '$'
          ? Optional.of(text.substring(1))
          : Optional.empty();
    }
  }

  /** Nodes in the order of the file. */
  record Sequence(Mark mark, List<YamlNode> items, boolean flow) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /** Keys in the order of the file, each once. */
  record Mapping(Mark mark, Map<String, Entry> entries, boolean flow) implements YamlNode {
    public Mapping {
      entries = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public String kind() {
      return "a mapping";
    }

    public Optional<YamlNode> get(String key) {
      return Optional.ofNullable(entries.get(key)).map(Entry::value);
    }

    /** A copy in which {@code key} has this value; a new key comes last. */
    public Mapping with(String key, YamlNode value) {
      Map<String, Entry> copy = new LinkedHashMap<>(entries);
      Entry old = copy.get(key);
      copy.put(key, new Entry(old == null ? value.mark() : old.keyMark(), value));
      return new Mapping(mark, copy, flow);
    }

    public Mapping without(String key) {
      Map<String, Entry> copy = new LinkedHashMap<>(entries);
      copy.remove(key);
      return new Mapping(mark, copy, flow);
    }
  }

  /** A key's place and its value. */
  record Entry(Mark keyMark, YamlNode value) {}
}
