package dev.halfopen.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a parameter may be: the kind of its default, a range, a list of words; with a range and
 * words either will do.
 */
public record ParameterType(
    Form form, Optional<ValueKind> kind, Optional<Range> range, List<String> words) {
  /** The shape of a value. */
  public enum Form {
    QUANTITY,
    BOOLEAN,
    WORD,
    LIST
  }

  /** The type that a default value, a range and words imply. */
  static ParameterType of(YamlNode defaultValue, Optional<String> range, List<String> words) {
    if (defaultValue instanceof YamlNode.Sequence) {
      return new ParameterType(Form.LIST, Optional.empty(), Optional.empty(), words);
    }
    String text = text(defaultValue);
    Optional<ValueKind> kind = ValueKind.of(text);
    if (range.isPresent()) {
      String least = range.get().split("\\.\\.", 2)[0].trim();
      ValueKind rangeKind = kind.or(() -> ValueKind.of(least)).orElse(ValueKind.COUNT);
      Range parsed = Range.parse(rangeKind, range.get());
      return new ParameterType(Form.QUANTITY, Optional.of(rangeKind), Optional.of(parsed), words);
    }
    if (!words.isEmpty()) {
      return new ParameterType(Form.WORD, Optional.empty(), Optional.empty(), words);
    }
    if (text.equals("true") || text.equals("false")) {
      return new ParameterType(Form.BOOLEAN, Optional.empty(), Optional.empty(), words);
    }
    Form form = kind.isPresent() ? Form.QUANTITY : Form.WORD;
    return new ParameterType(form, kind, Optional.empty(), words);
  }

  /** What is wrong with a value, for the user. */
  Optional<String> complaint(YamlNode value) {
    if (form == Form.LIST) {
      return listComplaint(value);
    }
    if (!(value instanceof YamlNode.Scalar)) {
      return Optional.of(value.kind() + " is given; one value is wanted");
    }
    String text = text(value);
    return switch (form) {
      case QUANTITY -> words.contains(text) ? Optional.empty() : quantityComplaint(text);
      case BOOLEAN ->
          text.equals("true") || text.equals("false")
              ? Optional.empty()
              : Optional.of("\"" + text + "\" is not true or false");
      case WORD, LIST -> wordComplaint(text);
    };
  }

  private Optional<String> quantityComplaint(String text) {
    ValueKind valueKind = kind.orElse(ValueKind.COUNT);
    try {
      Quantity quantity = Quantity.parse(valueKind, text);
      if (range.isPresent()) {
        return range.get().complaint(quantity);
      }
      return quantity.isNegative() ? Optional.of(text + " is negative") : Optional.empty();
    } catch (IllegalArgumentException e) {
      String or = words.isEmpty() ? "" : ", or " + String.join(", ", words);
      return Optional.of(Problems.text(e) + or);
    }
  }

  private Optional<String> wordComplaint(String text) {
    if (words.isEmpty() || words.contains(text)) {
      return Optional.empty();
    }
    return Optional.of(
        "\"" + text + "\" is not one of " + String.join(", ", words) + Suggest.hint(text, words));
  }

  private Optional<String> listComplaint(YamlNode value) {
    if (!(value instanceof YamlNode.Sequence list)) {
      return Optional.of("a list is wanted");
    }
    for (YamlNode item : list.items()) {
      Optional<String> complaint = wordComplaint(text(item));
      if (complaint.isPresent()) {
        return complaint;
      }
    }
    return Optional.empty();
  }

  /** For a list, "a,b" and "none" of the command line become lists. */
  YamlNode normalized(YamlNode value) {
    if (form != Form.LIST || !(value instanceof YamlNode.Scalar scalar)) {
      return value;
    }
    List<YamlNode> items = new ArrayList<>();
    if (!scalar.text().equals("none") && !scalar.text().isEmpty()) {
      for (String part : scalar.text().split(",", -1)) {
        items.add(new YamlNode.Scalar(scalar.mark(), part.trim(), false));
      }
    }
    return new YamlNode.Sequence(scalar.mark(), items, true);
  }

  /** A value as the command line writes it. */
  static String text(YamlNode value) {
    if (value instanceof YamlNode.Scalar scalar) {
      return scalar.text();
    }
    if (value instanceof YamlNode.Sequence sequence) {
      List<String> items = new ArrayList<>();
      sequence.items().forEach(item -> items.add(text(item)));
      return "[" + String.join(", ", items) + "]";
    }
    return "{...}";
  }

  /** The range or the words, as the scenario gives them; empty if anything goes. */
  public String limits() {
    List<String> parts = new ArrayList<>(words);
    range.ifPresent(r -> parts.add(r.toString()));
    return String.join(" | ", parts);
  }
}
