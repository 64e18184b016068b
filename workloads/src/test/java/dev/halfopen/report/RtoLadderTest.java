package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.tcp.KernelProfile;
import org.junit.jupiter.api.Test;

/** The ladder's closed form gives what was measured on a real kernel at HZ=250 with 204 ms. */
class RtoLadderTest {
  private static final RtoLadder MEASURED = RtoLadder.of(KernelProfile.LINUX_6_18, 250, 201, 201);

  private static void within(RtoLadder.Bounds bounds, double low, double high) {
    assertThat(bounds.low()).isBetween(low - 0.1, high);
    assertThat(bounds.high()).isBetween(low, high + 0.1);
  }

  @Test
  void connectionsStallFarBeyondThePartition() {
    within(MEASURED.stall(10), 3.28, 3.53);
    within(MEASURED.stall(30), 23.0, 25.0);
    within(MEASURED.stall(60), 46.2, 48.2);
    within(MEASURED.stall(120), 92.7, 94.7);
  }

  @Test
  void theNominalFormulaPromisesLess() {
    assertThat(RtoLadder.nominalStall(10))
        .isEqualTo(2.6, org.assertj.core.data.Offset.offset(1e-6));
    assertThat(RtoLadder.nominalStall(120))
        .isEqualTo(84.6, org.assertj.core.data.Offset.offset(1e-6));
  }

  @Test
  void retriesBecomeATime() {
    assertThat(RtoLadder.limitS(15)).isEqualTo(924.6, org.assertj.core.data.Offset.offset(1e-6));
    assertThat(RtoLadder.limitS(8)).isEqualTo(102.2, org.assertj.core.data.Offset.offset(1e-6));
    within(MEASURED.death(15), 937.7, 939.8);
    within(MEASURED.death(8), 106.2, 108.3);
  }
}
