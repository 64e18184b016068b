package dev.halfopen.app;

/** What a {@link ReverseProxy} did. Upstream connections are those that connect() began. */
public final class ProxyStats {
  long clientConnections;
  long clientAborts;
  long requests;
  long answered;
  long internalError;
  long badGateway;
  long gatewayTimeout;
  long opened;
  long reused;
  long retries;
  long noLiveUpstreams;
  long closesByProxy;
  long closesByUpstream;
  long closesByError;
  final long[] peerFailures = new long[FailureCause.count()];
  final long[] failedByCause = new long[FailureCause.count()];

  private final DueCounts lost;

  ProxyStats(int upstreams) {
    lost = new DueCounts(upstreams, FailureCause.count());
  }

  /** A request came to its end at an upstream without an answer of it. */
  void lost(int upstream, FailureCause cause, long sinceNs) {
    lost.add(upstream, cause.index(), sinceNs);
  }

  /**
   * Requests that ended at this upstream without an answer of it: failed with this cause, or given
   * up by their client (CLIENT_TIMEOUT).
   */
  public long lost(int upstream, FailureCause cause) {
    return lost.count(upstream, cause.index());
  }

  /** When the first of them had been sent there, or failed unsent. */
  public long firstLostNs(int upstream, FailureCause cause) {
    return lost.firstNs(upstream, cause.index());
  }

  /** The same of the last. */
  public long lastLostNs(int upstream, FailureCause cause) {
    return lost.lastNs(upstream, cause.index());
  }

  /** Client connections accepted. */
  public long clientConnections() {
    return clientConnections;
  }

  /** Requests given up because the client had closed its connection (nginx's status 499). */
  public long clientAborts() {
    return clientAborts;
  }

  /** Complete requests received. */
  public long requests() {
    return requests;
  }

  /** Responses of upstreams passed on. */
  public long answered() {
    return answered;
  }

  /** Requests answered with 500: no connection or no file was left for the upstream. */
  public long internalError() {
    return internalError;
  }

  /** Requests answered with 502. */
  public long badGateway() {
    return badGateway;
  }

  /** Requests answered with 504. */
  public long gatewayTimeout() {
    return gatewayTimeout;
  }

  /** Upstream connections begun; a connect() that failed at once is none. */
  public long opened() {
    return opened;
  }

  /** Requests that took an upstream connection from the pool. */
  public long reused() {
    return reused;
  }

  /** Further tries of requests of which a try had failed. */
  public long retries() {
    return retries;
  }

  /** Requests for which no upstream was left to try: nginx's "no live upstreams". */
  public long noLiveUpstreams() {
    return noLiveUpstreams;
  }

  /** Upstream connections that the proxy closed before it had seen the upstream's FIN. */
  public long closesByProxy() {
    return closesByProxy;
  }

  /** Upstream connections on which the upstream's FIN came first. */
  public long closesByUpstream() {
    return closesByUpstream;
  }

  /** Upstream connections that ended in an error: refused, reset, timed out in the kernel. */
  public long closesByError() {
    return closesByError;
  }

  /** Failed tries, the lines in nginx's error log but for "no live upstreams". */
  public long peerFailures(FailureCause cause) {
    return peerFailures[cause.index()];
  }

  /** Requests answered with 500, 502 or 504 for this root cause, "no live upstreams" included. */
  public long failedByCause(FailureCause cause) {
    return failedByCause[cause.index()];
  }
}
