package dev.halfopen.cli;

import dev.halfopen.catalog.Catalog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a workload's file. */
@Command(
    name = "show",
    description =
        "Prints a workload's scenario file; `show NAME > mine.yaml` is a start of your own.")
final class ShowCommand extends HelpfulCommand {
  private final Streams streams;

  @Parameters(
      paramLabel = "NAME",
      completionCandidates = WorkloadNames.class,
      description = "A workload of `halfopen list`.")
  private String name = "";

  ShowCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws Exception {
    streams.out().print(Catalog.open(name).text());
    return ExitCode.FINE;
  }
}
