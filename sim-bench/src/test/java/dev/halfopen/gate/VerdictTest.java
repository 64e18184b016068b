package dev.halfopen.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gate's statistics, on made-up pairs with the noise of a shared machine. */
class VerdictTest {
  private static final double NOISE = 0.04;

  /** Pairs until decided, as the gate draws them. */
  private static Verdict decide(double slowdown, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Double> ratios = new ArrayList<>();
    Verdict verdict = Verdict.of(ratios);
    while (verdict == Verdict.UNDECIDED) {
      ratios.add(Math.log1p(slowdown) + random.nextGaussian() * NOISE);
      verdict = Verdict.of(ratios);
    }
    assertThat(ratios).hasSizeBetween(Verdict.PAIRS_MIN, Verdict.PAIRS_MAX);
    return verdict;
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.3, 0, 0.03})
  void passesWhatIsNotSlower(double slowdown) {
    for (int seed = 0; seed < 30; seed++) {
      assertThat(decide(slowdown, seed)).as("seed %d", seed).isEqualTo(Verdict.PASS);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.2, 0.5})
  void failsWhatIsMuchSlower(double slowdown) {
    for (int seed = 0; seed < 30; seed++) {
      assertThat(decide(slowdown, seed)).as("seed %d", seed).isEqualTo(Verdict.FAIL);
    }
  }

  @Test
  void asksForMorePairsBelowSeven() {
    assertThat(Verdict.of(List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0))).isEqualTo(Verdict.UNDECIDED);
    assertThat(Verdict.of(List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0))).isEqualTo(Verdict.FAIL);
  }

  @Test
  void oneWildPairDecidesNothing() {
    assertThat(Verdict.of(List.of(0.0, 0.01, -0.01, 0.0, 0.02, -0.02, 0.9)))
        .isNotEqualTo(Verdict.FAIL);
  }

  @Test
  void theIntervalHoldsTheMedianAndIsRepeatable() {
    double[] ratios = {0.1, 0.2, 0.15, 0.12, 0.18, 0.11, 0.3};
    Interval interval = Interval.of(ratios);
    assertThat(interval.median()).isEqualTo(0.15);
    assertThat(interval.low()).isBetween(0.1, 0.15);
    assertThat(interval.high()).isBetween(0.15, 0.3);
    assertThat(interval.excludesZero()).isTrue();
    assertThat(Interval.of(ratios)).isEqualTo(interval);
  }
}
