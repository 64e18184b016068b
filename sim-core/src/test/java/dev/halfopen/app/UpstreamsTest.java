package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.halfopen.engine.MemoryBudget;
import org.junit.jupiter.api.Test;

class UpstreamsTest {
  private static final FailureCause CAUSE = FailureCause.EADDRNOTAVAIL;

  private static ProxyExchanges exchangesFor(int upstreams) {
    ProxyExchanges exchanges = new ProxyExchanges(upstreams, new MemoryBudget(1 << 24));
    exchanges.create();
    return exchanges;
  }

  private static int chooseAnew(Upstreams upstreams, ProxyExchanges exchange, long nowSeconds) {
    exchange.begin(1, upstreams.count());
    return upstreams.choose(nowSeconds, exchange);
  }

  @Test
  void equalServersTakeTurns() {
    Upstreams upstreams = new Upstreams(3, 1, 10);
    ProxyExchanges exchange = exchangesFor(3);
    for (int i = 0; i < 12; i++) {
      assertThat(chooseAnew(upstreams, exchange, 100)).isEqualTo(i % 3);
    }
  }

  @Test
  void aRequestTriesEachServerOnce() {
    int n = 500;
    Upstreams upstreams = new Upstreams(n, 0, 10);
    ProxyExchanges exchange = exchangesFor(n);
    exchange.begin(1, n);
    boolean[] seen = new boolean[n];
    for (int i = 0; i < n; i++) {
      int server = upstreams.choose(100, exchange);
      assertThat(seen[server]).isFalse();
      seen[server] = true;
      upstreams.failed(server, 100, CAUSE);
    }
    assertThat(upstreams.choose(100, exchange)).isEqualTo(Upstreams.NONE);
  }

  @Test
  void aFailedServerIsTriedAgainAfterMoreThanFailTimeout() {
    Upstreams upstreams = new Upstreams(2, 1, 10);
    ProxyExchanges exchange = exchangesFor(2);
    assertThat(chooseAnew(upstreams, exchange, 100)).isZero();
    upstreams.failed(0, 100, CAUSE);
    for (long s = 100; s <= 110; s++) {
      assertThat(chooseAnew(upstreams, exchange, s)).isEqualTo(1);
    }
    // Its weight had gone to 0 and comes back with two requests; then one trial, and no second one
    // before that has succeeded or fail_timeout has passed again.
    int[] chosen = new int[6];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = chooseAnew(upstreams, exchange, 111);
    }
    assertThat(chosen).containsExactly(1, 1, 0, 1, 1, 1);
    upstreams.succeeded(0);
    assertThat(upstreams.fails(0)).isZero();
  }

  @Test
  void allDownMeansNoneAndRemembersWhy() {
    Upstreams upstreams = new Upstreams(2, 2, 10);
    ProxyExchanges exchange = exchangesFor(2);
    assertThat(upstreams.downCause()).isEqualTo(FailureCause.NO_LIVE_UPSTREAMS);
    for (int i = 0; i < 2; i++) {
      upstreams.failed(0, 100, CAUSE);
      upstreams.failed(1, 100, CAUSE);
    }
    assertThat(chooseAnew(upstreams, exchange, 105)).isEqualTo(Upstreams.NONE);
    assertThat(upstreams.downCause()).isEqualTo(CAUSE);
  }

  @Test
  void aSingleServerIsNeverDown() {
    Upstreams upstreams = new Upstreams(1, 1, 10);
    ProxyExchanges exchange = exchangesFor(1);
    for (int i = 0; i < 5; i++) {
      assertThat(chooseAnew(upstreams, exchange, 100)).isZero();
      upstreams.failed(0, 100, CAUSE);
    }
  }

  @Test
  void maxFailsOfZeroNeverTakesAServerDown() {
    Upstreams upstreams = new Upstreams(2, 0, 10);
    ProxyExchanges exchange = exchangesFor(2);
    for (int i = 0; i < 10; i++) {
      assertThat(chooseAnew(upstreams, exchange, 100)).isEqualTo(i % 2);
      upstreams.failed(i % 2, 100, CAUSE);
    }
  }

  @Test
  void refusesToHaveNoServer() {
    assertThatThrownBy(() -> new Upstreams(0, 1, 10)).hasMessageContaining("no upstream");
  }
}
