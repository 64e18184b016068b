package dev.halfopen.cli;

import dev.halfopen.catalog.Catalog;
import dev.halfopen.scenario.BadInputException;
import dev.halfopen.scenario.FileProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes a scenario to start from. */
@Command(
    name = "init",
    description = "Writes a commented scenario to start from: scenario.yaml, or WORKLOAD.yaml.")
final class InitCommand extends HelpfulCommand {
  private final Streams streams;

  @Parameters(
      paramLabel = "WORKLOAD",
      arity = "0..1",
      defaultValue = "",
      description = "A workload of `halfopen list`; without one, a proxy before two servers.")
  private String workload = "";

  InitCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws Exception {
    String text = workload.isEmpty() ? Catalog.template() : Catalog.open(workload).text();
    Path file = Path.of(workload.isEmpty() ? "scenario.yaml" : workload + ".yaml");
    try {
      Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new BadInputException(file + ": exists; move it away first");
    } catch (IOException e) {
      throw new BadInputException(file + ": " + FileProblem.reason(file, e));
    }
    streams.out().println("wrote " + file + "; next: halfopen check " + file);
    return ExitCode.FINE;
  }
}
