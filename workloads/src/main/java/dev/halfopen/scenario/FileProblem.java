package dev.halfopen.scenario;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Why a file could not be read, in words that do not depend on the platform. */
public final class FileProblem {
  private FileProblem() {}

  /** "cannot read FILE: no such file". */
  public static String unreadable(Path file, IOException e) {
    return "cannot read " + file + ": " + reason(file, e);
  }

  /** "no such file", "permission denied", "is a directory", "is not text in UTF-8". */
  public static String reason(Path file, IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (Files.isDirectory(file)) {
      return "is a directory";
    }
    return e instanceof CharacterCodingException ? "is not text in UTF-8" : "cannot be read";
  }
}
