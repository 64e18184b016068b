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

  private Ledger(Map<String, Long> failed, Map<String, Long> unfinished) {
    this.failed = failed;
    this.unfinished = unfinished;
  }

  /** All that has gone wrong in a run; what is merely under way has not. */
  static Ledger of(RunResult result) {
    LoadResult load = result.total();
    Map<String, Long> waiting = new LinkedHashMap<>(load.waiting());
    waiting.remove(Waiting.IN_FLIGHT.label());
    return new Ledger(new LinkedHashMap<>(load.failures()), waiting);
  }

  /** What a rule has taken. */
  record Taken(long failed, long unfinished) {
    boolean isNothing() {
      return failed == 0 && unfinished == 0;
    }

    Taken plus(Taken other) {
      return new Taken(failed + other.failed, unfinished + other.unfinished);
    }
  }

  /** Takes all failures of these causes and all that waits for these. */
  Taken take(Collection<String> causes, Collection<Waiting> waits) {
    long f = 0;
    for (String cause : causes) {
      f += take(failed, cause, Long.MAX_VALUE);
    }
    long u = 0;
    for (Waiting kind : waits) {
      u += take(unfinished, kind.label(), Long.MAX_VALUE);
    }
    return new Taken(f, u);
  }

  Taken take(String cause, long most) {
    return new Taken(take(failed, cause, most), 0);
  }

  Taken take(Waiting kind, long most) {
    return new Taken(0, take(unfinished, kind.label(), most));
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
