package dev.halfopen.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the requests of a load; offered = succeeded + failed + unfinished.
 *
 * @param attempts connections and reuses on which requests were sent, all tries
 * @param retries further tries by the clients' own policy
 * @param retriesRefused requests that failed as the budget for such tries was used up
 * @param failures by root cause; sums to failed
 * @param failureSpans intended starts of those failures, the first and the last of each root cause
 * @param seenAs by what the client saw; the same sum
 * @param waiting the unfinished by what they wait for; sums to unfinished
 * @param firstFailureNs intended start of the earliest request that failed; -1 without one
 * @param lastFailureNs intended start of the latest one
 * @param succeededBefore successes among the requests before the first that failed
 * @param firstReturnNs intended start of the first success after the first failure; -1 without one
 * @param longestOutageNs longest time without a success while requests were waiting or failing
 * @param oldestUnfinishedNs age of the oldest request that still waits
 * @param curve successes by intended start
 * @param lastFailureSeenNs when a client last saw a failure; -1 without one
 * @param servers failures and unfinished requests of this load by the server that they went to
 * @param latencies of this load; of all loads together RunResult has them
 */
public record LoadResult(
    String name,
    long offered,
    long succeeded,
    long failed,
    long unfinished,
    long attempts,
    long retries,
    long retriesRefused,
    Map<String, Long> failures,
    Map<String, Span> failureSpans,
    Map<String, Long> seenAs,
    Map<String, Long> waiting,
    long firstFailureNs,
    long lastFailureNs,
    long succeededBefore,
    long firstReturnNs,
    long longestOutageNs,
    long oldestUnfinishedNs,
    SuccessCurve curve,
    long lastFailureSeenNs,
    List<AtServer> servers,
    List<LatencyResult> latencies) {
  /**
   * Requests that failed for one cause, or wait for one thing.
   *
   * @param due from the first to the last intended start
   */
  public record Fate(boolean hasFailed, long count, Span due) {}

  /**
   * What became of the requests to one server.
   *
   * @param host its name; "" for requests that none was chosen for
   * @param failures by root cause
   * @param waiting by what they wait for
   */
  public record AtServer(String host, Map<String, Fate> failures, Map<String, Fate> waiting) {
    public AtServer {
      failures = Collections.unmodifiableMap(new TreeMap<>(failures));
      waiting = Collections.unmodifiableMap(new TreeMap<>(waiting));
    }
  }

  public LoadResult {
    failures = Collections.unmodifiableMap(new TreeMap<>(failures));
    failureSpans = Collections.unmodifiableMap(new TreeMap<>(failureSpans));
    seenAs = Collections.unmodifiableMap(new TreeMap<>(seenAs));
    waiting = Collections.unmodifiableMap(new LinkedHashMap<>(waiting));
    servers = List.copyOf(servers);
  }

  /** The most frequent root cause, "" without failures. */
  public String mainCause() {
    String main = "";
    long most = 0;
    for (Map.Entry<String, Long> e : failures.entrySet()) {
      if (e.getValue() > most) {
        most = e.getValue();
        main = e.getKey();
      }
    }
    return main;
  }

  /** From the first to the last failure of a root cause. */
  Span span(String cause) {
    return failureSpans.getOrDefault(cause, Span.NEVER);
  }

  static LoadResult total(List<LoadResult> loads) {
    if (loads.size() == 1) {
      return loads.get(0);
    }
    long[] sums = new long[8];
    Map<String, Long> failures = new TreeMap<>();
    Map<String, Span> spans = new TreeMap<>();
    Map<String, Long> seenAs = new TreeMap<>();
    Map<String, Long> waiting = new LinkedHashMap<>();
    long first = -1;
    long last = -1;
    long returned = -1;
    long outage = 0;
    long oldest = 0;
    long seen = -1;
    for (LoadResult load : loads) {
      sums[0] += load.offered;
      sums[1] += load.succeeded;
      sums[2] += load.failed;
      sums[3] += load.unfinished;
      sums[4] += load.attempts;
      sums[5] += load.succeededBefore;
      sums[6] += load.retries;
      sums[7] += load.retriesRefused;
      load.failures.forEach((k, v) -> failures.merge(k, v, Long::sum));
      load.failureSpans.forEach((k, v) -> spans.merge(k, v, Span::plus));
      load.seenAs.forEach((k, v) -> seenAs.merge(k, v, Long::sum));
      load.waiting.forEach((k, v) -> waiting.merge(k, v, Long::sum));
      if (load.firstFailureNs >= 0 && (first < 0 || load.firstFailureNs < first)) {
        first = load.firstFailureNs;
      }
      if (load.firstReturnNs >= 0 && (returned < 0 || load.firstReturnNs < returned)) {
        returned = load.firstReturnNs;
      }
      last = Math.max(last, load.lastFailureNs);
      outage = Math.max(outage, load.longestOutageNs);
      seen = Math.max(seen, load.lastFailureSeenNs);
      oldest = Math.max(oldest, load.oldestUnfinishedNs);
    }
    SuccessCurve curve = SuccessCurve.sum(loads.stream().map(LoadResult::curve).toList());
    return new LoadResult(
        "all", sums[0], sums[1], sums[2], sums[3], sums[4], sums[6], sums[7], failures, spans,
        seenAs, waiting, first, last, sums[5], returned, outage, oldest, curve, seen, List.of(),
        List.of());
  }
}
