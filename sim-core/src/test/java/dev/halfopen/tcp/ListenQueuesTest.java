package dev.halfopen.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ListenQueuesTest {
  @Test
  void dropsFinalAckWhenAcceptQueueIsFull() {
    StackFixture f = StackFixture.stack().listening(1);
    StackFixture.Peer late = f.peer(1003);
    late.sends("S 0");
    assertThat(late.got()).containsExactly("S. 0 ack 1");
    f.peer(1001).connects();
    f.peer(1002).connects();
    late.sends(". 1 ack 1");
    assertThat(late.got()).isEmpty();
    assertThat(late.state()).isEqualTo("SYN_RECV");
    assertThat(f.h.host.counter(Mib.LISTEN_OVERFLOWS)).isEqualTo(1);
  }

  @Test
  void dropsSynsWhenAcceptQueueIsFull() {
    StackFixture.Peer late = StackFixture.listenerWithFullAcceptQueue().peer(1003);
    late.sends("S 0");
    assertThat(late.got()).isEmpty();
    assertThat(late.counter(Mib.LISTEN_OVERFLOWS)).isEqualTo(1);
    assertThat(late.counter(Mib.LISTEN_DROPS)).isEqualTo(1);
  }

  @Test
  void aListenerThatClosesTakesItsHalfOpenConnectionsAlong() {
    StackFixture f = StackFixture.listener();
    StackFixture.Peer p = f.peer(1001);
    p.sends("S 0");
    p.got();
    f.h.calls().closeListener(f.listener);
    assertThat(f.h.tcp.requests()).isZero();
    f.listening(128);
    p.sends(". 1 ack 1");
    assertThat(p.got()).containsExactly("R 1");
    assertThat(f.h.host.listener(f.listener).requests).isZero();
  }

  @Test
  void halfOpenConnectionsAreCountedWhereTheirGroupPicks() {
    SocketOptions o = new SocketOptions();
    o.reusePort = true;
    StackFixture f = StackFixture.stack().options(o).listening(128);
    int first = f.listener;
    for (int port = 1001; port < 1020; port++) {
      f.peer(port).sends("S 0");
    }
    f.listening(128);
    Listener a = f.h.host.listener(first);
    Listener b = f.h.host.listener(f.listener);
    assertThat(a.requests + b.requests).isEqualTo(19);
    assertThat(b.requests).isPositive();
    f.h.calls().closeListener(first);
    Invariants.check(f.h);
    assertThat(b.requests).isEqualTo(f.h.tcp.requests()).isPositive();
    f.clock.advanceMs(70_000);
    assertThat(f.h.isEmpty()).isTrue();
  }

  @Test
  void aConnectionResetInTheQueueKeepsItsPlaceUntilAccept() {
    StackFixture f = StackFixture.listenerWithFullAcceptQueue();
    StackFixture.Peer p = f.peer(1001);
    p.sends("R 1");
    assertThat(p.state()).isEqualTo("CLOSED");
    StackFixture.Peer late = f.peer(1003);
    late.sends("S 0");
    assertThat(late.got()).isEmpty();
    assertThat(f.h.calls().accept(f.listener, 1)).isPositive();
    late.sends("S 0");
    assertThat(late.got()).containsExactly("S. 0 ack 1");
  }
}
