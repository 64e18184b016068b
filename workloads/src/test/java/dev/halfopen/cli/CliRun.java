package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One call of the program, and what it said. */
record CliRun(int exitCode, String out, String err) {
  static CliRun of(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        new CommandLineProgram(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8))
            .run(args);
    return new CliRun(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The summary of a run that ended well and in which every request is accounted for. */
  JsonNode summaryWithAllExplained() throws IOException {
    assertThat(exitCode).as(err).isZero();
    JsonNode summary = new ObjectMapper().readTree(out);
    assertThat(summary.get("unexplained").asLong()).isZero();
    JsonNode all = summary.get("requests");
    assertThat(all.get("offered").asLong())
        .isEqualTo(
            all.get("succeeded").asLong()
                + all.get("failed").asLong()
                + all.get("unfinished").asLong());
    return summary;
  }

  List<String> errorLines() {
    return err.lines().toList();
  }
}
