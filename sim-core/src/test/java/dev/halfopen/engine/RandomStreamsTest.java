package dev.halfopen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Frozen values: whatever changes them changes every run of every seed. */
class RandomStreamsTest {
  @Test
  void mixesAsSplitMix64() {
    // The first three outputs of the reference implementation for seed 0.
    assertThat(RandomStreams.bits(0, 0)).isEqualTo(0xE220A8397B1DCDAFL);
    assertThat(RandomStreams.bits(0, 1)).isEqualTo(0x6E789E6AA1B965F4L);
    assertThat(RandomStreams.bits(0, 2)).isEqualTo(0x06C45D188009454FL);
  }

  @Test
  void drawsTheFrozenBits() {
    RunDigest digest = new RunDigest();
    for (int i = 0; i < 10_000; i++) {
      long bits = RandomStreams.bits(i % 7, i % 1000, i % 13, i);
      digest.add(i, bits, RandomStreams.below(bits, 1 + i), 0);
    }
    assertThat(RunDigest.toHex(digest.value())).isEqualTo("738870444b39f7e8");
  }

  @Test
  void drawsTheFrozenDoubles() {
    RunDigest digest = new RunDigest();
    for (int i = 0; i < 10_000; i++) {
      long bits = RandomStreams.bits(42, 1, 2, i);
      long more = RandomStreams.bits(42, 1, 3, i);
      digest.add(
          i,
          Double.doubleToRawLongBits(RandomStreams.unit(bits)),
          Double.doubleToRawLongBits(RandomStreams.exponential(bits)),
          Double.doubleToRawLongBits(RandomStreams.gaussian(bits, more)));
    }
    assertThat(RunDigest.toHex(digest.value())).isEqualTo("68eb25c9acb569af");
  }

  @Test
  void givesEverySeedNodeAndPurposeItsOwnStream() {
    Set<Long> streams = new HashSet<>();
    for (int seed = 0; seed < 32; seed++) {
      for (int node = 0; node < 32; node++) {
        for (int purpose = 0; purpose < 32; purpose++) {
          streams.add(RandomStreams.stream(seed, node, purpose));
        }
      }
    }
    assertThat(streams).hasSize(32 * 32 * 32);
  }

  @Test
  void fillsTheRangeEvenly() {
    int[] counts = new int[10];
    for (int i = 0; i < 100_000; i++) {
      counts[RandomStreams.below(RandomStreams.bits(1, 2, 3, i), 10)]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(9_700, 10_300);
    }
    assertThat(RandomStreams.below(-1L, Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE - 1);
    assertThat(RandomStreams.below(0, 1)).isZero();
  }

  @Test
  void hasTheMomentsOfItsDistributions() {
    int n = 200_000;
    double exponential = 0;
    double gaussian = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      long bits = RandomStreams.bits(7, 0, 0, i);
      exponential += RandomStreams.exponential(bits);
      double g = RandomStreams.gaussian(bits, RandomStreams.bits(7, 0, 1, i));
      gaussian += g;
      squares += g * g;
    }
    assertThat(exponential / n).isEqualTo(1, within(0.01));
    assertThat(gaussian / n).isEqualTo(0, within(0.01));
    assertThat(squares / n).isEqualTo(1, within(0.01));
  }

  @Test
  void isFiniteAtTheEndsOfItsRange() {
    assertThat(RandomStreams.unit(-1L)).isLessThan(1);
    assertThat(RandomStreams.unit(0)).isZero();
    assertThat(RandomStreams.exponential(-1L)).isBetween(36.0, 36.8);
    assertThat(RandomStreams.exponential(0)).isZero();
    assertThat(RandomStreams.gaussian(-1L, 0)).isBetween(8.0, 8.6);
  }
}
