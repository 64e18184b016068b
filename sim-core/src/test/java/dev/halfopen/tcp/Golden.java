package dev.halfopen.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Texts that were reviewed once and are compared since. {@code -Dhalfopen.golden=write} writes them
 * anew; the review is then the diff.
 */
final class Golden {
  private Golden() {}

  static void matches(String name, String actual) {
    try {
      if ("write".equals(System.getProperty("halfopen.golden"))) {
        Path file = Path.of("src/test/resources/dev/halfopen/tcp", name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, actual);
        return;
      }
      try (InputStream in = Golden.class.getResourceAsStream(name)) {
        assertThat(in).as(name + " is missing: run with -Dhalfopen.golden=write").isNotNull();
        String expected = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        assertThat(actual.lines().toList()).as(name).isEqualTo(expected.lines().toList());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
