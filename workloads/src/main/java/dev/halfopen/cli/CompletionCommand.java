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
    return shell == Shell.zsh ? "#compdef halfopen\n" + script : script;
  }
}
