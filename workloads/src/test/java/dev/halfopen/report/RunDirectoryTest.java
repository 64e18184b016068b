package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halfopen.scenario.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir private Path parent;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void makesParentsAndTakesThemBack() throws BadInputException {
    RunDirectory directory = RunDirectory.prepare(parent.resolve("a/b"), "--out a/b");
    assertThat(parent.resolve("a/b/.halfopen")).exists();
    directory.undo();
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void keepsWhatWasThereWhenTakenBack() throws BadInputException, IOException {
    RunDirectory.prepare(parent.resolve("a"), "--out a").write(Map.of("x", bytes("1")));
    RunDirectory.prepare(parent.resolve("a"), "--out a").undo();
    assertThat(Files.readString(parent.resolve("a/x"))).isEqualTo("1");
    assertThat(parent.resolve("a/.halfopen")).exists();
  }

  @Test
  void replacesItsOwnFilesOnly() throws BadInputException, IOException {
    Path own = parent.resolve("own");
    RunDirectory.prepare(own, "--out own").write(Map.of("old", bytes("1")));
    RunDirectory.prepare(own, "--out own").write(Map.of("new", bytes("2")));
    assertThat(own.toFile().list()).containsExactlyInAnyOrder(".halfopen", "new");
    Files.createDirectories(parent.resolve("other"));
    Files.writeString(parent.resolve("other/file"), "theirs");
    assertThatThrownBy(() -> RunDirectory.prepare(parent.resolve("other"), "--out other"))
        .hasMessageContaining("was not written by halfopen");
  }

  @Test
  void emptyDirectoryMayBeUsed() throws BadInputException, IOException {
    Path empty = Files.createDirectory(parent.resolve("empty"));
    RunDirectory directory = RunDirectory.prepare(empty, "--out empty");
    directory.undo();
    assertThat(empty).isEmptyDirectory();
  }

  @Test
  void fileThatIsWrittenDuringTheRunTakesItsPlaceAtTheEnd() throws BadInputException, IOException {
    RunDirectory out = RunDirectory.prepare(parent.resolve("a"), "--out a");
    Files.writeString(out.begin("capture.pcapng"), "packets");
    assertThat(parent.resolve("a/capture.pcapng")).doesNotExist();
    out.write(Map.of("summary.json", new byte[0]));
    assertThat(parent.resolve("a/capture.pcapng")).hasContent("packets");
    assertThat(parent.resolve("a/.capture.pcapng.tmp")).doesNotExist();
  }

  @Test
  void fileThatWasBegunAndNeverWrittenIsNotThere() throws BadInputException, IOException {
    RunDirectory out = RunDirectory.prepare(parent.resolve("a"), "--out a");
    out.begin("ss-30s.txt");
    out.write(Map.of("summary.json", new byte[0]));
    assertThat(parent.resolve("a/summary.json")).exists();
    assertThat(parent.resolve("a/ss-30s.txt")).doesNotExist();
  }

  @Test
  void runThatFailsLeavesNothingOfWhatItHadBegun() throws BadInputException, IOException {
    RunDirectory out = RunDirectory.prepare(parent.resolve("a"), "--out a");
    Files.writeString(out.begin("capture.pcapng"), "packets");
    out.undo();
    assertThat(parent.resolve("a")).doesNotExist();
  }
}
