package dev.halfopen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
