package dev.halfopen.report;

import dev.halfopen.app.Breakdown;
import dev.halfopen.app.FailureCause;
import java.util.ArrayList;
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
  static final String COUNT = "count";
  static final String LEAST_MS = "leastMs";
  static final String MOST_MS = "mostMs";
  private static final String SUCCESS = "answered";
  private static final double SECOND_MS = 1000;

  /** By key without the prefix. */
  private final Map<String, Long> values = new TreeMap<>();

  private BreakdownTable() {}

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
    BreakdownTable table = new BreakdownTable();
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
    } else if (key.endsWith("/" + MOST_MS)) {
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

  long ended(int cls, FailureCause cause) {
    return get(Breakdown.label(cls) + "/" + end(cause) + "/" + COUNT);
  }

  double leastS(int cls, FailureCause cause) {
    return get(Breakdown.label(cls) + "/" + end(cause) + "/" + LEAST_MS) / SECOND_MS;
  }

  double mostS(int cls, FailureCause cause) {
    return get(Breakdown.label(cls) + "/" + end(cause) + "/" + MOST_MS) / SECOND_MS;
  }

  /** One line for each class that has had requests. */
  List<String> lines() {
    List<String> all = new ArrayList<>();
    for (int cls = 1; cls <= Breakdown.CLASSES; cls++) {
      int c = cls % Breakdown.CLASSES;
      List<String> parts = new ArrayList<>();
      for (FailureCause cause : FailureCause.values()) {
        if (ended(c, cause) > 0) {
          parts.add(
              Figures.grouped(ended(c, cause))
                  + " "
                  + end(cause)
                  + " after "
                  + Figures.shortest(leastS(c, cause), 3)
                  + " to "
                  + Figures.shortest(mostS(c, cause), 3)
                  + " s");
        }
      }
      if (unfinished(c) > 0) {
        boolean later = c == Breakdown.LATER || c == Breakdown.NONE;
        parts.add(
            Figures.grouped(unfinished(c))
                + (later ? " under way at the end" : " still hang at the end"));
      }
      if (!parts.isEmpty()) {
        all.add(Breakdown.label(c) + ": " + String.join(", ", parts));
      }
    }
    return all;
  }
}
