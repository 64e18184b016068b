package dev.halfopen.app;

/** What a pool has seen. Times are virtual ns; {@link LoadStats#NEVER} means never. */
public final class PoolStats {
  private final long[] creationFailures = new long[FailureCause.count()];
  private final long[] brokenQueries = new long[FailureCause.count()];
  private final long[] brokenIdle = new long[FailureCause.count()];

  long created;
  long borrows;
  long timeouts;
  long validations;
  long failedValidations;
  int activePeak;
  long activePeakAtNs;
  int waitingPeak;
  long waitingPeakAtNs;
  long firstTimeoutNs = LoadStats.NEVER;
  long lastTimeoutNs = LoadStats.NEVER;

  void creationFailed(FailureCause cause) {
    creationFailures[cause.index()]++;
  }

  void queryBroke(FailureCause cause) {
    brokenQueries[cause.index()]++;
  }

  void idleBroke(FailureCause cause) {
    brokenIdle[cause.index()]++;
  }

  void timedOut(long nowNs) {
    timeouts++;
    lastTimeoutNs = nowNs;
    if (firstTimeoutNs == LoadStats.NEVER) {
      firstTimeoutNs = nowNs;
    }
  }

  void active(long nowNs, int n) {
    if (n > activePeak) {
      activePeak = n;
      activePeakAtNs = nowNs;
    }
  }

  void waiting(long nowNs, int n) {
    if (n > waitingPeak) {
      waitingPeak = n;
      waitingPeakAtNs = nowNs;
    }
  }

  /** Connections that became part of the pool. */
  public long created() {
    return created;
  }

  /** Attempts to open a connection that failed with that cause. */
  public long creationFailures(FailureCause cause) {
    return creationFailures[cause.index()];
  }

  /** Queries whose connection broke or whose time was over. */
  public long brokenQueries(FailureCause cause) {
    return brokenQueries[cause.index()];
  }

  /** Connections that were found dead when they were asked. */
  public long brokenIdle(FailureCause cause) {
    return brokenIdle[cause.index()];
  }

  /** Connections that were handed out. */
  public long borrows() {
    return borrows;
  }

  /** Requests that waited in vain for connectionTimeout. */
  public long timeouts() {
    return timeouts;
  }

  public long firstTimeoutNs() {
    return firstTimeoutNs;
  }

  public long lastTimeoutNs() {
    return lastTimeoutNs;
  }

  /** Connections that were checked before they were handed out. */
  public long validations() {
    return validations;
  }

  public long failedValidations() {
    return failedValidations;
  }

  /** The most connections handed out at once. */
  public int activePeak() {
    return activePeak;
  }

  public long activePeakAtNs() {
    return activePeakAtNs;
  }

  /** The most requests that waited at once. */
  public int waitingPeak() {
    return waitingPeak;
  }

  public long waitingPeakAtNs() {
    return waitingPeakAtNs;
  }
}
