package dev.halfopen.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SocketsTest {
  @Test
  void sendingNothingSendsNothing() {
    StackFixture.Peer p = StackFixture.established();
    assertThat(p.writes(0)).isZero();
    p.waits(10_000);
    assertThat(p.got()).isEmpty();
  }

  @Test
  void aClosedSocketIsInvalidAtOnce() {
    StackFixture.Peer p = StackFixture.established();
    assertThat(p.closes()).isZero();
    assertThat(p.closes()).isEqualTo(-Errno.ENOTCONN);
    assertThat(p.writes(10)).isEqualTo(-Errno.ENOTCONN);
    assertThat(p.reads()).isEqualTo(-Errno.ENOTCONN);
    assertThat(p.shutsDown()).isEqualTo(-Errno.ENOTCONN);
    assertThat(p.got()).containsExactly("F. 1 ack 1");
    assertThat(p.fixture.h.host.gauges().value(SocketGauges.ORPHANED)).isEqualTo(1);
  }

  @Test
  void sendingAfterShutdownIsABrokenPipe() {
    StackFixture.Peer p = StackFixture.finWait1();
    assertThat(p.writes(10)).isEqualTo(-Errno.EPIPE);
  }
}
