package dev.halfopen.cli;

import dev.halfopen.catalog.Catalog;
import picocli.CommandLine.Command;

/** Lists the workloads. */
@Command(
    name = "list",
    mixinStandardHelpOptions = false,
    description = "Lists the workloads that come with halfopen.")
final class ListCommand extends HelpfulCommand {
  private final Streams streams;

  ListCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    for (Catalog.Entry entry : Catalog.entries()) {
      streams.out().println(entry.name() + "   " + entry.question());
    }
    return ExitCode.FINE;
  }
}
