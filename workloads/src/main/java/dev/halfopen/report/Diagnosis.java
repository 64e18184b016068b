package dev.halfopen.report;

/**
 * Why requests failed or did not come to an end.
 *
 * @param resource what ran out: "ephemeral ports"
 * @param detail which one: "-> upstream-1:8080"
 * @param fromNs intended start of the first request that it explains, or when it ran out
 * @param toNs intended start of the last one, or the end
 * @param failed requests that it explains
 * @param unfinished requests that it explains
 * @param onARealHost what a log, ss and nstat would show
 */
public record Diagnosis(
    String resource,
    String host,
    String detail,
    long fromNs,
    long toNs,
    long failed,
    long unfinished,
    String evidence,
    String onARealHost) {
  /** Requests that it explains. */
  public long explains() {
    return failed + unfinished;
  }

  /** Whether the other one tells of the same resource. */
  boolean isOfTheSame(Diagnosis other) {
    return resource.equals(other.resource)
        && host.equals(other.host)
        && detail.equals(other.detail);
  }

  /** Both, where they are of the same resource. */
  Diagnosis plus(Diagnosis other) {
    String both = evidence.contains(other.evidence) ? evidence : evidence + "; " + other.evidence;
    return new Diagnosis(
        resource,
        host,
        detail,
        Math.min(fromNs, other.fromNs),
        Math.max(toNs, other.toNs),
        failed + other.failed,
        unfinished + other.unfinished,
        both,
        onARealHost);
  }

  /** What it ran from and to in a run, by the requests that it explains. */
  static Diagnosis of(
      RunResult result,
      String resource,
      String host,
      String detail,
      Ledger.Taken taken,
      String evidence,
      String onARealHost) {
    long from = taken.failed() > 0 ? taken.span().firstNs() : taken.oldestNs();
    long to = taken.unfinished() > 0 ? result.endNs() : taken.span().lastNs();
    return new Diagnosis(
        resource,
        host,
        detail,
        from,
        to,
        taken.failed(),
        taken.unfinished(),
        evidence,
        onARealHost);
  }
}
