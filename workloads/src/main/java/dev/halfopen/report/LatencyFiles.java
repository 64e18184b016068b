package dev.halfopen.report;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.HdrHistogram.HistogramLogWriter;

/** latency.hlog (a tag per metric, intervals of virtual time) and latency.hgrm. */
final class LatencyFiles {
  /** Histograms hold nanoseconds; the files show milliseconds, as HdrHistogram's tools expect. */
  private static final double MS_NS = 1e6;

  private LatencyFiles() {}

  static byte[] hlog(List<LatencyResult> latencies) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      HistogramLogWriter writer = new HistogramLogWriter(out);
      writer.outputComment("[virtual time from the start of the run; values in ns]");
      writer.outputLogFormatVersion();
      writer.outputLegend();
      latencies.forEach(latency -> out.print(latency.hlogLines()));
    }
    return bytes.toByteArray();
  }

  /** The percentiles of the first metric, the requests' latency, in milliseconds. */
  static byte[] hgrm(List<LatencyResult> latencies) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      latencies.get(0).total().outputPercentileDistribution(out, MS_NS);
    }
    return bytes.toByteArray();
  }
}
