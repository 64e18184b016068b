package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The numbers that textbooks and kernels give. */
class ClosedFormsTest {
  @Test
  void aQueueOf130LosesOneInElevenAtTenPercentTooMuch() {
    assertThat(ClosedForms.lossOfQueue(1.1, 130)).isCloseTo(0.0909, within(1e-4));
    assertThat(ClosedForms.lossOfQueue(1, 4)).isCloseTo(0.2, within(1e-9));
    assertThat(ClosedForms.lossOfQueue(0.5, 1)).isCloseTo(1 / 3.0, within(1e-9));
    assertThat(ClosedForms.lossOfQueue(2, 1)).isCloseTo(2 / 3.0, within(1e-9));
    assertThat(ClosedForms.lossOfQueue(50, 100_000)).isCloseTo(0.98, within(1e-9));
  }

  @Test
  void repeatsRaiseTheLossOfASyn() {
    assertThat(ClosedForms.lossWithRepeats(1.1, 0, 11)).isCloseTo(0.804, within(1e-3));
    assertThat(ClosedForms.lossWithRepeats(1.1, 0, 7)).isCloseTo(0.710, within(1e-3));
    assertThat(ClosedForms.lossWithRepeats(1.1, 0, 1)).isCloseTo(0.0909, within(1e-4));
  }

  @Test
  void clientsSendAsManySynsAsMeasured() {
    // Oracle O1: 0 1 2 3 4 5 7 11 19 35 67 with four linear timeouts, 0 1 3 7 15 31 63 without.
    assertThat(ClosedForms.synsWithin(200, 6, 4)).isEqualTo(11);
    assertThat(ClosedForms.synsWithin(200, 6, 0)).isEqualTo(7);
    assertThat(ClosedForms.synsWithin(20, 6, 4)).isEqualTo(9);
    assertThat(ClosedForms.synsWithin(20, 6, 0)).isEqualTo(5);
    assertThat(ClosedForms.synsWithin(0.9, 6, 4)).isEqualTo(1);
  }

  @Test
  void probabilitiesAddUp() {
    assertThat(ClosedForms.anyOf(0.01, 10)).isCloseTo(0.0956, within(1e-4));
    assertThat(ClosedForms.poissonAbove(2, 0)).isCloseTo(1 - StrictMath.exp(-2), within(1e-12));
    assertThat(ClosedForms.poissonAbove(10, 15)).isCloseTo(0.0487, within(1e-4));
    assertThat(ClosedForms.normalAbove(2.3263478740408408)).isCloseTo(0.01, within(1e-7));
    assertThat(ClosedForms.normalAbove(-1)).isCloseTo(0.8413, within(1e-4));
  }
}
