package dev.halfopen.oracle;

import java.util.ArrayList;
import java.util.List;

/** A case as the measurement named it: words, and values written name=value. */
final class Case {
  private final String name;
  private final List<String> words = new ArrayList<>();

  Case(String name) {
    this.name = name;
    for (String word : name.replace(",", " ").split(" ", -1)) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
  }

  String name() {
    return name;
  }

  boolean has(String word) {
    return words.contains(word);
  }

  /** The text after {@code key=}, or {@code otherwise}. */
  String text(String key, String otherwise) {
    for (String word : words) {
      if (word.startsWith(key + "=")) {
        return word.substring(key.length() + 1);
      }
    }
    return otherwise;
  }

  /** The number after {@code key=}, a unit of ms cut off; True and False are 1 and 0. */
  int number(String key, int otherwise) {
    String text = text(key, "");
    if (text.isEmpty() || text.equals("None")) {
      return otherwise;
    }
    if (text.equals("True") || text.equals("False")) {
      return text.equals("True") ? 1 : 0;
    }
    return Integer.parseInt(text.endsWith("ms") ? text.substring(0, text.length() - 2) : text);
  }

  /** The number in a word like idle5, or the word after it as in "user_timeout 6000". */
  int suffix(String prefix, int otherwise) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals(prefix) && i + 1 < words.size()) {
        return Integer.parseInt(words.get(i + 1));
      }
      if (word.startsWith(prefix) && word.substring(prefix.length()).matches("[0-9]+")) {
        return Integer.parseInt(word.substring(prefix.length()));
      }
    }
    return otherwise;
  }
}
