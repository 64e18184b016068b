package dev.halfopen.report.sweep;

import dev.halfopen.report.Figures;
import dev.halfopen.report.LatencyResult;
import dev.halfopen.report.Report;
import dev.halfopen.report.ResourceUse;
import dev.halfopen.report.SummaryJson;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a sweep keeps of one run: text, so that it is the same whether it was just measured or read
 * from a file.
 *
 * @param point index of the point
 * @param values of each measure: a number, ">=" and a number, or ""
 * @param histograms of each metric, as HdrHistogram compresses them, in base 64
 * @param error why there are no values; "" for a run that ended as it should
 */
public record RunRow(
    int point,
    long seed,
    String verdict,
    String tightest,
    String tightestShare,
    String digest,
    List<String> values,
    String error,
    Map<String, String> histograms) {
  private static final int DIGITS = 6;

  public RunRow {
    values = List.copyOf(values);
    histograms = Collections.unmodifiableMap(new LinkedHashMap<>(histograms));
  }

  /** A run that ended. */
  public static RunRow of(int point, long seed, Report report, List<Measure> measures) {
    List<String> values = new ArrayList<>();
    for (Measure measure : measures) {
      Measure.Reading reading = measure.reading().apply(report.result());
      values.add(
          Double.isNaN(reading.value())
              ? ""
              : (reading.isLowerBound() ? ">=" : "") + Figures.number(reading.value(), DIGITS));
    }
    Map<String, String> histograms = new LinkedHashMap<>();
    for (LatencyResult latency : report.result().latencies()) {
      if (latency.total().getTotalCount() > 0) {
        histograms.put(latency.name(), encoded(latency.total()));
      }
    }
    ResourceUse tightest = report.resources().isEmpty() ? null : report.resources().get(0);
    return new RunRow(
        point,
        seed,
        report.verdict(),
        tightest == null
            ? ""
            : (tightest.host() + ": " + tightest.resource() + " " + tightest.detail()).strip(),
        tightest == null ? "" : Figures.number(tightest.share(), DIGITS),
        SummaryJson.hex(report.result().digest()),
        values,
        "",
        histograms);
  }

  /** A run that came to nothing. */
  public static RunRow failed(int point, long seed, String error, List<Measure> measures) {
    String line = error.lines().findFirst().orElse("failed");
    return new RunRow(
        point, seed, "", "", "", "", Collections.nCopies(measures.size(), ""), line, Map.of());
  }

  private static String encoded(Histogram histogram) {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(buffer);
    byte[] bytes = new byte[length];
    System.arraycopy(buffer.array(), 0, bytes, 0, length);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
