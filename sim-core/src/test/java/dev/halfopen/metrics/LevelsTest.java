package dev.halfopen.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Counters and gauges. */
class LevelsTest {
  @Test
  void aGaugeRemembersItsPeakAndWhenItWasFirstReached() {
    Gauges gauges = new Gauges("estab", "timewait");
    gauges.add(0, 2, 10);
    gauges.add(0, 1, 20);
    gauges.add(0, -3, 30);
    gauges.add(0, 3, 40);
    gauges.set(1, 7, 50);
    assertThat(gauges.value(0)).isEqualTo(3);
    assertThat(gauges.peak(0)).isEqualTo(3);
    assertThat(gauges.peakAtNs(0)).isEqualTo(20);
    assertThat(gauges.peak(1)).isEqualTo(7);
    assertThat(gauges.peakAtNs(1)).isEqualTo(50);
    assertThat(gauges.name(1)).isEqualTo("timewait");
    gauges.clear();
    assertThat(gauges.peak(1)).isZero();
    assertThat(gauges.size()).isEqualTo(2);
  }

  @Test
  void countersOfShardsAddUp() {
    Counters a = new Counters("TcpInSegs", "TcpOutSegs");
    Counters b = new Counters("TcpInSegs", "TcpOutSegs");
    a.inc(0);
    a.add(1, 5);
    b.add(1, 6);
    a.addAll(b);
    assertThat(a.value(0)).isEqualTo(1);
    assertThat(a.value(1)).isEqualTo(11);
    assertThat(a.name(1)).isEqualTo("TcpOutSegs");
    a.clear();
    assertThat(a.value(1)).isZero();
    assertThat(a.size()).isEqualTo(2);
  }
}
