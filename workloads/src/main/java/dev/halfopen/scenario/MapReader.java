package dev.halfopen.scenario;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Reads the keys of one mapping with their kinds and limits. What is wrong is noted and the default
 * taken, so that reading goes on; {@link #finish} refuses the keys that nobody asked for.
 */
final class MapReader {
  private final ReadContext context;
  private final String path;
  private final YamlNode.Mapping node;
  private final Set<String> known = new LinkedHashSet<>();
  private final Set<String> notModelled = new LinkedHashSet<>();

  MapReader(ReadContext context, String path, YamlNode.Mapping node) {
    this.context = context;
    this.path = path;
    this.node = node;
  }

  String path() {
    return path;
  }

  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  Mark mark() {
    return node.mark();
  }

  YamlNode.Mapping node() {
    return node;
  }

  ReadContext context() {
    return context;
  }

  boolean has(String key) {
    return node.entries().containsKey(key);
  }

  /** The place of a key's value, or of the mapping where the key is missing. */
  Mark markOf(String key) {
    return node.get(key).map(YamlNode::mark).orElse(node.mark());
  }

  void problem(String key, String message) {
    Mark mark =
        node.get(key)
            .flatMap(n -> context.resolve(path(key), n))
            .map(ReadContext.Resolved::mark)
            .orElse(markOf(key));
    context.problems().add(mark, path(key), message);
  }

  /** A key that somebody else has read. */
  void known(String key) {
    known.add(key);
  }

  /** Keys of the language that this version cannot simulate; they are refused by name. */
  void notModelled(String... keys) {
    notModelled.addAll(List.of(keys));
  }

  /** Refuses keys that are unknown or not modelled. */
  void finish() {
    Collection<String> suggestions = new ArrayList<>(known);
    suggestions.addAll(notModelled);
    for (Map.Entry<String, YamlNode.Entry> e : node.entries().entrySet()) {
      String key = e.getKey();
      if (notModelled.contains(key)) {
        context.problems().add(e.getValue().keyMark(), path(key), "not modelled yet");
      } else if (!known.contains(key)) {
        String hint = Suggest.hint(key, suggestions);
        String listing = hint.isEmpty() ? "; known here: " + String.join(", ", known) : hint;
        context
            .problems()
            .add(
                e.getValue().keyMark(),
                path.isEmpty() ? key : path,
                "unknown key " + key + listing);
      }
    }
  }

  private Optional<ReadContext.Resolved> resolved(String key) {
    known.add(key);
    return node.get(key).flatMap(value -> context.resolve(path(key), value));
  }

  private Optional<String> scalarText(String key) {
    Optional<ReadContext.Resolved> value = resolved(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get().node() instanceof YamlNode.Scalar scalar) {
      return Optional.of(scalar.text());
    }
    problem(key, value.get().node().kind() + " is given; one value is wanted");
    return Optional.empty();
  }

  private void record(String key, String value, boolean given) {
    String origin =
        given ? resolved(key).map(ReadContext.Resolved::origin).orElse("default") : "default";
    context.record(path(key), value, origin);
  }

  /** Free text; "" where it is missing. */
  String text(String key) {
    return scalarText(key).orElse("");
  }

  /** Notes an error if the key is missing. */
  boolean require(String key) {
    known.add(key);
    if (has(key)) {
      return true;
    }
    context.problems().add(node.mark(), path.isEmpty() ? key : path, "needs the key " + key);
    return false;
  }

  /** Text that must be there. */
  String requiredText(String key) {
    return require(key) ? text(key) : "";
  }

  /** One of some words. */
  String word(String key, String defaultWord, Collection<String> allowed) {
    Optional<String> text = scalarText(key);
    String word = text.orElse(defaultWord);
    if (!allowed.contains(word)) {
      problem(
          key,
          "\""
              + word
              + "\" is not one of "
              + String.join(", ", allowed)
              + Suggest.hint(word, allowed));
      word = defaultWord;
    }
    record(key, word, text.isPresent());
    return word;
  }

  /** One of an enum's constants, written in camelCase. */
  <E extends Enum<E>> E oneOf(String key, E defaultValue, Class<E> type) {
    List<String> words = new ArrayList<>();
    for (E e : type.getEnumConstants()) {
      words.add(wordOf(e));
    }
    String word = word(key, wordOf(defaultValue), words);
    return type.getEnumConstants()[words.indexOf(word)];
  }

  /** {@code ROUND_ROBIN} is written roundRobin. */
  static String wordOf(Enum<?> constant) {
    StringBuilder word = new StringBuilder();
    for (String part : constant.name().toLowerCase(Locale.ROOT).split("_", -1)) {
      word.append(
          word.length() == 0
              ? part
              : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
    }
    return word.toString();
  }

  /** A list of an enum's constants. */
  <E extends Enum<E>> Set<E> setOf(String key, Set<E> defaultValue, Class<E> type) {
    Optional<ReadContext.Resolved> value = resolved(key);
    if (value.isEmpty()) {
      record(key, textOf(defaultValue), false);
      return defaultValue;
    }
    if (!(value.get().node() instanceof YamlNode.Sequence list)) {
      problem(key, "a list is wanted, for example " + textOf(defaultValue));
      return defaultValue;
    }
    Set<E> set = new LinkedHashSet<>();
    for (YamlNode item : list.items()) {
      constant(ParameterType.text(item), type)
          .ifPresentOrElse(set::add, () -> problem(key, notOneOf(ParameterType.text(item), type)));
    }
    record(key, textOf(set), true);
    return set;
  }

  private static <E extends Enum<E>> String textOf(Set<E> set) {
    List<String> words = new ArrayList<>();
    set.forEach(e -> words.add(wordOf(e)));
    return "[" + String.join(", ", words) + "]";
  }

  private static <E extends Enum<E>> Optional<E> constant(String word, Class<E> type) {
    for (E e : type.getEnumConstants()) {
      if (wordOf(e).equals(word)) {
        return Optional.of(e);
      }
    }
    return Optional.empty();
  }

  private static <E extends Enum<E>> String notOneOf(String word, Class<E> type) {
    List<String> words = new ArrayList<>();
    for (E e : type.getEnumConstants()) {
      words.add(wordOf(e));
    }
    return "\"" + word + "\" is not one of " + String.join(", ", words) + Suggest.hint(word, words);
  }

  /** A quantity within a range, both in the notation of the scenario. */
  Quantity quantity(String key, ValueKind kind, String defaultText, String range) {
    Optional<String> text = scalarText(key);
    Quantity fallback = Quantity.parse(kind, defaultText);
    if (text.isEmpty()) {
      record(key, defaultText, false);
      return fallback;
    }
    try {
      Quantity quantity = Quantity.parse(kind, text.get());
      Optional<String> complaint = Range.parse(kind, range).complaint(quantity);
      complaint.ifPresent(c -> problem(key, c));
      record(key, quantity.text(), true);
      return complaint.isEmpty() ? quantity : fallback;
    } catch (IllegalArgumentException e) {
      problem(key, Problems.text(e));
      return fallback;
    }
  }

  long durationNs(String key, String defaultText, String range) {
    return quantity(key, ValueKind.DURATION, defaultText, range).asLong();
  }

  /** A share in percent, as a number from 0 to 1. */
  double share(String key, String defaultText, String range) {
    return quantity(key, ValueKind.SHARE, defaultText, range).asLong() / ValueKind.SHARE_ONE;
  }

  int count(String key, String defaultText, String range) {
    return Math.toIntExact(quantity(key, ValueKind.COUNT, defaultText, range).asLong());
  }

  /** A count, or a word that stands for {@code 0}. */
  int countOr(String key, String word, String defaultText, String range) {
    boolean given = has(key);
    String text = given ? scalarText(key).orElse(defaultText) : defaultText;
    if (text.equals(word)) {
      known.add(key);
      record(key, word, given);
      return 0;
    }
    String countDefault = defaultText.equals(word) ? range.split("\\.\\.", 2)[0] : defaultText;
    return count(key, countDefault, range);
  }

  boolean flag(String key, boolean defaultValue) {
    return word(key, String.valueOf(defaultValue), List.of("true", "false")).equals("true");
  }

  /** The mapping under a key; empty, with an error noted, if it is something else. */
  Optional<MapReader> map(String key) {
    Optional<ReadContext.Resolved> value = resolved(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get().node() instanceof YamlNode.Mapping mapping) {
      return Optional.of(new MapReader(context, path(key), mapping));
    }
    problem(key, value.get().node().kind() + " is given; a mapping is wanted");
    return Optional.empty();
  }

  /** The mapping under a key, empty where it is missing. */
  MapReader mapOrEmpty(String key) {
    return map(key)
        .orElseGet(
            () ->
                new MapReader(
                    context, path(key), new YamlNode.Mapping(node.mark(), Map.of(), false)));
  }

  /** The mapping under every key of this mapping, in the order of the file. */
  <T> List<T> eachMap(Function<MapReader, T> reader) {
    List<T> all = new ArrayList<>();
    for (String key : node.entries().keySet()) {
      map(key).ifPresent(m -> all.add(reader.apply(m)));
    }
    return all;
  }

  /** The items of a list; empty where the key is missing. */
  List<YamlNode> list(String key) {
    Optional<ReadContext.Resolved> value = resolved(key);
    if (value.isEmpty()) {
      return List.of();
    }
    if (value.get().node() instanceof YamlNode.Sequence sequence) {
      return sequence.items();
    }
    problem(key, value.get().node().kind() + " is given; a list is wanted");
    return List.of();
  }

  /** The mappings of a list; what is none is an error. */
  void eachItem(String key, Consumer<MapReader> reader) {
    int index = 0;
    for (YamlNode item : list(key)) {
      String itemPath = path(key) + "[" + index++ + "]";
      if (item instanceof YamlNode.Mapping mapping) {
        reader.accept(new MapReader(context, itemPath, mapping));
      } else {
        context.problems().add(item.mark(), itemPath, "a mapping is wanted");
      }
    }
  }

  /** The last part of the path: a host's or an application's name. */
  String name() {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
