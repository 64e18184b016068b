package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** openmetrics.txt against the rules of OpenMetrics 1.0.0 that apply to it. */
class OpenMetricsTest {
  private static final Pattern META =
      Pattern.compile("# (TYPE|UNIT|HELP) ([a-zA-Z_:][\\w:]*) (.+)");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][\\w:]*)(\\{(?:[a-zA-Z_]\\w*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\",?)+})?"
              + " (-?\\d+(?:\\.\\d+)?) (\\d+(?:\\.\\d+)?)");

  @TempDir private Path directory;

  private List<String> lines() throws IOException {
    String out = directory.resolve("a").toString();
    CliRun.of(
        "run",
        "port-exhaustion",
        "--duration",
        "20s",
        "--set",
        "ephemeralPorts=1000",
        "--set",
        "rate=100/s",
        "--quiet",
        "--out",
        out);
    return Files.readAllLines(directory.resolve("a/openmetrics.txt"));
  }

  /** What Prometheus itself reads with, where Python has it. */
  private static final String PARSER =
      """
      import sys
      try:
          from prometheus_client.openmetrics.parser import text_string_to_metric_families
      except ImportError:
          print('none')
          sys.exit(0)
      families = list(text_string_to_metric_families(open(sys.argv[1]).read()))
      print(len(families), sum(len(f.samples) for f in families))
      """;

  private static Optional<Process> start(String python, Path file) {
    ProcessBuilder command = new ProcessBuilder(python, "-c", PARSER, file.toString());
    try {
      return Optional.of(command.redirectErrorStream(true).start());
    } catch (IOException e) {
      return Optional.empty(); // no such Python here
    }
  }

  private static String python(Path file) throws IOException, InterruptedException {
    for (String python : List.of("python3", "/usr/bin/python3")) {
      Optional<Process> process = start(python, file);
      if (process.isPresent()) {
        InputStream out = process.get().getInputStream();
        String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.get().waitFor()).as(said).isZero();
        if (!said.startsWith("none")) {
          return said.strip();
        }
      }
    }
    return "";
  }

  @Test
  void theParserOfThePythonClientReadsEverySample() throws Exception {
    List<String> lines = lines();
    String said = python(directory.resolve("a/openmetrics.txt"));
    assumeFalse(said.isEmpty(), "no prometheus_client here");
    long families = lines.stream().filter(line -> line.startsWith("# TYPE")).count();
    long samples = lines.stream().filter(line -> !line.startsWith("#")).count();
    assertThat(said).isEqualTo(families + " " + samples);
  }

  private static Set<String> suffixes(String type) {
    return switch (type) {
      case "counter" -> Set.of("_total");
      case "summary" -> Set.of("", "_count", "_sum");
      case "gauge" -> Set.of("");
      default -> throw new AssertionError(type);
    };
  }

  @Test
  void everyLineFollowsTheRules() throws IOException {
    List<String> lines = lines();
    assertThat(lines.get(lines.size() - 1)).isEqualTo("# EOF");
    String family = "";
    String type = "";
    Set<String> families = new HashSet<>();
    Map<String, Double> seriesAt = new HashMap<>();
    List<String> seriesInOrder = new ArrayList<>();
    for (String line : lines.subList(0, lines.size() - 1)) {
      Matcher meta = META.matcher(line);
      if (meta.matches()) {
        if (meta.group(1).equals("TYPE")) {
          family = meta.group(2);
          type = meta.group(3);
          assertThat(type.equals("counter") && family.endsWith("_total")).as(family).isFalse();
          assertThat(families.add(family)).as("one block for " + family).isTrue();
        }
        assertThat(meta.group(2)).isEqualTo(family);
        if (meta.group(1).equals("UNIT")) {
          assertThat(family).endsWith("_" + meta.group(3));
        }
        continue;
      }
      Matcher sample = SAMPLE.matcher(line);
      assertThat(sample.matches()).as(line).isTrue();
      assertThat(sample.group(1)).startsWith(family);
      assertThat(suffixes(type)).contains(sample.group(1).substring(family.length()));
      String series = sample.group(1) + sample.group(2);
      double at = Double.parseDouble(sample.group(4));
      Double before = seriesAt.put(series, at);
      assertThat(before == null || before < at).as("instants of " + series).isTrue();
      if (before == null) {
        seriesInOrder.add(series);
      } else {
        assertThat(seriesInOrder.get(seriesInOrder.size() - 1)).isEqualTo(series);
      }
    }
    assertThat(families).contains("halfopen_sockets", "halfopen_TcpExtTW", "halfopen_in_use");
  }

  @Test
  void holdsTheFiguresOfTheRun() throws IOException {
    assertThat(lines())
        .contains(
            "# UNIT halfopen_latency_seconds seconds",
            "# TYPE halfopen_TcpActiveOpens counter",
            "halfopen_TcpActiveOpens_total{host=\"proxy\"} 1000 20.000",
            "halfopen_requests_total{outcome=\"failed\"} 1000 20.000",
            "halfopen_sockets{host=\"proxy\",state=\"timewait\"} 1000 20.000",
            "halfopen_in_use{host=\"proxy\",resource=\"ports(upstream:8080)\"} 1000 20.000");
  }
}
