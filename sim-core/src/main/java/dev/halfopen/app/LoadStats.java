package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.metrics.LatencyRecorder;

/**
 * What became of the requests of one load. Only requests that were due after the warm-up count, so
 * that {@code offered = succeeded + failed + unfinished} always. Times are virtual ns; -1 means
 * never.
 */
public final class LoadStats {
  public static final long NEVER = -1;

  /** Who waits so many times as long as the slowest answer took is not merely a little slower. */
  private static final long OVERDUE = 2;

  private final String name;
  private final LatencyRecorder request;
  private final LatencyRecorder timeToFailure;
  private final LatencyRecorder connect;
  private final IntervalCounts successes;
  private final int servers;

  /** By server and root cause; one more stands for requests that had no server yet. */
  private final DueCounts failures;

  private final long[] bySeen = new long[SeenAs.count()];
  private final DueCounts waiting;

  private long offered;
  private long succeeded;
  private long failed;
  private long attempts;
  private long connections;
  private long retries;
  private long retriesRefused;

  private long firstFailureNs = NEVER;
  private long firstFailureDueNs = NEVER;
  private long firstFailureIndex = NEVER;
  private long succeededBeforeFirstFailure;
  private long lastFailureNs = NEVER;
  private long firstReturnNs = NEVER;
  private long firstReturnDueNs = NEVER;

  /** Due time of the first request since the last success. */
  private long waitingSinceNs = NEVER;

  private long longestOutageNs;
  private long longestOutageEndNs = NEVER;
  private long oldestUnfinishedDueNs = NEVER;

  /**
   * Books with nothing in them.
   *
   * @param servers that requests go to
   */
  LoadStats(ClientFarmConfig config, int servers, MemoryBudget budget) {
    this.name = config.name;
    this.servers = servers;
    this.failures = new DueCounts(servers + 1, FailureCause.count());
    this.waiting = new DueCounts(servers + 1, Waiting.count());
    this.successes = new IntervalCounts(config.successIntervalNs, budget);
    this.request = new LatencyRecorder("request", config.latencyIntervalNs);
    this.timeToFailure = new LatencyRecorder("timeToFailure", config.latencyIntervalNs);
    this.connect = new LatencyRecorder("connect", config.latencyIntervalNs);
    if (config.untilNs != Long.MAX_VALUE) {
      successes.reserveUntil(config.untilNs + config.timeoutNs);
    }
  }

  // ---- what the farm reports

  void offer(long dueNs) {
    offered++;
    if (waitingSinceNs == NEVER) {
      waitingSinceNs = dueNs;
    }
  }

  void attempt() {
    attempts++;
  }

  void retried() {
    retries++;
  }

  void retryRefused() {
    retriesRefused++;
  }

  void connected(long nowNs, long durationNs) {
    connections++;
    connect.record(nowNs, durationNs);
  }

  void success(long nowNs, long dueNs, long index) {
    succeeded++;
    request.record(nowNs, nowNs - dueNs);
    successes.count(nowNs);
    if (waitingSinceNs != NEVER) {
      endOutage(nowNs);
      waitingSinceNs = NEVER;
    }
    if (firstFailureIndex == NEVER || index < firstFailureIndex) {
      succeededBeforeFirstFailure++;
    } else if (firstReturnNs == NEVER) {
      firstReturnNs = nowNs;
      firstReturnDueNs = dueNs;
    }
  }

  /** A failure of a request that no server was chosen for. */
  void failure(long nowNs, long dueNs, long index, FailureCause cause, SeenAs seenAs) {
    failure(nowNs, dueNs, index, cause, seenAs, servers);
  }

  void failure(long nowNs, long dueNs, long index, FailureCause cause, SeenAs seenAs, int server) {
    failed++;
    failures.add(server, cause.index(), dueNs);
    bySeen[seenAs.index()]++;
    lastFailureNs = nowNs;
    timeToFailure.record(nowNs, nowNs - dueNs);
    if (firstFailureNs == NEVER) {
      firstFailureNs = nowNs;
      firstFailureDueNs = dueNs;
      firstFailureIndex = index;
    }
  }

  /** A success, or a failure where there is a cause. */
  void end(long nowNs, long dueNs, long index, FailureCause cause, SeenAs seenAs, int server) {
    if (cause == FailureCause.NONE) {
      success(nowNs, dueNs, index);
    } else {
      failure(nowNs, dueNs, index, cause, seenAs, server);
    }
  }

  void finish(long nowNs, long oldestDueNs) {
    oldestUnfinishedDueNs = oldestDueNs;
    if (waitingSinceNs != NEVER) {
      endOutage(nowNs);
    }
    request.finish(nowNs);
    timeToFailure.finish(nowNs);
    connect.finish(nowNs);
  }

  /**
   * A request that is unfinished at the end; after {@link #finish}.
   *
   * @param connectNs when the connection that is being opened was begun; NEVER if it is open
   * @param timeouts in a row on its connection
   * @param server that its connection leads to
   */
  void waits(long nowNs, long dueNs, long connectNs, int timeouts, int server) {
    Waiting kind = Waiting.IN_FLIGHT;
    if (timeouts > 0) {
      kind = connectNs == NEVER ? Waiting.ACKNOWLEDGEMENT : Waiting.CONNECT;
    } else if (isOverdue(nowNs - dueNs)) {
      boolean connecting = connectNs != NEVER && isOverdue(nowNs - connectNs);
      kind = connecting ? Waiting.CONNECT : Waiting.RESPONSE;
    }
    waiting.add(server, kind.index(), dueNs);
  }

  private boolean isOverdue(long waitedNs) {
    return waitedNs > OVERDUE * request.total().getMaxValue();
  }

  private void endOutage(long nowNs) {
    if (nowNs - waitingSinceNs > longestOutageNs) {
      longestOutageNs = nowNs - waitingSinceNs;
      longestOutageEndNs = nowNs;
    }
  }

  // ---- what the summary asks

  public String name() {
    return name;
  }

  public long offered() {
    return offered;
  }

  public long succeeded() {
    return succeeded;
  }

  public long failed() {
    return failed;
  }

  public long unfinished() {
    return offered - succeeded - failed;
  }

  /** Requests sent or tried to send, repetitions included. */
  public long attempts() {
    return attempts;
  }

  /** Further tries of requests of which one had failed. */
  public long retries() {
    return retries;
  }

  /** Requests that failed because the budget for repeats was used up. */
  public long retriesRefused() {
    return retriesRefused;
  }

  /** Connections that the clients opened successfully. */
  public long connections() {
    return connections;
  }

  /** Failures with this root cause; over all causes they sum to {@link #failed}. */
  public long failures(FailureCause cause) {
    return failures.count(cause.index());
  }

  /** Servers that requests go to; those that none was chosen for count at this index. */
  public int servers() {
    return servers;
  }

  /** Failures on the way to that server. */
  public long failures(FailureCause cause, int server) {
    return failures.count(server, cause.index());
  }

  public long firstDueNs(FailureCause cause, int server) {
    return failures.firstNs(server, cause.index());
  }

  public long lastDueNs(FailureCause cause, int server) {
    return failures.lastNs(server, cause.index());
  }

  /** Due time of the earliest request that failed with this root cause. */
  public long firstDueNs(FailureCause cause) {
    return failures.firstNs(cause.index());
  }

  /** Due time of the latest one. */
  public long lastDueNs(FailureCause cause) {
    return failures.lastNs(cause.index());
  }

  /** Failures that looked like this to the client; the same sum. */
  public long seenAs(SeenAs seen) {
    return bySeen[seen.index()];
  }

  /** Unfinished requests by what they wait for; they sum to {@link #unfinished}. */
  public long waiting(Waiting kind) {
    return waiting.count(kind.index());
  }

  /** Those that wait for that server. */
  public long waiting(Waiting kind, int server) {
    return waiting.count(server, kind.index());
  }

  /** Due time of the oldest of these. */
  public long firstWaitingDueNs(Waiting kind, int server) {
    return waiting.firstNs(server, kind.index());
  }

  /** Due time of the youngest. */
  public long lastWaitingDueNs(Waiting kind, int server) {
    return waiting.lastNs(server, kind.index());
  }

  /** When a client first saw a failure. */
  public long firstFailureNs() {
    return firstFailureNs;
  }

  /** When a client last saw a failure. */
  public long lastFailureNs() {
    return lastFailureNs;
  }

  /** When that request was due. */
  public long firstFailureDueNs() {
    return firstFailureDueNs;
  }

  /** Its number among all requests of the load, from 0. */
  public long firstFailureIndex() {
    return firstFailureIndex;
  }

  /** Successes among the requests with a lower number. */
  public long succeededBeforeFirstFailure() {
    return succeededBeforeFirstFailure;
  }

  /** T1: the first success of a request that was due after the first failed one. */
  public long firstReturnNs() {
    return firstReturnNs;
  }

  public long firstReturnDueNs() {
    return firstReturnDueNs;
  }

  /** Longest time without a success while a request was offered; an outage at the end counts. */
  public long longestOutageNs() {
    return longestOutageNs;
  }

  public long longestOutageEndNs() {
    return longestOutageEndNs;
  }

  /** Due time of the oldest request that was unfinished at the end. */
  public long oldestUnfinishedDueNs() {
    return oldestUnfinishedDueNs;
  }

  /** Successes over virtual time. */
  public IntervalCounts successes() {
    return successes;
  }

  /** Latency of successes from the due time. */
  public LatencyRecorder request() {
    return request;
  }

  public LatencyRecorder timeToFailure() {
    return timeToFailure;
  }

  /** From connect() to an established connection, at the clients. */
  public LatencyRecorder connect() {
    return connect;
  }
}
