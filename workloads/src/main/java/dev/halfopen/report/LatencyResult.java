package dev.halfopen.report;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/**
 * The times of one metric.
 *
 * @param name "request", "timeToFailure", "connect"
 * @param total all values, ns
 * @param hlogLines lines of the .hlog format, one for each interval of virtual time
 * @param overflows values beyond an hour, counted as one hour
 */
public record LatencyResult(String name, Histogram total, String hlogLines, long overflows) {
  private static final long MS_NS = 1_000_000;

  /** The values of the intervals that begin at an instant or later; empty where no line has any. */
  Optional<Histogram> from(long nowNs) {
    Histogram sum = null;
    byte[] lines = hlogLines.getBytes(StandardCharsets.UTF_8);
    try (HistogramLogReader reader = new HistogramLogReader(new ByteArrayInputStream(lines))) {
      while (reader.hasNext()) {
        EncodableHistogram next = reader.nextIntervalHistogram();
        if (next instanceof Histogram h && h.getStartTimeStamp() * MS_NS >= nowNs) {
          if (sum == null) {
            sum = h;
          } else {
            sum.add(h);
          }
        }
      }
    }
    return Optional.ofNullable(sum);
  }
}
