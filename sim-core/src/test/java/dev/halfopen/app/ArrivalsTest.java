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
  void saysAboutHowManyAreDueUntilAnInstant() {
    Arrivals constant = Arrivals.constant(1000, S, 5, S, FOREVER);
    assertThat(constant.expected(4)).isZero();
    assertThat(constant.expected(5)).isEqualTo(1);
    assertThat(constant.expected(S / 2 + 5)).isEqualTo(501);
    Arrivals poisson = Arrivals.poisson(1000, S, 0, FOREVER, FOREVER, 1, 1);
    assertThat(poisson.expected(poisson.nextNs() - 1)).isZero();
    assertThat(poisson.expected(poisson.nextNs() + S / 2)).isBetween(500, 502);
    Arrivals over = Arrivals.constant(1000, S, 0, FOREVER, 0);
    assertThat(over.expected(FOREVER - 1)).isZero();
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

  /** 0 for 10 s, then up to 100/s within 10 s, on for 10 s, then all at once nothing. */
  private static RateSchedule ramp() {
    return new RateSchedule(
        new long[] {0, 10 * S, 20 * S, 30 * S, 30 * S}, new double[] {0, 0, 100, 100, 0});
  }

  @Test
  void aRampHasTheArrivalsOfItsArea() {
    assertThat(ramp().expected(60 * S)).isCloseTo(1500, within(1e-6));
    assertThat(ramp().expected(15 * S)).isCloseTo(125, within(1e-6));
    Arrivals a = Arrivals.scheduled(ramp(), false, FOREVER, FOREVER, 1, 1);
    assertThat(a.nextNs()).isEqualTo(10 * S);
    int n = 0;
    int within15 = 0;
    long lastNs = 0;
    for (; a.nextNs() != Arrivals.NEVER; a.advance()) {
      lastNs = a.nextNs();
      n++;
      within15 += lastNs < 15 * S ? 1 : 0;
    }
    assertThat(n).isEqualTo(1500);
    assertThat(within15).isEqualTo(125);
    assertThat(lastNs).isCloseTo(30 * S - S / 100, within(10L));
  }

  @Test
  void independentArrivalsFollowARampToo() {
    Arrivals a = Arrivals.scheduled(ramp(), true, FOREVER, FOREVER, 5, 1);
    int n = 0;
    long lastNs = -1;
    for (; a.nextNs() != Arrivals.NEVER; a.advance()) {
      assertThat(a.nextNs()).isBetween(Math.max(lastNs, 10 * S), 30 * S);
      lastNs = a.nextNs();
      n++;
    }
    assertThat((double) n).isCloseTo(1500, within(4 * Math.sqrt(1500)));
  }

  @Test
  void aScheduleOfOneRateIsThatRate() {
    RateSchedule one = new RateSchedule(new long[] {5 * S}, new double[] {4});
    Arrivals a = Arrivals.scheduled(one, false, FOREVER, FOREVER, 1, 1);
    for (int i = 0; i < 100; i++) {
      assertThat(a.nextNs()).isEqualTo(i * S / 4);
      a.advance();
    }
  }

  @Test
  void refusesASchedulePointBeforeTheLast() {
    assertThatThrownBy(() -> new RateSchedule(new long[] {S, 0}, new double[] {1, 1}))
        .hasMessageContaining("point 1");
  }
}
