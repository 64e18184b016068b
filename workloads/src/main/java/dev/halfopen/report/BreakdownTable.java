package dev.halfopen.report;

import dev.halfopen.app.Breakdown;
import dev.halfopen.app.FailureCause;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

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

  /** Requests that took so many milliseconds: a histogram. */
  static final String TOOK_MS = "tookMs/";

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
    return of(result, app -> true);
  }

  /** Of the application servers of one group of hosts. */
  static BreakdownTable of(RunResult result, String group) {
    Set<String> hosts = new HashSet<>();
    result.scenario().world().group(group).forEach(h -> hosts.add(h.name()));
    return of(result, app -> hosts.contains(app.substring(0, app.indexOf('/'))));
  }

  private static BreakdownTable of(RunResult result, Predicate<String> counts) {
    BreakdownTable table = new BreakdownTable(Figures.seconds(result.endNs()));
    result
        .apps()
        .forEach(
            (app, figures) -> {
              if (counts.test(app)) {
                table.addAll(figures);
              }
            });
    return table;
  }

  private void addAll(Map<String, Long> figures) {
    figures.forEach(
        (key, value) -> {
          if (key.startsWith(PREFIX)) {
            add(key.substring(PREFIX.length()), value);
          }
        });
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

  /** Whether it counts requests by their time: too many to be listed. */
  static boolean isOfHistogram(String key) {
    return key.startsWith(PREFIX) && key.contains("/" + TOOK_MS);
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

  /** Half of the requests that have ended took at most so long, to 1.6 %. */
  double medianS(int cls) {
    String prefix = Breakdown.label(cls) + "/" + TOOK_MS;
    TreeMap<Long, Long> took = new TreeMap<>();
    values.forEach(
        (key, count) -> {
          if (key.startsWith(prefix)) {
            took.merge(Long.parseLong(key.substring(prefix.length())), count, Long::sum);
          }
        });
    long left = (allEnded(cls) + 1) / 2;
    for (Map.Entry<Long, Long> bin : took.entrySet()) {
      left -= bin.getValue();
      if (left <= 0) {
        return bin.getKey() / SECOND_MS;
      }
    }
    return 0;
  }

  private long allEnded(int cls) {
    return ends(cls).stream().mapToLong(c -> ended(cls, c)).sum();
  }

  private double longestS(int cls) {
    return ends(cls).stream().mapToDouble(c -> mostS(cls, c)).max().orElse(0);
  }

  /** A table with a line for each class that has had requests. */
  List<String> lines() {
    if (classes().isEmpty()) {
      return List.of();
    }
    List<String[]> rows = new ArrayList<>();
    rows.add(
        new String[] {
          "at " + Figures.secondsText(Math.round(atS() * 1e9)),
          "requests",
          "answered",
          "failed",
          "still wait",
          "median",
          "longest",
          "failed by"
        });
    classes().forEach(cls -> rows.add(row(cls)));
    return TextTable.aligned(rows);
  }

  private String[] row(int cls) {
    long answered = ended(cls, FailureCause.NONE);
    long failed = allEnded(cls) - answered;
    String causes =
        String.join(
            ", ",
            ends(cls).stream()
                .filter(c -> c != FailureCause.NONE)
                .map(c -> end(c) + " " + Figures.grouped(ended(cls, c)))
                .toList());
    boolean hangs = wasThere(cls) && unfinished(cls) > 0;
    return new String[] {
      Breakdown.label(cls),
      Figures.grouped(allEnded(cls) + unfinished(cls)),
      Figures.grouped(answered),
      Figures.grouped(failed),
      Figures.grouped(unfinished(cls)),
      allEnded(cls) == 0 ? "-" : Figures.span(medianS(cls)),
      hangs ? ">= " + Figures.span(waitedS()) : Figures.span(longestS(cls)),
      causes
    };
  }

  /** As {@code breakdown} of summary.json; nothing where there is none. */
  void write(JsonWriter json) {
    if (isEmpty()) {
      return;
    }
    json.object("breakdown").number("atSeconds", atS(), DIGITS).array("connections");
    for (int cls : classes()) {
      json.object().text("connection", Breakdown.label(cls)).text("fate", fate(cls));
      json.number("requests", allEnded(cls) + unfinished(cls));
      json.number("answered", ended(cls, FailureCause.NONE));
      json.number("failed", allEnded(cls) - ended(cls, FailureCause.NONE));
      json.number("medianSeconds", medianS(cls), DIGITS);
      json.number("longestSeconds", longestS(cls), DIGITS);
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
