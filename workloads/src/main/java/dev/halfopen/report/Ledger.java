package dev.halfopen.report;

import dev.halfopen.app.Waiting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Requests that no rule has explained yet: failed ones by root cause, unfinished ones by what they
 * wait for, both by their load and its server. A rule takes what it explains, so that none is
 * explained twice.
 */
final class Ledger {
  private final List<Entry> entries;

  private Ledger(List<Entry> entries) {
    this.entries = entries;
  }

  /** Requests of a load to one of its servers that share their fate. */
  static final class Entry {
    private final LoadResult load;
    private final String server;
    private final String fate;
    private final boolean isFailure;
    private final long all;
    private final Span due;
    private long left;

    private Entry(LoadResult load, String server, String fate, LoadResult.Fate requests) {
      this.load = load;
      this.server = server;
      this.fate = fate;
      this.isFailure = requests.hasFailed();
      this.all = requests.count();
      this.left = all;
      this.due = requests.due();
    }

    LoadResult load() {
      return load;
    }

    /** Name of the host; "" where none was chosen. */
    String server() {
      return server;
    }

    /** From the first to the last intended start. */
    Span due() {
      return due;
    }

    boolean isOf(String loadName) {
      return load.name().equals(loadName);
    }
  }

  /** All that has gone wrong in a run; what is merely under way has not. */
  static Ledger of(RunResult result) {
    List<Entry> entries = new ArrayList<>();
    for (LoadResult load : result.loads()) {
      for (LoadResult.AtServer at : load.servers()) {
        at.failures().forEach((cause, n) -> entries.add(new Entry(load, at.host(), cause, n)));
        at.waiting()
            .forEach(
                (kind, n) -> {
                  if (!kind.equals(Waiting.IN_FLIGHT.label())) {
                    entries.add(new Entry(load, at.host(), kind, n));
                  }
                });
      }
    }
    return new Ledger(entries);
  }

  /**
   * What a rule has taken.
   *
   * @param span intended starts of the failed ones
   * @param oldestNs intended start of the oldest of the unfinished ones; or Long.MAX_VALUE
   */
  record Taken(long failed, long unfinished, Span span, long oldestNs) {
    static final Taken NOTHING = new Taken(0, 0, Span.NEVER, Long.MAX_VALUE);

    boolean isNothing() {
      return failed == 0 && unfinished == 0;
    }

    Taken plus(Taken other) {
      return new Taken(
          failed + other.failed,
          unfinished + other.unfinished,
          span.plus(other.span),
          Math.min(oldestNs, other.oldestNs));
    }

    /** Where it is known better than by the causes alone when the failed ones were due. */
    Taken during(Span when) {
      return failed == 0 ? this : new Taken(failed, unfinished, when, oldestNs);
    }
  }

  /** Failures of this cause that are not explained yet, by load and server. */
  List<Entry> failed(String cause) {
    return entries.stream().filter(e -> e.isFailure && e.fate.equals(cause) && e.left > 0).toList();
  }

  /** Unfinished requests that are not explained yet, by load and server. */
  List<Entry> waiting(Waiting kind) {
    return entries.stream()
        .filter(e -> !e.isFailure && e.fate.equals(kind.label()) && e.left > 0)
        .toList();
  }

  /** Takes from an entry. */
  Taken take(Entry entry, long most) {
    long n = Math.max(0, Math.min(most, entry.left));
    entry.left -= n;
    if (n == 0) {
      return Taken.NOTHING;
    }
    return entry.isFailure
        ? new Taken(n, 0, entry.due, Long.MAX_VALUE)
        : new Taken(0, n, Span.NEVER, entry.due.firstNs());
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
    return take(cause, most, e -> true);
  }

  Taken take(Waiting kind, long most) {
    return take(kind, most, e -> true);
  }

  Taken take(String... causes) {
    return take(List.of(causes), List.of());
  }

  Taken take(String cause, long most, Predicate<Entry> from) {
    return take(failed(cause), most, from);
  }

  Taken take(Waiting kind, long most, Predicate<Entry> from) {
    return take(waiting(kind), most, from);
  }

  private Taken take(List<Entry> open, long most, Predicate<Entry> from) {
    Taken all = Taken.NOTHING;
    for (Entry entry : open) {
      if (from.test(entry)) {
        all = all.plus(take(entry, most - all.failed() - all.unfinished()));
      }
    }
    return all;
  }

  /** Requests of the same fate at the same server that rules have explained, of all loads. */
  long explained(Entry entry) {
    return entries.stream()
        .filter(e -> e.fate.equals(entry.fate) && e.server.equals(entry.server))
        .mapToLong(e -> e.all - e.left)
        .sum();
  }

  /** What is left. */
  long unexplained() {
    return entries.stream().mapToLong(e -> e.left).sum();
  }
}
