package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.halfopen.cli.CommandLineProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is simulated fails a closed form that is wrong, by as much as the right one is allowed. */
class WrongFormsTest {
  @TempDir private Path directory;

  /** An expectation's simulated value, and how far off it might be. */
  private record Judged(double simulated, double tolerance) {
    boolean agreesWith(double expected) {
      return Math.abs(simulated - expected) <= tolerance;
    }
  }

  private JsonNode run(String workload) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new CommandLineProgram(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
        .run("run", workload, "--json", "--out", directory + "/out");
    return new ObjectMapper().readTree(out.toByteArray());
  }

  private static Judged judged(JsonNode summary, String name) {
    for (JsonNode e : summary.get("expectations")) {
      if (e.get("name").asText().equals(name)) {
        assertThat(e.get("holds").asBoolean()).isTrue();
        double half = (e.get("high").asDouble() - e.get("low").asDouble()) / 2;
        return new Judged(e.get("simulated").asDouble(), half);
      }
    }
    throw new AssertionError("no " + name);
  }

  @Test
  void aSlowProgramFailsAnotherLoadAnotherNumberOfSynsAndTheShareOfAnIdleQueue()
      throws IOException {
    JsonNode summary = run("accept-overflow");
    Judged lost = judged(summary, "share of clients that fail");
    assertThat(lost.agreesWith(ClosedForms.lossOfBusy(1.1))).isTrue();
    assertThat(lost.agreesWith(ClosedForms.lossOfBusy(1.13))).isFalse();
    assertThat(lost.agreesWith(ClosedForms.lossOfBusy(1.07))).isFalse();
    assertThat(lost.agreesWith(ClosedForms.lossOfQueue(0.9, 130))).isFalse();
    Judged dropped = judged(summary, "share of SYNs that are dropped");
    assertThat(dropped.agreesWith(ClosedForms.lossWithRepeats(1.1, 0.017, 11))).isTrue();
    assertThat(dropped.agreesWith(ClosedForms.lossWithRepeats(1.1, 0.017, 7))).isFalse();
    assertThat(dropped.agreesWith(ClosedForms.lossWithRepeats(1.2, 0.017, 11))).isFalse();
    assertThat(dropped.agreesWith(ClosedForms.lossOfBusy(1.1))).isFalse();
  }

  @Test
  void aFloodFailsPlacesThatLastForAMinuteOrForOneSecond() throws IOException {
    Judged prompt = judged(run("syn-flood"), "customers connected by their first SYN");
    double places = 512;
    double flood = 1000;
    assertThat(prompt.agreesWith(places / 63 / flood)).isFalse();
    assertThat(prompt.agreesWith(places / 3 / flood)).isFalse();
    assertThat(prompt.agreesWith(1 - places / 15 / flood)).isFalse();
  }
}
