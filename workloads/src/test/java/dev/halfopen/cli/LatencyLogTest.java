package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.HistogramLogProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** latency.hlog as HdrHistogram's own tool reads it. */
class LatencyLogTest {
  @TempDir private Path directory;

  @Test
  @SuppressWarnings("DoNotCall") // its main method runs it on the calling thread, too
  void histogramLogProcessorReadsThePercentilesOfTheSummary() throws Exception {
    Path run = directory.resolve("run");
    CliRun.of(
        "run",
        "port-exhaustion",
        "--duration=25s",
        "--set=arrivals=poisson",
        "--set=rate=300/s",
        "--set=idlePool=2",
        "--out=" + run);
    JsonNode summary =
        new ObjectMapper().readTree(run.resolve("summary.json").toFile()).at("/latency/request");

    Path processed = directory.resolve("processed");
    HistogramLogProcessor processor =
        new HistogramLogProcessor(
            new String[] {
              "-i",
              run.resolve("latency.hlog").toString(),
              "-o",
              processed.toString(),
              "-tag",
              "request",
              "-csv",
              "-outputValueUnitRatio",
              "1000000"
            });
    processor.start();
    processor.join();

    List<String> lines =
        Files.readAllLines(processed).stream().filter(l -> !l.startsWith("#")).toList();
    List<String> names = List.of(lines.get(0).replace("\"", "").split(",", -1));
    String[] last = lines.get(lines.size() - 1).split(",", -1);
    assertThat(lines).as("a head and three intervals of ten seconds").hasSize(4);
    String[][] pairs = {
      {"Total_50%", "p50Ms"},
      {"Total_90%", "p90Ms"},
      {"Total_99%", "p99Ms"},
      {"Total_99.9%", "p999Ms"},
      {"Total_Max", "maxMs"},
      {"Total_Count", "count"}
    };
    for (String[] pair : pairs) {
      assertThat(names).contains(pair[0]);
      assertThat(Double.parseDouble(last[names.indexOf(pair[0])]))
          .as(pair[0])
          .isCloseTo(summary.path(pair[1]).asDouble(), within(0.00051));
    }
    assertThat(summary.path("p50Ms").asDouble()).isLessThan(summary.path("p99Ms").asDouble());
  }
}
