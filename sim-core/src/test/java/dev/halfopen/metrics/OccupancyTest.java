package dev.halfopen.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OccupancyTest {
  @Test
  void weighsEachLevelByItsTime() {
    Occupancy o = new Occupancy();
    o.change(10, 1);
    o.change(20, 1);
    o.change(50, -1);
    o.finish(100);
    // 0 for 10, 1 for 10, 2 for 30, 1 for 50.
    assertThat(o.mean()).isCloseTo(1.2, within(1e-9));
    assertThat(o.shareAbove(0)).isCloseTo(0.9, within(1e-9));
    assertThat(o.shareAbove(1)).isCloseTo(0.3, within(1e-9));
    assertThat(o.shareAbove(2)).isZero();
  }

  @Test
  void forgetsTheWarmUp() {
    Occupancy o = new Occupancy();
    o.change(0, 1);
    o.reset(1000);
    o.change(1500, -1);
    o.finish(2000);
    assertThat(o.mean()).isCloseTo(0.5, within(1e-9));
  }
}
