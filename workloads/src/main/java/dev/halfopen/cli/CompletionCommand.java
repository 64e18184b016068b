package dev.halfopen.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what makes a shell complete commands, options and names of workloads. */
@Command(
    name = "completion",
    description = "Prints shell completion for bash or zsh: eval \"$(halfopen completion bash)\".")
final class CompletionCommand extends HelpfulCommand {
  /** Shells that it knows. */
  enum Shell {
    bash,
    zsh
  }

  private final Streams streams;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli
  private CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  private Shell shell = Shell.bash;

  CompletionCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    CommandLine program = spec.root().commandLine();
    streams.out().print(script(program, shell));
    streams.out().flush();
    return ExitCode.FINE;
  }

  /** Both shells read the same text: what picocli writes turns on zsh's understanding of bash. */
  private static String script(CommandLine program, Shell shell) {
    String script = AutoComplete.bash("halfopen", program);
    return shell == Shell.zsh ? zsh(script) : script;
  }

  /**
   * The script for {@code eval} and as a file {@code _halfopen} of zsh's fpath, which is read where
   * aliases do not count and must answer the first question itself. Options of the user's shell
   * stay as they are.
   */
  private static String zsh(String script) {
    return "#compdef halfopen\n"
        + script
            .replace("  setopt COMPLETE_ALIASES\n", "")
            .replace("  alias compopt=complete\n", "  compopt() { return 0; }\n")
        + "\n[[ $funcstack[1] == _halfopen ]] && _bash_complete -o default -F _complete_halfopen\n"
        + "true\n";
  }
}
