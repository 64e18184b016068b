package dev.halfopen.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.halfopen.scenario.Scenario;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the schema of scenario files, for editors or for people. */
@Command(
    name = "schema",
    description = "Prints the JSON Schema of scenario files, for editors; --markdown for people.")
final class SchemaCommand extends HelpfulCommand {
  private final Streams streams;

  @Option(names = "--markdown", description = "As tables: docs/scenario-reference.md.")
  private boolean markdown;

  SchemaCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    String schema = text();
    streams
        .out()
        .print(markdown ? SchemaReference.of(new ObjectMapper().readTree(schema)) : schema);
    streams.out().flush();
    return ExitCode.FINE;
  }

  private static String text() throws IOException {
    try (InputStream in = Scenario.class.getResourceAsStream("scenario.schema.json")) {
      if (in == null) {
        throw new IOException("the jar lacks scenario.schema.json");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
