package dev.halfopen.claims;

import java.util.ArrayList;
import java.util.List;

/** What a simulation showed, sentence by sentence, each with the verdict on its numbers. */
final class Evidence {
  private final List<String> sentences = new ArrayList<>();
  private boolean holds = true;

  /**
   * Adds a sentence.
   *
   * @param asLinux whether the simulated values in it are those of Linux
   */
  Evidence show(boolean asLinux, String sentence) {
    holds &= asLinux;
    sentences.add(asLinux ? sentence : "NOT AS LINUX: " + sentence);
    return this;
  }

  boolean holds() {
    return holds;
  }

  String text() {
    return String.join("; ", sentences);
  }
}
