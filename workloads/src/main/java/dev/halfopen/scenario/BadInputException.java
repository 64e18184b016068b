package dev.halfopen.scenario;

import java.util.List;

/** The user's input cannot be run; one line for each thing that is wrong. Exit code 2. */
public final class BadInputException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> lines;

  public BadInputException(List<String> lines) {
    super(String.join("\n", lines));
    this.lines = List.copyOf(lines);
  }

  public BadInputException(String line) {
    this(List.of(line));
  }

  public List<String> lines() {
    return lines;
  }
}
