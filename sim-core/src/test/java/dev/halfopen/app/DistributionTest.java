package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.halfopen.engine.RandomStreams;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DistributionTest {
  private static final int SAMPLES = 200_000;
  private static final long SEED = 7;

  private static long[] sortedSamples(Distribution d) {
    long[] samples = new long[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      samples[i] = d.sample(RandomStreams.bits(SEED, 1, 1, i));
    }
    Arrays.sort(samples);
    return samples;
  }

  @Test
  void constantIsItself() {
    Distribution d = Distribution.constant(12_345_678_901L);
    assertThat(d.sample(-1)).isEqualTo(12_345_678_901L);
    assertThat(d.sampleInt(0)).isEqualTo(Integer.MAX_VALUE);
    assertThat(d.isZero()).isFalse();
    assertThat(Distribution.constant(0).isZero()).isTrue();
  }

  @Test
  void exponentialHasItsMeanAndMedian() {
    long[] s = sortedSamples(Distribution.exponential(1_000_000));
    assertThat(Arrays.stream(s).average().orElseThrow()).isCloseTo(1e6, within(1e4));
    assertThat((double) s[SAMPLES / 2]).isCloseTo(1e6 * Math.log(2), within(1e4));
  }

  @Test
  void logNormalGoesThroughItsTwoPoints() {
    long[] s = sortedSamples(Distribution.logNormal(12e6, 180e6));
    assertThat((double) s[SAMPLES / 2]).isCloseTo(12e6, within(0.2e6));
    assertThat((double) s[SAMPLES / 100 * 99]).isCloseTo(180e6, within(6e6));
  }

  @Test
  void empiricalGivesEachValueAsOftenAsItOccurred() {
    Distribution d = Distribution.empirical(new long[] {2, 5, 900}, new long[] {70, 20, 10});
    long[] s = sortedSamples(d);
    assertThat(Arrays.stream(s).distinct()).containsExactly(2L, 5L, 900L);
    assertThat(Arrays.stream(s).filter(v -> v == 2).count() / (double) SAMPLES)
        .isCloseTo(0.7, within(0.005));
    assertThat(Arrays.stream(s).filter(v -> v == 900).count() / (double) SAMPLES)
        .isCloseTo(0.1, within(0.005));
    assertThat(d.typical()).isEqualTo(2);
    assertThat(d.sample(0)).isEqualTo(2);
    assertThat(d.sample(-1)).isEqualTo(900);
    assertThat(d.isConstant()).isFalse();
  }

  @Test
  void empiricalWantsValuesInOrder() {
    for (long[][] wrong :
        new long[][][] {
          {{}, {}}, {{1}, {1, 2}}, {{2, 1}, {1, 1}}, {{-1}, {1}}, {{1}, {0}}, {{1}, {1L << 53}}
        }) {
      assertThatThrownBy(() -> Distribution.empirical(wrong[0], wrong[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void extremeBitsGiveFiniteSamples() {
    for (long bits : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThat(Distribution.exponential(1e9).sample(bits)).isBetween(0L, 40_000_000_000L);
      assertThat(Distribution.logNormal(1e6, 1e7).sample(bits)).isBetween(0L, 10_000_000_000L);
    }
  }

  @Test
  void uniformNumbersAreNeitherZeroNorOne() {
    assertThat(Distribution.uniform(-1)).isEqualTo(Math.nextDown(1.0));
    assertThat(Distribution.uniform(0)).isEqualTo(0x1p-54);
    assertThat(Distribution.uniform(1L << 63)).isEqualTo(0.5);
    assertThat(Distribution.exponential(1e18).sample(-1)).isEqualTo(111);
  }

  @Test
  void normalQuantileAgreesWithTables() {
    assertThat(NormalQuantile.of(0.5)).isEqualTo(0.0);
    assertThat(NormalQuantile.of(0.975)).isCloseTo(1.959963984540054, within(1e-14));
    assertThat(NormalQuantile.of(0.01)).isCloseTo(-2.3263478740408408, within(1e-14));
    assertThat(NormalQuantile.of(1e-12)).isCloseTo(-7.034483825301131, within(1e-12));
  }

  @Test
  void refusesWhatIsNoDistribution() {
    assertThatThrownBy(() -> Distribution.constant(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> Distribution.exponential(0)).hasMessageContaining("0");
    assertThatThrownBy(() -> Distribution.logNormal(10, 9)).hasMessageContaining("9");
    assertThatThrownBy(() -> Distribution.exponential(Double.NaN)).hasMessageContaining("NaN");
  }
}
