package dev.halfopen.report.html;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/**
 * One metric of latency.hlog.
 *
 * @param intervals in the order of time
 */
record Latency(String name, List<Interval> intervals, Histogram total) {
  /** Values of one interval of virtual time, in ns. */
  record Interval(double startSeconds, double endSeconds, Histogram values) {
    /** The same interval of another load. */
    Interval with(Interval other) {
      Histogram both = values.copy();
      both.add(other.values);
      return new Interval(startSeconds, Math.max(endSeconds, other.endSeconds), both);
    }
  }

  /** Reads the log; metrics in the order in which they first appear. */
  static List<Latency> parse(byte[] hlog) {
    Map<String, SortedMap<Double, Interval>> byTag = new LinkedHashMap<>();
    try (HistogramLogReader reader = new HistogramLogReader(new ByteArrayInputStream(hlog))) {
      while (reader.hasNext()) {
        EncodableHistogram next = reader.nextIntervalHistogram();
        if (next instanceof Histogram h) {
          String tag = h.getTag() == null ? "latency" : h.getTag();
          byTag
              .computeIfAbsent(tag, t -> new TreeMap<>())
              .merge(h.getStartTimeStamp() / 1e3, interval(h), Interval::with);
        }
      }
    }
    List<Latency> all = new ArrayList<>();
    byTag.forEach(
        (tag, byStart) -> {
          List<Interval> intervals = List.copyOf(byStart.values());
          all.add(new Latency(tag, intervals, sum(intervals)));
        });
    return all;
  }

  private static Interval interval(Histogram h) {
    return new Interval(h.getStartTimeStamp() / 1e3, h.getEndTimeStamp() / 1e3, h);
  }

  private static Histogram sum(List<Interval> intervals) {
    Histogram total = intervals.get(0).values().copy();
    for (Interval interval : intervals.subList(1, intervals.size())) {
      total.add(interval.values());
    }
    return total;
  }
}
