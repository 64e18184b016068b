package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.WINDOWS;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.io.TempDir;

/** The completion script, read and asked by a real bash. */
@DisabledOnOs(WINDOWS)
class CompletionTest {
  @TempDir private Path directory;
  private Path script;

  @BeforeEach
  void printScript() throws IOException {
    CliRun run = CliRun.of("completion", "bash");
    assertThat(run.exitCode()).as(run.err()).isZero();
    script = directory.resolve("halfopen-completion");
    Files.writeString(script, run.out());
  }

  private static String bash(String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of("bash"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }

  /** What bash would offer behind these words, the last of which is begun. */
  private List<String> offered(String... words) throws Exception {
    String line =
        "source '"
            + script
            + "'; COMP_WORDS=(halfopen "
            + String.join(" ", words)
            + "); COMP_CWORD="
            + words.length
            + "; _complete_halfopen; printf '%s\\n' \"${COMPREPLY[@]}\"";
    return bash("-c", line).lines().map(String::strip).toList();
  }

  @Test
  void bashCanReadIt() throws Exception {
    assertThat(bash("-n", script.toString())).isEmpty();
  }

  @Test
  void commandsOptionsAndWorkloadsAreOffered() throws Exception {
    assertThat(offered("sw")).containsExactly("sweep");
    assertThat(offered("run", "--th")).contains("--threads");
    assertThat(offered("run", "port")).contains("port-exhaustion");
    assertThat(offered("show", "db")).contains("db-failover");
    assertThat(offered("completion", "''")).contains("bash", "zsh");
  }

  @Test
  void zshIsGivenTheSameWithItsHeader() {
    String zsh = CliRun.of("completion", "zsh").out();
    assertThat(zsh).startsWith("#compdef halfopen\n").contains("bashcompinit");
  }

  @Test
  void anotherShellIsRefused() {
    CliRun run = CliRun.of("completion", "fish");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("bash").contains("zsh");
  }
}
