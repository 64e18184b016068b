package dev.halfopen.scenario;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of the language that name a kind of something.
 *
 * @param known those that can be simulated
 * @param later those of the language that cannot yet; refused by name
 */
record Words(List<String> known, List<String> later) {
  Words {
    known = List.copyOf(known);
    later = List.copyOf(later);
  }

  /** What is wrong with a word that is not known. */
  String unknown(String what, String word) {
    if (later.contains(word)) {
      return "not modelled yet: " + word;
    }
    List<String> all = new ArrayList<>(known);
    all.addAll(later);
    return "unknown "
        + what
        + " "
        + word
        + Suggest.hint(word, all)
        + "; known: "
        + String.join(", ", known.isEmpty() ? all : known);
  }
}
