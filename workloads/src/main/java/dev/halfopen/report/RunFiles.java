package dev.halfopen.report;

import dev.halfopen.report.html.HtmlReport;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    result.scenario().sampleFiles().forEach(f -> files.put(f.copyName(), f.content()));
    text(files, "timeseries.csv", result.timeTable().csv());
    NstatFiles.of(result).forEach((name, content) -> text(files, name, content));
    text(files, "openmetrics.txt", OpenMetrics.of(result));
    files.put("latency.hlog", LatencyFiles.hlog(result.latencies()));
    files.put("latency.hgrm", LatencyFiles.hgrm(result.latencies()));
    text(files, "summary.txt", SummaryText.of(report, ""));
    text(files, "summary.json", SummaryJson.of(report));
    return withReport(files);
  }

  /** The same files and report.html made of them; summary.json still comes last. */
  private static Map<String, byte[]> withReport(Map<String, byte[]> files) {
    Map<String, byte[]> all = new LinkedHashMap<>(files);
    byte[] summary = all.remove("summary.json");
    try {
      all.put("report.html", HtmlReport.of(files));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    all.put("summary.json", summary);
    return all;
  }

  private static void text(Map<String, byte[]> files, String name, String content) {
    files.put(name, content.getBytes(StandardCharsets.UTF_8));
  }
}
