package dev.halfopen.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadingTest {
  private static final Offset<Double> EXACT = within(1e-9);

  private static OracleRow row(double min, double max, Reading reading) {
    return OracleRow.of(new Measurement("O1", "case", "quantity", min, max), reading);
  }

  @ParameterizedTest
  @CsvSource({
    "0.204, 0.004",
    "0.3, 0.032",
    "2, 0.032",
    "2.1, 0.256",
    "16, 0.256",
    "16.2, 2.048",
    "120, 2.048"
  })
  void granuleIsThatOfTheTimerWheel(double timerS, double granuleS) {
    assertThat(Conditions.granuleS(timerS)).isEqualTo(granuleS, EXACT);
  }

  @Test
  void countsAreExact() {
    assertThat(row(4, 4, Reading.count().add(4)).misses()).isFalse();
    assertThat(row(4, 4, Reading.count().add(4).add(5)).misses()).isTrue();
    assertThat(row(4, 4, Reading.count().add(3)).misses()).isTrue();
  }

  @Test
  void timesMayBeOffByGranuleAndTenMilliseconds() {
    OracleRow row = row(3, 3.1, Reading.time(1, false).add(3));
    assertThat(row.allowedMin()).isEqualTo(3 - 0.042, EXACT);
    assertThat(row.allowedMax()).isEqualTo(3.1 + 0.042, EXACT);
    assertThat(row(3, 3.1, Reading.time(1, false).add(2.957)).misses()).isTrue();
    assertThat(row(3, 3.1, Reading.time(1, false).add(3).add(3.143)).misses()).isTrue();
    assertThat(row(3, 3.1, Reading.time(1, false).add(2.959).add(3.141)).misses()).isFalse();
  }

  @Test
  void polledTimesMayHaveBeenEarlier() {
    OracleRow row = row(3, 3.1, Reading.time(1, true).add(3));
    assertThat(row.allowedMin()).isEqualTo(3 - 0.442, EXACT);
    assertThat(row.allowedMax()).isEqualTo(3.1 + 0.042, EXACT);
  }

  @Test
  void ratesMayDifferByTwoPercent() {
    assertThat(row(100, 100, Reading.rate().add(98.1).add(101.9)).misses()).isFalse();
    assertThat(row(100, 100, Reading.rate().add(97.9)).misses()).isTrue();
  }

  @Test
  void quantityThatNeverCameMisses() {
    assertThat(OracleRow.of(new Measurement("O1", "case", "quantity", 1, 1), null).misses())
        .isTrue();
  }

  @Test
  void whatCannotBeExpressedNeitherHoldsNorMisses() {
    OracleRow row = row(1, 1, Reading.notExpressed("why"));
    assertThat(row.holds()).isNull();
    assertThat(row.misses()).isFalse();
    assertThat(row.reason()).isEqualTo("why");
  }

  @Test
  void aCaseNotExpressedAtOnePhaseIsNotExpressed() {
    Readings all = new Readings().count("n", 8);
    all.include(new Readings().notExpressed("n", "why", 9));
    all.include(new Readings().count("n", 8));
    Reading n = all.byQuantity().get("n");
    assertThat(n).isNotNull();
    assertThat(n.isExpressed()).isFalse();
    assertThat(n.min()).isEqualTo(8);
    assertThat(n.max()).isEqualTo(9);
  }

  @Test
  void phasesDifferInEveryGranule() {
    for (long granule = 8; granule <= 1 << 15; granule *= 8) {
      long seen = 0;
      for (int phase = 0; phase < Conditions.PHASES; phase++) {
        long jiffy = Conditions.phaseNs(phase) / (Conditions.SECOND_NS / Conditions.HZ);
        seen |= 1L << jiffy % granule * 8 / granule;
      }
      assertThat(Long.bitCount(seen)).as("granule " + granule).isGreaterThanOrEqualTo(5);
    }
  }
}
