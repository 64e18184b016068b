package dev.halfopen.report;

import dev.halfopen.app.Waiting;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests that no rule has explained yet: failed ones by root cause, unfinished ones by what they
 * wait for. A rule takes what it explains, so that none is explained twice.
 */
final class Ledger {
  private final Map<String, Long> failed;
  private final Map<String, Long> unfinished;
  private final Map<String, Span> spans;

  private Ledger(Map<String, Long> failed, Map<String, Long> unfinished, Map<String, Span> spans) {
    this.failed = failed;
    this.unfinished = unfinished;
    this.spans = spans;
  }

  /** All that has gone wrong in a run; what is merely under way has not. */
  static Ledger of(RunResult result) {
    LoadResult load = result.total();
    Map<String, Long> waiting = new LinkedHashMap<>(load.waiting());
    waiting.remove(Waiting.IN_FLIGHT.label());
    return new Ledger(new LinkedHashMap<>(load.failures()), waiting, load.failureSpans());
  }

  /**
   * What a rule has taken.
   *
   * @param span intended starts of the failed ones
   */
  record Taken(long failed, long unfinished, Span span) {
    static final Taken NOTHING = new Taken(0, 0, Span.NEVER);

    boolean isNothing() {
      return failed == 0 && unfinished == 0;
    }

    Taken plus(Taken other) {
      return new Taken(failed + other.failed, unfinished + other.unfinished, span.plus(other.span));
    }

    /** Where it is known better than by the causes alone when the failed ones were due. */
    Taken during(Span when) {
      return failed == 0 ? this : new Taken(failed, unfinished, when);
    }
  }

  /** Takes all failures of these causes and all that waits for these. */
  Taken take(Collection<String> causes, Collection<Waiting> waits) {
    Taken all = Taken.NOTHING;
    for (String cause : causes) {
      all = all.plus(take(cause, Long.MAX_VALUE));
    }
    for (Waiting kind : waits) {
      all = all.plus(take(kind, Long.MAX_VALUE));
    }
    return all;
  }

  Taken take(String cause, long most) {
    long n = take(failed, cause, most);
    return new Taken(n, 0, n == 0 ? Span.NEVER : spans.getOrDefault(cause, Span.NEVER));
  }

  Taken take(Waiting kind, long most) {
    return new Taken(0, take(unfinished, kind.label(), most), Span.NEVER);
  }

  Taken take(String... causes) {
    return take(List.of(causes), List.of());
  }

  private static long take(Map<String, Long> from, String key, long most) {
    long taken = Math.min(most, from.getOrDefault(key, 0L));
    from.merge(key, -taken, Long::sum);
    return taken;
  }

  /** What is left. */
  long unexplained() {
    return failed.values().stream().mapToLong(Long::longValue).sum()
        + unfinished.values().stream().mapToLong(Long::longValue).sum();
  }
}
