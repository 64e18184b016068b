package dev.halfopen.scenario;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects everything that is wrong with a scenario, so that one run of halfopen tells it all. */
public final class Problems {
  /** A file with hundreds of errors is another kind of file; the rest is counted. */
  private static final int SHOWN_MAX = 20;

  private final Set<String> lines = new LinkedHashSet<>();

  /** What an exception says. */
  static String text(Exception e) {
    return String.valueOf(e.getMessage());
  }

  /** Adds {@code file:line:column: path: message}, or {@code --option: message}. */
  public void add(Mark mark, String path, String message) {
    lines.add(
        mark.isInFile() && !path.isEmpty()
            ? mark + ": " + path + ": " + message
            : mark + ": " + message);
  }

  public boolean isEmpty() {
    return lines.isEmpty();
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** Ends the reading if anything was wrong. */
  public void throwIfAny() throws BadInputException {
    if (lines.isEmpty()) {
      return;
    }
    List<String> shown = new ArrayList<>(lines);
    if (shown.size() > SHOWN_MAX) {
      int more = shown.size() - SHOWN_MAX;
      shown = new ArrayList<>(shown.subList(0, SHOWN_MAX));
      shown.add("and " + more + " more errors");
    }
    throw new BadInputException(shown);
  }
}
