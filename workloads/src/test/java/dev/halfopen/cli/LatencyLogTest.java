package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

  /** hdr-plot takes lines of four numbers behind blanks, and the two that tell mean and maximum. */
  @Test
  void hdrPlotFindsPercentilesMeanAndMaximum() throws Exception {
    Path run = directory.resolve("run");
    CliRun.of("run", "port-exhaustion", "--duration=5s", "--out=" + run);
    JsonNode summary =
        new ObjectMapper().readTree(run.resolve("summary.json").toFile()).at("/latency/request");
    List<String> lines = Files.readAllLines(run.resolve("latency.hgrm"));
    List<double[]> rows =
        lines.stream().filter(l -> l.matches("(\\s+[0-9.]+){4}")).map(LatencyLogTest::row).toList();
    assertThat(rows).hasSizeGreaterThan(20);
    for (int i = 1; i < rows.size(); i++) {
      assertThat(rows.get(i)[0]).isGreaterThanOrEqualTo(rows.get(i - 1)[0]);
      assertThat(rows.get(i)[1]).isGreaterThan(rows.get(i - 1)[1]);
    }
    double p50 = rows.stream().filter(r -> r[1] >= 0.5).findFirst().orElseThrow()[0];
    assertThat(p50).isCloseTo(summary.path("p50Ms").asDouble(), within(0.00051));

    String number = "\\s+=\\s+[0-9.]+";
    assertThat(lines)
        .anyMatch(l -> l.matches("#\\[Mean" + number + ",\\s+StdDeviation" + number + "]"));
    String max = lines.stream().filter(l -> l.startsWith("#[Max")).findFirst().orElseThrow();
    assertThat(max).matches("#\\[Max" + number + ",\\s+Total count" + number + "]");
    assertThat(Double.parseDouble(max.replaceAll("#\\[Max\\s+=\\s+([0-9.]+),.*", "$1")))
        .isCloseTo(summary.path("maxMs").asDouble(), within(0.00051));
  }

  private static double[] row(String line) {
    return Arrays.stream(line.strip().split("\\s+", -1)).mapToDouble(Double::parseDouble).toArray();
  }
}
