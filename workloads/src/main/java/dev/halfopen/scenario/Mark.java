package dev.halfopen.scenario;

/**
 * Where a value was written: a place in a file, or an option of the command line.
 *
 * @param source a file's name, or an option as it was given ("--set rate=900/s")
 * @param line from 1; 0 where the source is not a file
 * @param column from 1; 0 where the source is not a file
 */
public record Mark(String source, int line, int column) {
  /** A value that nobody wrote. */
  public static final Mark NOWHERE = new Mark("default", 0, 0);

  /** An option of the command line. */
  public static Mark option(String option) {
    return new Mark(option, 0, 0);
  }

  public boolean isInFile() {
    return line > 0;
  }

  /** {@code file:line}, or the option. */
  public String shortForm() {
    return isInFile() ? source + ":" + line : source;
  }

  /** {@code file:line:column}, or the option. */
  @Override
  public String toString() {
    return isInFile() ? source + ":" + line + ":" + column : source;
  }
}
