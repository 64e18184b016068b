package dev.halfopen.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes that are meant, a line each: {@code LOAD FIGURE OLD -> NEW: why}. A line counts only for
 * exactly these two values, so that it excuses no later change.
 */
final class Announcements {
  private static final int FIELDS = 5;

  private final List<String> announced;

  private Announcements(List<String> announced) {
    this.announced = announced;
  }

  static Announcements none() {
    return new Announcements(List.of());
  }

  /** Reads the file; none if it does not exist. Throws IllegalArgumentException with the line. */
  static Announcements read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return none();
    }
    List<String> announced = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int colon = line.indexOf(':');
      String[] words = (colon < 0 ? line : line.substring(0, colon)).split(" +", -1);
      boolean hasReason = colon >= 0 && !line.substring(colon + 1).isBlank();
      if (!hasReason || words.length != FIELDS || !words[3].equals("->")) {
        throw new IllegalArgumentException(
            file + ":" + (i + 1) + ": \"" + line + "\"; write LOAD FIGURE OLD -> NEW: why");
      }
      announced.add(String.join(" ", words));
    }
    return new Announcements(announced);
  }

  boolean has(String load, String figure, String old, String now) {
    return announced.contains(load + " " + figure + " " + old + " -> " + now);
  }
}
