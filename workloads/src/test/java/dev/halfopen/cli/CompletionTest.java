package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.condition.OS.WINDOWS;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    List<String> command = new ArrayList<>(List.of("bash"));
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

  /** In a terminal of its own: TAB behind a line must bring a pattern, or it waits for ever. */
  private static final String ZSH =
      """
      zmodload zsh/zpty
      zpty shell zsh -f -i
      zpty -w shell "PROMPT=''; $1; print ready-\\$((40+2))"
      zpty -r shell seen '*ready-42*'
      shift
      while (( $# )); do
        zpty -w -n shell "halfopen $1"$'\\t'
        zpty -r shell seen "*$2*"
        print -r -- "$seen"
        zpty -w -n shell $'\\C-u'
        shift 2
      done
      zpty -d shell
      """;

  private String zsh(String setUp, String... linesAndPatterns) throws Exception {
    Path asking = directory.resolve("ask.zsh");
    Files.writeString(asking, ZSH);
    List<String> command = new ArrayList<>(List.of("zsh", "-f", asking.toString(), setUp));
    command.addAll(List.of(linesAndPatterns));
    Path said = directory.resolve("said");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
    } catch (IOException e) {
      assumeTrue(false, "no zsh here: " + e.getMessage());
      return "";
    }
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    String out = Files.readString(said);
    assertThat(ended).as("all patterns came: " + out).isTrue();
    assertThat(process.exitValue()).as(out).isZero();
    return out;
  }

  @Test
  void zshCompletesFromItsFpathFromTheFirstTabOn() throws Exception {
    Files.writeString(directory.resolve("_halfopen"), CliRun.of("completion", "zsh").out());
    String setUp = "fpath=(" + directory + " $fpath); autoload -Uz compinit; compinit -u -D";
    assertThat(
            zsh(
                setUp,
                "sw",
                "sweep",
                "run --th",
                "--th*reads",
                "run port",
                "-exhaustion",
                "",
                "capacity*sweep*version"))
        .doesNotContain("not found");
  }

  @Test
  void zshCompletesWhatWasEvaluated() throws Exception {
    Path file = directory.resolve("anywhere");
    Files.writeString(file, CliRun.of("completion", "zsh").out());
    String setUp = "autoload -Uz compinit; compinit -u -D; eval \"$(cat " + file + ")\"";
    assertThat(zsh(setUp, "completion z", "sh", "show db", "failover", "run --th", "--th*reads"))
        .doesNotContain("not found");
  }

  @Test
  void anotherShellIsRefused() {
    CliRun run = CliRun.of("completion", "fish");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("bash").contains("zsh");
  }
}
