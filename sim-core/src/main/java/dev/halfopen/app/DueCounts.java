package dev.halfopen.app;

/**
 * Requests by server and by kind: how many, and when the earliest and the latest of them were due.
 * Times are virtual ns.
 */
final class DueCounts {
  private final int kinds;
  private final long[] counts;
  private final long[] firstNs;
  private final long[] lastNs;

  DueCounts(int servers, int kinds) {
    this.kinds = kinds;
    this.counts = new long[servers * kinds];
    this.firstNs = new long[servers * kinds];
    this.lastNs = new long[servers * kinds];
  }

  void add(int server, int kind, long dueNs) {
    int i = server * kinds + kind;
    if (counts[i]++ == 0) {
      firstNs[i] = dueNs;
      lastNs[i] = dueNs;
    } else if (dueNs < firstNs[i]) {
      firstNs[i] = dueNs;
    } else if (dueNs > lastNs[i]) {
      lastNs[i] = dueNs;
    }
  }

  long count(int server, int kind) {
    return counts[server * kinds + kind];
  }

  /** Of all servers. */
  long count(int kind) {
    long sum = 0;
    for (int i = kind; i < counts.length; i += kinds) {
      sum += counts[i];
    }
    return sum;
  }

  /** {@link LoadStats#NEVER} where none was counted. */
  long firstNs(int server, int kind) {
    int i = server * kinds + kind;
    return counts[i] == 0 ? LoadStats.NEVER : firstNs[i];
  }

  long lastNs(int server, int kind) {
    int i = server * kinds + kind;
    return counts[i] == 0 ? LoadStats.NEVER : lastNs[i];
  }

  /** Of all servers. */
  long firstNs(int kind) {
    long first = LoadStats.NEVER;
    for (int i = kind; i < counts.length; i += kinds) {
      if (counts[i] > 0 && (first == LoadStats.NEVER || firstNs[i] < first)) {
        first = firstNs[i];
      }
    }
    return first;
  }

  long lastNs(int kind) {
    long last = LoadStats.NEVER;
    for (int i = kind; i < counts.length; i += kinds) {
      last = counts[i] > 0 ? Math.max(last, lastNs[i]) : last;
    }
    return last;
  }
}
