package dev.halfopen.report;

import dev.halfopen.app.Breakdown;
import dev.halfopen.app.FailureCause;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of requests by what their database connection was doing when the first fault struck,
 * over all application servers of a run.
 */
final class BreakdownTable {
  static final String PREFIX = "breakdown/";
  static final String SERVED = "served";
  static final String UNFINISHED = "unfinished";
  static final String AT_MS = "atMs";
  static final String COUNT = "count";
  static final String LEAST_MS = "leastMs";
  static final String MOST_MS = "mostMs";
  private static final String SUCCESS = "answered";
  private static final double SECOND_MS = 1000;
  private static final int DIGITS = 3;

  /** By key without the prefix. */
  private final Map<String, Long> values = new TreeMap<>();

  private final double endS;

  private BreakdownTable(double endS) {
    this.endS = endS;
  }

  static BreakdownTable of(RunResult result) {
    BreakdownTable table = new BreakdownTable(Figures.seconds(result.endNs()));
    for (Map<String, Long> figures : result.apps().values()) {
      figures.forEach(
          (key, value) -> {
            if (key.startsWith(PREFIX)) {
              table.add(key.substring(PREFIX.length()), value);
            }
          });
    }
    return table;
  }

  private void add(String key, long value) {
    if (key.endsWith("/" + LEAST_MS)) {
      values.merge(key, value, Math::min);
    } else if (key.endsWith("/" + MOST_MS) || key.equals(AT_MS)) {
      values.merge(key, value, Math::max);
    } else {
      values.merge(key, value, Long::sum);
    }
  }

  static String end(FailureCause cause) {
    return cause == FailureCause.NONE ? SUCCESS : cause.label();
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  private long get(String key) {
    return values.getOrDefault(key, 0L);
  }

  /** Requests that were served at that moment on a connection of that class. */
  long served(int cls) {
    return get(Breakdown.label(cls) + "/" + SERVED);
  }

  long unfinished(int cls) {
    return get(Breakdown.label(cls) + "/" + UNFINISHED);
  }

  /** Requests that were there at that moment and still wait at the end. */
  long hanging() {
    return unfinished(Breakdown.UNACKNOWLEDGED)
        + unfinished(Breakdown.ACKNOWLEDGED)
        + unfinished(Breakdown.IDLE);
  }

  long ended(int cls, FailureCause cause) {
    return get(Breakdown.label(cls) + "/" + end(cause) + "/" + COUNT);
  }

  double leastS(int cls, FailureCause cause) {
    return get(Breakdown.label(cls) + "/" + end(cause) + "/" + LEAST_MS) / SECOND_MS;
  }

  double mostS(int cls, FailureCause cause) {
    return get(Breakdown.label(cls) + "/" + end(cause) + "/" + MOST_MS) / SECOND_MS;
  }

  /** The moment that all is about, in seconds of the run. */
  double atS() {
    return get(AT_MS) / SECOND_MS;
  }

  /** Whether the connections of a class were there at that moment: who is left waits since then. */
  private static boolean wasThere(int cls) {
    return cls == Breakdown.UNACKNOWLEDGED
        || cls == Breakdown.ACKNOWLEDGED
        || cls == Breakdown.IDLE;
  }

  /** The longest time that a request took that has ended. */
  double longestS() {
    double most = 0;
    for (int cls = 0; cls < Breakdown.CLASSES; cls++) {
      for (FailureCause cause : FailureCause.values()) {
        most = Math.max(most, mostS(cls, cause));
      }
    }
    return most;
  }

  /** How long those of {@link #hanging} have waited. */
  double waitedS() {
    return endS - atS();
  }

  /** The classes that have had requests, in the order of reading. */
  List<Integer> classes() {
    List<Integer> all = new ArrayList<>();
    for (int i = 1; i <= Breakdown.CLASSES; i++) {
      int cls = i % Breakdown.CLASSES;
      if (unfinished(cls) > 0 || !ends(cls).isEmpty()) {
        all.add(cls);
      }
    }
    return all;
  }

  /** How requests of a class have ended. */
  List<FailureCause> ends(int cls) {
    return Arrays.stream(FailureCause.values()).filter(c -> ended(cls, c) > 0).toList();
  }

  /** What became of a class in words. */
  private String fate(int cls) {
    List<String> parts = new ArrayList<>();
    for (FailureCause cause : ends(cls)) {
      String after = Figures.spans(leastS(cls, cause), mostS(cls, cause));
      parts.add(Figures.grouped(ended(cls, cause)) + " " + end(cause) + " after " + after);
    }
    if (unfinished(cls) > 0) {
      String count = Figures.grouped(unfinished(cls));
      parts.add(
          wasThere(cls)
              ? count + " still wait at the end, " + Figures.span(waitedS()) + " later"
              : count + " under way at the end");
    }
    return String.join(", ", parts);
  }

  /** One line for each class that has had requests. */
  List<String> lines() {
    return classes().stream().map(cls -> Breakdown.label(cls) + ": " + fate(cls)).toList();
  }

  /** As {@code breakdown} of summary.json; nothing where there is none. */
  void write(JsonWriter json) {
    if (isEmpty()) {
      return;
    }
    json.object("breakdown").number("atSeconds", atS(), DIGITS).array("connections");
    for (int cls : classes()) {
      json.object().text("connection", Breakdown.label(cls)).text("fate", fate(cls));
      json.number("served", served(cls)).number("unfinished", unfinished(cls)).array("ends");
      for (FailureCause cause : ends(cls)) {
        json.object().text("end", end(cause)).number("count", ended(cls, cause));
        json.number("leastSeconds", leastS(cls, cause), DIGITS);
        json.number("mostSeconds", mostS(cls, cause), DIGITS).endObject();
      }
      json.endArray().endObject();
    }
    json.endArray().endObject();
  }
}
