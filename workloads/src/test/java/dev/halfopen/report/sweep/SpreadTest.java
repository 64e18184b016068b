package dev.halfopen.report.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void meanHasTheIntervalOfStudentsT() {
    Spread spread = Spread.mean(new double[] {1, 2, 3, 4});
    assertThat(spread.middle()).isEqualTo(2.5);
    // 3.1824 x sqrt(5 / 3) / 2
    assertThat(spread.high() - spread.middle()).isCloseTo(2.0543, within(1e-3));
    assertThat(spread.middle() - spread.low()).isCloseTo(2.0543, within(1e-3));
  }

  @Test
  void aSingleSeedHasNoInterval() {
    assertThat(Spread.mean(new double[] {7}).low()).isNaN();
    assertThat(Spread.mean(new double[] {}).middle()).isNaN();
  }

  @Test
  void quantilesOfStudentsTGoOnBehindTheTable() {
    assertThat(Spread.student(40)).isCloseTo(2.0211, within(1e-4));
    assertThat(Spread.student(120)).isCloseTo(1.9799, within(1e-4));
  }

  @Test
  void medianHasTheIntervalBetweenOrderStatistics() {
    assertThat(Spread.lowRank(5)).isZero();
    assertThat(Spread.lowRank(6)).isEqualTo(1);
    assertThat(Spread.lowRank(20)).isEqualTo(6);
    double[] values = new double[20];
    for (int i = 0; i < values.length; i++) {
      values[i] = 20 - i;
    }
    Spread spread = Spread.median(values);
    assertThat(spread.middle()).isEqualTo(10.5);
    assertThat(spread.low()).isEqualTo(6);
    assertThat(spread.high()).isEqualTo(15);
  }

  @Test
  void aTimeThatWasCutOffBoundsFromBelow() throws Exception {
    Measure outage = Measure.parse("outage", "test");
    Spread spread = Spread.of(outage, List.of("1", ">=5", ""));
    assertThat(spread.n()).isEqualTo(2);
    assertThat(spread.isLowerBound()).isTrue();
    assertThat(spread.middle()).isEqualTo(3);
    assertThat(spread.high()).isNaN();
  }
}
