package dev.halfopen.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** A command with --help; its result is the exit code. */
abstract class HelpfulCommand implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean help;

  final boolean isHelp() {
    return help;
  }
}
