package dev.halfopen.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/**
 * tcp_tw_recycle of kernel 3.10: short TIME_WAITs, and what it does to machines behind one address.
 */
class TimeWaitRecycleTest {
  private static StackFixture recycling() {
    SysctlProfile sysctl = StackFixture.linux310().set(Sysctl.TCP_TW_RECYCLE, 1);
    return StackFixture.stack(sysctl).listening(128);
  }

  private static StackFixture.Peer closedByServer(StackFixture f) {
    StackFixture.Peer p = f.peer(40_000).withTimestamps(5_000).connects().accepted();
    p.closes();
    p.got();
    p.sends("F. 1 ack 2");
    assertThat(p.got()).containsExactly(". 2 ack 2");
    assertThat(f.h.stack.tw.live()).isEqualTo(1);
    return p;
  }

  @Test
  void timeWaitLastsThreeAndAHalfTimeouts() {
    StackFixture f = recycling();
    StackFixture.Peer p = closedByServer(f);
    p.waits(600);
    assertThat(f.h.stack.tw.live()).isEqualTo(1);
    p.waits(300);
    assertThat(f.h.stack.tw.live()).isZero();
  }

  @Test
  void machineBehindTheSameAddressWithAnOlderClockIsRefused() {
    StackFixture f = recycling();
    closedByServer(f);
    StackFixture.Peer other = f.peer(40_001).withTimestamps(1_000);
    other.sends("S 0");
    assertThat(other.got()).isEmpty();
    assertThat(f.h.host.counter(Mib.PAWS_PASSIVE)).isEqualTo(1);
    other.waits(61_000);
    other.sends("S 0");
    assertThat(other.got()).containsExactly("S. 0 ack 1");
  }

  @Test
  void newerKernelHasNoSuchKey() {
    assertThatThrownBy(() -> StackFixture.linux618().set(Sysctl.TCP_TW_RECYCLE, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("net.ipv4.tcp_tw_recycle: linux-6.18 has no such key");
  }
}
