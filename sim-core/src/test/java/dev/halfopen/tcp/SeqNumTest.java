package dev.halfopen.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequence numbers, and whole exchanges, where they pass 2^31 and 2^32. */
class SeqNumTest {
  private static final long CIRCLE = 1L << 32;

  @Test
  void comparesOnTheCircle() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000_000; i++) {
      int a = random.nextInt();
      int distance = random.nextInt() >>> random.nextInt(32);
      int b = a + distance;
      long ahead = (b & 0xFFFFFFFFL) - (a & 0xFFFFFFFFL) + CIRCLE & CIRCLE - 1;
      if (ahead != CIRCLE / 2) {
        assertThat(SeqNum.before(a, b)).isEqualTo(ahead != 0 && ahead < CIRCLE / 2);
        assertThat(SeqNum.after(a, b)).isEqualTo(ahead > CIRCLE / 2);
        assertThat(SeqNum.max(a, b)).isEqualTo(ahead < CIRCLE / 2 ? b : a);
        assertThat(SeqNum.min(a, b)).isEqualTo(ahead < CIRCLE / 2 ? a : b);
      }
    }
  }

  @Test
  void betweenIncludesBothEndsAcrossTheWrap() {
    assertThat(SeqNum.between(-1, -2, 3)).isTrue();
    assertThat(SeqNum.between(0, -2, 3)).isTrue();
    assertThat(SeqNum.between(3, -2, 3)).isTrue();
    assertThat(SeqNum.between(-2, -2, 3)).isTrue();
    assertThat(SeqNum.between(4, -2, 3)).isFalse();
    assertThat(SeqNum.between(-3, -2, 3)).isFalse();
  }

  /** A stack whose clock starts where it chooses that ISS for a peer on port 40000. */
  private static StackFixture.Peer peerOfStackWithIss(int wanted) {
    StackFixture.Peer probe = StackFixture.stackAt(0).listening(8).peer(40_000);
    probe.sends("S 0");
    probe.got();
    long units = wanted - probe.stackIss & 0xFFFFFFFFL;
    StackFixture.Peer p = StackFixture.stackAt(units << 6).listening(8).peer(40_000);
    p.sends("S 0");
    p.got();
    assertThat(p.stackIss).isEqualTo(wanted);
    return StackFixture.stackAt(units << 6).listening(8).peer(40_000);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {-1, -2, 0, -100, -1000, Integer.MAX_VALUE, Integer.MAX_VALUE - 1, Integer.MIN_VALUE})
  void aWholeExchangeIsTheSameWhereverTheNumbersBegin(int iss) {
    assertThat(exchange(peerOfStackWithIss(iss).iss(iss + 50))).isEqualTo(exchange(plain()));
  }

  private static StackFixture.Peer plain() {
    return StackFixture.stack().listening(8).peer(40_000);
  }

  /** Request, response in several segments, one lost, the end by both sides. */
  private static String exchange(StackFixture.Peer p) {
    StringBuilder all = new StringBuilder();
    p.sends("S 0");
    all.append(p.got());
    p.sends(". 1 ack 1");
    p.accepted();
    p.sends("P. 101(100) ack 1");
    p.sends("P. 1(100) ack 1");
    all.append(p.got()).append(p.reads());
    p.writes(3000);
    all.append(p.got());
    p.sends(". 201 ack 1461");
    p.waits(5);
    p.sends(". 201 ack 3001");
    all.append(p.got());
    p.writes(500);
    all.append(p.got());
    p.sends(". 201 ack 3501");
    p.shutsDown();
    all.append(p.got());
    p.sends(". 201 ack 3502");
    p.sends("F. 201 ack 3502");
    all.append(p.got()).append(p.state());
    p.sends("R. 202 ack 3502");
    return all.append(p.state()).toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, -50, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void retransmissionsCrossTheWrap(int iss) {
    StackFixture.Peer p = peerOfStackWithIss(iss).connects().accepted();
    p.writes(3000);
    assertThat(p.got())
        .containsExactly(". 1(1460) ack 1", ". 1461(1460) ack 1", "P. 2921(80) ack 1");
    p.waits(1300);
    assertThat(p.got()).contains(". 1(1460) ack 1");
    p.sends(". 1 ack 3001");
    assertThat(p.fixture.h.tcp.segmentsQueued()).isZero();
  }
}
