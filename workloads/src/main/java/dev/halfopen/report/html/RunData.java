package dev.halfopen.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The files of a run, read.
 *
 * @param summary summary.json
 */
record RunData(JsonNode summary, TimeSeries series, List<Latency> latencies) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Throws IOException that names the file which is missing or cannot be read. */
  static RunData of(Map<String, byte[]> files) throws IOException {
    JsonNode summary;
    try {
      summary = JSON.readTree(file(files, "summary.json"));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IOException("summary.json: is not JSON: " + e.getOriginalMessage(), e);
    }
    try {
      return new RunData(
          summary,
          TimeSeries.parse(new String(file(files, "timeseries.csv"), StandardCharsets.UTF_8)),
          Latency.parse(file(files, "latency.hlog")));
    } catch (NumberFormatException e) {
      throw new IOException("timeseries.csv: holds what is no number: " + e.getMessage(), e);
    }
  }

  private static byte[] file(Map<String, byte[]> files, String name) throws IOException {
    byte[] content = files.get(name);
    if (content == null) {
      throw new IOException(name + ": is missing");
    }
    return content;
  }

  String text(String key) {
    return summary.path(key).asText("");
  }

  JsonNode at(String... keys) {
    JsonNode node = summary;
    for (String key : keys) {
      node = node.path(key);
    }
    return node;
  }

  List<String> texts(String key) {
    List<String> all = new ArrayList<>();
    summary.path(key).forEach(item -> all.add(item.asText()));
    return all;
  }

  double seconds() {
    return at("simulated", "seconds").asDouble();
  }
}
