package dev.halfopen.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example of docs/embedding.md does what the document says, and is what it shows. */
class EmbeddingTest {
  private static final Path SOURCE =
      Path.of("src/test/java/dev/halfopen/embedding/HungWriter.java");

  @Test
  void theWriterHangsUntilItsRetriesAreUsedUp() {
    // A write in flight, RTT below 3 ms: tcp_retries2 stands for a bound of 924.6 s or 102.2 s; the
    // timer of the kernel's ladder that finds it passed fires at 937.7 to 939.8 s, 106.2 to 108.3
    // s.
    assertThat(HungWriter.secondsToKnow(15)).isBetween(937.7, 939.8);
    assertThat(HungWriter.secondsToKnow(8)).isBetween(106.2, 108.3);
  }

  @Test
  void theDocumentShowsTheSource() throws IOException {
    assertThat(Files.readString(Path.of("../docs/embedding.md")))
        .as("copy HungWriter.java into the java block of docs/embedding.md")
        .contains("```java\n" + Files.readString(SOURCE) + "```\n");
  }
}
