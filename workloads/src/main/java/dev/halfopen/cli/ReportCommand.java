package dev.halfopen.cli;

import dev.halfopen.report.RunDirectory;
import dev.halfopen.report.html.HtmlReport;
import dev.halfopen.scenario.BadInputException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes the page of an earlier run anew. */
@Command(name = "report", description = "Makes report.html of an earlier run again.")
final class ReportCommand extends HelpfulCommand {
  private static final List<String> SOURCES =
      List.of("summary.json", "timeseries.csv", "latency.hlog");

  private final Streams streams;

  @Parameters(paramLabel = "DIR", description = "The folder that `halfopen run` wrote.")
  private String directory = "";

  ReportCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws Exception {
    try {
      RunDirectory run = RunDirectory.open(Path.of(directory));
      Map<String, byte[]> files = new LinkedHashMap<>();
      for (String name : SOURCES) {
        files.put(name, run.read(name));
      }
      run.replace("report.html", HtmlReport.of(files));
    } catch (InvalidPathException e) {
      throw new BadInputException(directory + ": is not a file name");
    } catch (IOException e) {
      throw new BadInputException(directory + ": " + RunDirectory.reason(e));
    }
    streams.out().println(Path.of(directory).resolve("report.html"));
    return ExitCode.FINE;
  }
}
