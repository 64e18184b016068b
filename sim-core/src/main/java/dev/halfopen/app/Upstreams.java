package dev.halfopen.app;

import java.util.Arrays;

/**
 * nginx's smooth weighted round robin over servers of weight 1, with max_fails and fail_timeout
 * (src/http/ngx_http_upstream_round_robin.c, 1.26). Time is whole seconds, as ngx_time() is: a
 * server that has failed too often is tried again when more than fail_timeout seconds have passed
 * since it was last checked. A single server is never taken down.
 */
final class Upstreams {
  static final int NONE = -1;
  private static final int WEIGHT = 1;

  private final int count;
  private final int maxFails;
  private final long failTimeoutSeconds;
  private final int[] currentWeight;
  private final int[] effectiveWeight;
  private final int[] fails;
  private final long[] accessed;
  private final long[] checked;
  private FailureCause downCause = FailureCause.NO_LIVE_UPSTREAMS;

  Upstreams(int count, int maxFails, long failTimeoutSeconds) {
    if (count <= 0) {
      throw new IllegalArgumentException("no upstream");
    }
    this.count = count;
    this.maxFails = maxFails;
    this.failTimeoutSeconds = failTimeoutSeconds;
    currentWeight = new int[count];
    effectiveWeight = new int[count];
    fails = new int[count];
    accessed = new long[count];
    checked = new long[count];
    Arrays.fill(effectiveWeight, WEIGHT);
  }

  /** As at the beginning: every server is up, none has had its turn. */
  void forget() {
    Arrays.fill(currentWeight, 0);
    Arrays.fill(effectiveWeight, WEIGHT);
    Arrays.fill(fails, 0);
    Arrays.fill(accessed, 0);
    Arrays.fill(checked, 0);
    downCause = FailureCause.NO_LIVE_UPSTREAMS;
  }

  int count() {
    return count;
  }

  boolean isSingle() {
    return count == 1;
  }

  /** What took down the server that went down last: the root of "no live upstreams". */
  FailureCause downCause() {
    return downCause;
  }

  int fails(int server) {
    return fails[server];
  }

  /**
   * {@code ngx_http_upstream_get_peer}: the server for the next try, marked as tried.
   *
   * @param exchange at the request; it knows which servers were tried
   * @return the server, or {@link #NONE}: "no live upstreams"
   */
  int choose(long nowSeconds, ProxyExchanges exchange) {
    if (isSingle()) {
      return 0;
    }
    int best = NONE;
    int total = 0;
    for (int i = 0; i < count; i++) {
      if (exchange.isTried(i) || isDown(i, nowSeconds)) {
        continue;
      }
      currentWeight[i] += effectiveWeight[i];
      total += effectiveWeight[i];
      if (effectiveWeight[i] < WEIGHT) {
        effectiveWeight[i]++;
      }
      if (best == NONE || currentWeight[i] > currentWeight[best]) {
        best = i;
      }
    }
    if (best == NONE) {
      return NONE;
    }
    exchange.setTried(best);
    currentWeight[best] -= total;
    if (nowSeconds - checked[best] > failTimeoutSeconds) {
      checked[best] = nowSeconds;
    }
    return best;
  }

  private boolean isDown(int server, long nowSeconds) {
    return maxFails > 0
        && fails[server] >= maxFails
        && nowSeconds - checked[server] <= failTimeoutSeconds;
  }

  /** {@code ngx_http_upstream_free_round_robin_peer} with NGX_PEER_FAILED. */
  void failed(int server, long nowSeconds, FailureCause cause) {
    if (isSingle()) {
      return;
    }
    fails[server]++;
    accessed[server] = nowSeconds;
    checked[server] = nowSeconds;
    if (maxFails > 0) {
      effectiveWeight[server] = Math.max(0, effectiveWeight[server] - WEIGHT / maxFails);
      if (fails[server] >= maxFails) {
        downCause = cause;
      }
    }
  }

  /** The same after a response. */
  void succeeded(int server) {
    if (accessed[server] < checked[server]) {
      fails[server] = 0;
    }
  }
}
