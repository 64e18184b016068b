package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final long S = ClientFarmConfig.SECOND_NS;
  private static final long FOREVER = Long.MAX_VALUE;

  @Test
  void constantArrivalsDoNotDrift() {
    Arrivals a = Arrivals.constant(3, S, 5, FOREVER, FOREVER);
    long[] first = new long[7];
    for (int i = 0; i < first.length; i++) {
      first[i] = a.nextNs();
      a.advance();
    }
    assertThat(first)
        .containsExactly(
            5, 333_333_338, 666_666_671, S + 5, S + 333_333_338, S + 666_666_671, 2 * S + 5);
    for (int i = first.length; i < 3_000_000; i++) {
      a.advance();
    }
    assertThat(a.nextNs()).isEqualTo(1_000_000 * S + 5);
  }

  @Test
  void arrivalsEndBeforeUntil() {
    Arrivals a = Arrivals.constant(1000, S, 0, S, FOREVER);
    int n = 0;
    for (; a.nextNs() != Arrivals.NEVER; a.advance()) {
      n++;
    }
    assertThat(n).isEqualTo(1000);
    a.advance();
    assertThat(a.nextNs()).isEqualTo(Arrivals.NEVER);
  }

  @Test
  void arrivalsEndWithTheirNumber() {
    Arrivals a = Arrivals.constant(1000, S, 0, FOREVER, 2);
    a.advance();
    assertThat(a.nextNs()).isEqualTo(1_000_000);
    a.advance();
    assertThat(a.nextNs()).isEqualTo(Arrivals.NEVER);
    assertThat(Arrivals.constant(1000, S, 0, FOREVER, 0).nextNs()).isEqualTo(Arrivals.NEVER);
  }

  @Test
  void poissonArrivalsHaveTheirRateAndVariance() {
    Arrivals a = Arrivals.poisson(900, S, 0, 1000 * S, FOREVER, 11, 3);
    int[] bySecond = new int[1000];
    long n = 0;
    long lastNs = -1;
    for (; a.nextNs() != Arrivals.NEVER; a.advance()) {
      assertThat(a.nextNs()).isGreaterThanOrEqualTo(lastNs);
      lastNs = a.nextNs();
      bySecond[(int) (lastNs / S)]++;
      n++;
    }
    assertThat((double) n).isCloseTo(900_000, within(4 * Math.sqrt(900_000)));
    double mean = n / 1000.0;
    double variance = 0;
    for (int x : bySecond) {
      variance += (x - mean) * (x - mean) / 999;
    }
    assertThat(variance / mean).isCloseTo(1.0, within(0.2));
  }

  @Test
  void poissonArrivalsDependOnSeedAndNodeOnly() {
    assertThat(thousandth(1, 1)).isEqualTo(thousandth(1, 1));
    assertThat(thousandth(1, 1)).isNotEqualTo(thousandth(2, 1)).isNotEqualTo(thousandth(1, 2));
  }

  private static long thousandth(long seed, int node) {
    Arrivals a = Arrivals.poisson(1, S, 0, FOREVER, FOREVER, seed, node);
    for (int i = 0; i < 1000; i++) {
      a.advance();
    }
    return a.nextNs();
  }

  @Test
  void refusesARateOfNothing() {
    assertThatThrownBy(() -> Arrivals.constant(0, S, 0, S, 1)).hasMessageContaining("rate 0");
    assertThatThrownBy(() -> Arrivals.poisson(1, 0, 0, S, 1, 1, 1)).hasMessageContaining("0 ns");
  }
}
