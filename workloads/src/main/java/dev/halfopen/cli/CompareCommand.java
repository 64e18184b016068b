package dev.halfopen.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.halfopen.report.Comparison;
import dev.halfopen.report.RunDirectory;
import dev.halfopen.report.html.ComparePage;
import dev.halfopen.scenario.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts two runs side by side. */
@Command(name = "compare", description = "Shows two runs: inputs that differ, then the results.")
final class CompareCommand extends HelpfulCommand {
  private static final List<String> FILES =
      List.of("summary.json", "scenario.yaml", "timeseries.csv", "latency.hlog");
  private static final int GAP = 2;

  private final Streams streams;

  @Parameters(
      index = "0",
      paramLabel = "DIR",
      description = "Folder of a run: what it printed at `files`.")
  private Path first = Path.of("");

  @Parameters(index = "1", paramLabel = "DIR", description = "Folder of another run.")
  private Path second = Path.of("");

  @Option(names = "--all", description = "Shows every resource, and the counters that differ.")
  private boolean all;

  @Option(names = "--html", paramLabel = "FILE", description = "Writes a page with charts as well.")
  private @Nullable Path html;

  CompareCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws Exception {
    Map<String, byte[]> a = read(first);
    Map<String, byte[]> b = read(second);
    Comparison comparison =
        Comparison.of(summary(first, a), scenario(a), summary(second, b), scenario(b));
    print("inputs", comparison.inputs());
    List<Comparison.Row> results = comparison.results();
    List<Comparison.Row> shown = all ? results : comparison.main();
    print("results", shown);
    if (shown.size() < results.size()) {
      streams.out().println("--all shows resources and counters as well, --html FILE charts");
    }
    if (html != null) {
      write(html, ComparePage.of(comparison, first.toString(), a, second.toString(), b));
      streams.out().println("files            " + html);
    }
    streams.out().flush();
    return ExitCode.FINE;
  }

  private static Map<String, byte[]> read(Path directory) throws BadInputException {
    RunDirectory run = RunDirectory.open(directory);
    Map<String, byte[]> files = new LinkedHashMap<>();
    try {
      for (String name : FILES) {
        files.put(name, run.read(name));
      }
    } catch (IOException e) {
      throw new BadInputException(directory + ": " + RunDirectory.reason(e));
    }
    return files;
  }

  private static JsonNode summary(Path directory, Map<String, byte[]> files)
      throws BadInputException {
    try {
      return new ObjectMapper().readTree(files.getOrDefault("summary.json", new byte[0]));
    } catch (IOException e) {
      throw new BadInputException(directory + ": summary.json: is not JSON");
    }
  }

  private static String scenario(Map<String, byte[]> files) {
    return new String(files.getOrDefault("scenario.yaml", new byte[0]), StandardCharsets.UTF_8);
  }

  private static void write(Path file, byte[] content) throws BadInputException {
    Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      Files.write(temporary, content);
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new BadInputException(
          "--html " + file + ": cannot be written: " + RunDirectory.reason(e));
    }
  }

  private void print(String title, List<Comparison.Row> rows) {
    if (rows.isEmpty()) {
      streams.out().println(title + ": none differ");
    }
    int nameWidth = title.length();
    int valueWidth = 0;
    for (Comparison.Row row : rows) {
      nameWidth = Math.max(nameWidth, row.name().length());
      boolean sentence = row.name().equals("verdict");
      valueWidth = sentence ? valueWidth : Math.max(valueWidth, row.a().length());
    }
    for (Comparison.Row row : rows) {
      if (row.name().equals("verdict")) {
        streams.out().println("A  " + row.a());
        streams.out().println("B  " + row.b());
      } else {
        streams
            .out()
            .println(padded(row.name(), nameWidth) + padded(row.a(), valueWidth) + row.b());
      }
    }
    streams.out().println();
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length() + GAP);
  }
}
