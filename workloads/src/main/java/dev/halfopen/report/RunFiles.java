package dev.halfopen.report;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files of a run with their contents, in the order of writing; summary.json comes last. */
public final class RunFiles {
  private RunFiles() {}

  /** All files by name. */
  public static Map<String, byte[]> of(Report report) {
    RunResult result = report.result();
    Map<String, byte[]> files = new LinkedHashMap<>();
    text(files, "scenario.yaml", result.scenario().effectiveYaml());
    text(files, "timeseries.csv", result.timeTable().csv());
    NstatFiles.of(result).forEach((name, content) -> text(files, name, content));
    files.put("latency.hlog", LatencyFiles.hlog(result.latencies()));
    files.put("latency.hgrm", LatencyFiles.hgrm(result.latencies()));
    text(files, "summary.txt", SummaryText.of(report, ""));
    text(files, "summary.json", SummaryJson.of(report));
    return files;
  }

  private static void text(Map<String, byte[]> files, String name, String content) {
    files.put(name, content.getBytes(StandardCharsets.UTF_8));
  }
}
