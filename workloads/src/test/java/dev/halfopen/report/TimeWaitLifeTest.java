package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.tcp.KernelProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeWaitLifeTest {
  @ParameterizedTest
  @CsvSource({"100, 5.12", "250, 2.048", "1000, 4.096"})
  void granuleFollowsFromTheWheelLevel(int hz, double granuleSeconds) {
    TimeWaitLife life = TimeWaitLife.of(KernelProfile.LINUX_6_18, hz);
    assertThat(Figures.seconds(life.granuleNs())).isEqualTo(granuleSeconds);
    assertThat(life.cycleSeconds()).isEqualTo(61.44);
    assertThat(life.leastSeconds()).isEqualTo(60);
    assertThat(life.mostSeconds()).isEqualTo(60 + granuleSeconds);
  }

  @Test
  void oldKernelHasEightSlots() {
    TimeWaitLife life = TimeWaitLife.of(KernelProfile.LINUX_3_10, 1000);
    assertThat(life.leastSeconds()).isEqualTo(52.5);
    assertThat(life.mostSeconds()).isEqualTo(60);
    assertThat(life.cycleSeconds()).isEqualTo(60);
  }
}
