package dev.halfopen.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EstablishedTest {
  @Test
  void ignoresSegmentsWithoutFlagsWhereverTheyLie() {
    StackFixture.Peer p = StackFixture.established();
    p.sends("- 1(10)");
    p.sends("- 900000(10)");
    p.sends("F -100000");
    assertThat(p.got()).isEmpty();
  }

  @Test
  void answersOldDataWithADuplicateAckWhenSynsHaveCrossed() {
    StackFixture.Peer p = StackFixture.crossedSyns();
    assertThat(p.state()).isEqualTo("SYN_RECV");
    p.sends(". -100(50) ack 1");
    assertThat(p.got()).containsExactly(". 1 ack 1");
  }

  @Test
  void anEchoThatIsNotOursIsNoRoundTrip() {
    StackFixture.Peer p =
        StackFixture.stack(StackFixture.linux310()).listening(8).peer(1001).withTimestamps();
    p.sends("S 0");
    p.got();
    p.waits(1100);
    p.got();
    p.tsEcho += 2_000_000;
    p.sends(". 1 ack 1");
    p.accepted();
    p.writes(100);
    p.waits(400_000);
    assertThat(p.got()).hasSizeGreaterThan(5);
  }
}
