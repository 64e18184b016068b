package dev.halfopen.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program without a command: it shows its help. */
@Command(
    name = "halfopen",
    synopsisSubcommandLabel = "COMMAND",
    description = "Simulates Linux TCP connections packet by packet.",
    footer = {
      "",
      "From a question to an answer: halfopen list WORD, run NAME, then capacity, sweep or compare.",
      "Exit codes: 0 fine; 1 a threshold missed; 2 bad input; 3 internal error or self-check missed;",
      "            4 ended by a limit or before a threshold's instant, result partial; 130 interrupted, result partial."
    })
final class HalfopenCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli
  private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help; COMMAND --help shows a command's.")
  private boolean help;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing; `halfopen list` shows what it can answer");
  }

  boolean isHelp() {
    return help;
  }
}
