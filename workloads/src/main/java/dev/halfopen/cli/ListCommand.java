package dev.halfopen.cli;

import dev.halfopen.catalog.Catalog;
import dev.halfopen.scenario.BadInputException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the workloads, or those that are about some words. */
@Command(
    name = "list",
    mixinStandardHelpOptions = false,
    description = "Lists the workloads and their questions; with WORDs, those they are about.")
final class ListCommand extends HelpfulCommand {
  private static final int GAP = 2;

  private final Streams streams;

  @Parameters(
      paramLabel = "WORD",
      arity = "0..*",
      description = "What happened, in your words: 502, EADDRNOTAVAIL, database died.")
  private List<String> words = new ArrayList<>();

  ListCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws BadInputException {
    List<Catalog.Entry> found = words.isEmpty() ? Catalog.entries() : Catalog.about(words);
    if (found.isEmpty()) {
      throw new BadInputException(
          "list: no workload is about " + String.join(" ", words) + "; `halfopen list` shows all");
    }
    print("questions from outages", found.stream().filter(e -> !e.isOfScale()).toList());
    print("how much the simulator bears", found.stream().filter(e -> e.isOfScale()).toList());
    String name = found.get(0).name();
    streams.out().println("halfopen run " + name + "      answers it; takes seconds");
    streams.out().println("halfopen check " + name + "    lists what --set can change in it");
    return ExitCode.FINE;
  }

  private void print(String title, List<Catalog.Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    int width = entries.stream().mapToInt(e -> e.name().length()).max().orElse(0) + GAP;
    streams.out().println(title);
    for (Catalog.Entry entry : entries) {
      String gap = " ".repeat(width - entry.name().length());
      streams.out().println("  " + entry.name() + gap + entry.question());
    }
    streams.out().println();
  }
}
