package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.halfopen.cli.CommandLineProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The summary of a small scenario, read for what its diagnosis says. */
record DiagnosedRun(JsonNode summary) {
  /** Runs a scenario; it must be valid, and its books must balance. */
  static DiagnosedRun of(Path directory, String scenario, String... options) throws IOException {
    Path file = directory.resolve("scenario.yaml");
    Files.writeString(file, scenario);
    List<String> command = new ArrayList<>(List.of("run", file.toString()));
    command.addAll(List.of(options));
    command.addAll(List.of("--json", "--out", directory.resolve("out").toString()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    new CommandLineProgram(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(command.toArray(new String[0]));
    assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("error");
    DiagnosedRun run = new DiagnosedRun(new ObjectMapper().readTree(out.toByteArray()));
    assertThat(run.requests("offered"))
        .isEqualTo(run.requests("succeeded") + run.failed() + run.requests("unfinished"));
    return run;
  }

  long requests(String what) {
    return summary.get("requests").get(what).asLong();
  }

  long failed() {
    return requests("failed");
  }

  long failures(String cause) {
    return summary.at("/requests/failures/" + cause).asLong();
  }

  /** Unfinished requests that wait for this: a key of {@code waiting}. */
  long waiting(String what) {
    return summary.at("/requests/waiting/" + what).asLong();
  }

  long unexplained() {
    return summary.get("unexplained").asLong();
  }

  List<String> resources() {
    return summary.get("diagnosis").findValuesAsText("resource");
  }

  /** The only diagnosis that names this resource. */
  JsonNode diagnosis(String resource) {
    List<JsonNode> all = diagnoses(resource);
    assertThat(all).as(resource + " in " + summary.get("diagnosis")).hasSize(1);
    return all.get(0);
  }

  List<JsonNode> diagnoses(String resource) {
    List<JsonNode> all = new ArrayList<>();
    for (JsonNode d : summary.get("diagnosis")) {
      if (d.get("resource").asText().equals(resource)) {
        all.add(d);
      }
    }
    return all;
  }
}
