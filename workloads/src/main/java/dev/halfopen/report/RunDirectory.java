package dev.halfopen.report;

import dev.halfopen.scenario.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the files of a run go. It is made and tried before anything is simulated, so that an hour
 * of simulation does not end at a full disk's door; a file marks it as halfopen's own.
 */
public final class RunDirectory {
  private static final String MARKER = ".halfopen";
  private static final String MARKER_TEXT = "A run of halfopen; the next run may replace it.\n";

  private final Path directory;
  private final Deque<Path> made;

  /** Files that are written while the run goes on, under their temporary names. */
  private final Set<String> begun = new LinkedHashSet<>();

  private RunDirectory(Path directory, Deque<Path> made) {
    this.directory = directory;
    this.made = made;
  }

  public Path path() {
    return directory;
  }

  /**
   * Makes the directory, or takes one that an earlier run made, or an empty one.
   *
   * @param option how the user gave it, for the error: "--out DIR"
   * @throws BadInputException if it is somebody else's or cannot be written; nothing is left behind
   */
  public static RunDirectory prepare(Path directory, String option) throws BadInputException {
    if (Files.isDirectory(directory)) {
      if (!Files.exists(directory.resolve(MARKER)) && !isEmpty(directory, option)) {
        throw new BadInputException(
            option
                + ": exists and was not written by halfopen; remove it or give another directory");
      }
    } else if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new BadInputException(option + ": is not a directory");
    }
    Deque<Path> made = new ArrayDeque<>();
    RunDirectory result = new RunDirectory(directory, made);
    try {
      result.make();
      Path marker = directory.resolve(MARKER);
      boolean isNew = !Files.exists(marker);
      Files.writeString(marker, MARKER_TEXT, StandardCharsets.UTF_8);
      if (isNew) {
        made.push(marker);
      }
      return result;
    } catch (IOException e) {
      result.undo();
      throw new BadInputException(option + ": cannot be written: " + reason(e));
    }
  }

  /**
   * Takes the directory of an earlier run.
   *
   * @throws BadInputException if there is none
   */
  public static RunDirectory open(Path directory) throws BadInputException {
    if (!Files.isDirectory(directory)) {
      throw new BadInputException(
          directory + ": is no folder; give one that `halfopen run` wrote, halfopen-out/NAME-HASH");
    }
    if (!Files.exists(directory.resolve(MARKER))) {
      throw new BadInputException(directory + ": was not written by halfopen");
    }
    return new RunDirectory(directory, new ArrayDeque<>());
  }

  /** The file's content; throws IOException that names the file if it cannot be read. */
  public byte[] read(String name) throws IOException {
    try {
      return Files.readAllBytes(directory.resolve(name));
    } catch (NoSuchFileException e) {
      throw new IOException(name + ": is missing", e);
    }
  }

  /** Puts one file in the place of the old one. */
  public void replace(String name, byte[] content) throws IOException {
    Path temporary = temporary(name);
    Files.write(temporary, content);
    Files.move(temporary, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private Path temporary(String name) {
    return directory.resolve("." + name + ".tmp");
  }

  /**
   * A file that the caller writes during the run and closes before {@link #write}, which puts it in
   * its place.
   *
   * @return where to write it
   */
  public Path begin(String name) {
    begun.add(name);
    made.push(temporary(name));
    return temporary(name);
  }

  private static boolean isEmpty(Path directory, String option) throws BadInputException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    } catch (IOException e) {
      throw new BadInputException(option + ": cannot be read: " + reason(e));
    }
  }

  private void make() throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path p = directory.toAbsolutePath(); p != null && !Files.exists(p); p = p.getParent()) {
      missing.push(p);
    }
    for (Path p : missing) {
      Files.createDirectory(p);
      made.push(p);
    }
  }

  /** Removes what {@link #prepare} made; for a run that ends before it writes anything. */
  public void undo() {
    while (!made.isEmpty()) {
      try {
        Files.deleteIfExists(made.pop());
      } catch (IOException e) {
        return; // somebody else has put a file there: theirs now
      }
    }
  }

  /** Replaces the files of an earlier run by these, each complete or not there. */
  public void write(Map<String, byte[]> files) throws IOException {
    removeOld();
    for (String name : begun) {
      Files.move(temporary(name), directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      replace(file.getKey(), file.getValue());
    }
    made.clear();
  }

  private void removeOld() throws IOException {
    List<Path> old;
    try (Stream<Path> entries = Files.list(directory)) {
      old =
          entries
              .filter(p -> !p.endsWith(MARKER) && !isBegun(p) && Files.isRegularFile(p))
              .toList();
    }
    for (Path p : old) {
      Files.delete(p);
    }
  }

  private boolean isBegun(Path path) {
    return begun.stream().anyMatch(name -> path.equals(temporary(name)));
  }

  /** Why a file could not be written, in words that do not depend on the platform. */
  public static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "a file is in the way";
    }
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    return e instanceof FileSystemException ? "the file system refuses it" : Figures.textOf(e);
  }
}
