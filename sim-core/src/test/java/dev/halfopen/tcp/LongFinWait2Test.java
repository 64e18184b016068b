package dev.halfopen.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * A closed socket's FIN_WAIT_2 with tcp_fin_timeout above 60 s lasts 2 * (T - 60), however long.
 */
class LongFinWait2Test {
  @Test
  void lastsTwiceWhatExceedsSixtySeconds() {
    SysctlProfile sysctl = StackFixture.linux618().set(Sysctl.TCP_FIN_TIMEOUT, 200);
    StackFixture.Peer p = StackFixture.established(sysctl);
    p.closes();
    p.got();
    p.sends(". 1 ack 2");
    p.waits(275_000);
    assertThat(p.sndNxt()).isEqualTo(2);
    assertThat(alive(p)).isTrue();
    p.waits(45_000);
    assertThat(alive(p)).isFalse();
  }

  private static boolean alive(StackFixture.Peer p) {
    p.sends(". 1 ack 2");
    boolean silent = p.got().isEmpty();
    return silent;
  }
}
