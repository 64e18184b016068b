package dev.halfopen.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.engine.MemoryBudget;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConntrackTest {
  private static final long S = 1_000_000_000L;
  private static final int SYN = Segment.SYN;
  private static final int ACK = Segment.ACK;
  private static final int FIN = Segment.FIN;
  private static final int RST = Segment.RST;
  private static final int LOCAL = 10 << 24 | 1;

  private final ConntrackConfig config = new ConntrackConfig();
  private final Segment segment = new Segment();
  private Conntrack table;
  private long nowNs;

  @BeforeEach
  void aTableOfAThousand() {
    config.max = 1000;
    table = new Conntrack(config, MemoryBudget.unlimited());
  }

  private boolean in(int peer, int flags) {
    segment.source = peer;
    segment.destination = LOCAL;
    segment.ports = 40_000 << 16 | 80;
    segment.flags = flags;
    return table.arrives(nowNs, segment);
  }

  private boolean out(int peer, int flags) {
    segment.source = LOCAL;
    segment.destination = peer;
    segment.ports = 80 << 16 | 40_000;
    segment.flags = flags;
    return table.leaves(nowNs, segment);
  }

  private void connect(int peer) {
    in(peer, SYN);
    out(peer, SYN | ACK);
    in(peer, ACK);
  }

  private int live() {
    return table.entries().value();
  }

  /** Looks with a packet that changes nothing. */
  private int liveAt(double seconds) {
    nowNs = (long) (seconds * S);
    in(7, RST);
    return live();
  }

  @Test
  void aRequestIsForgottenAfterAMinuteAndAnUnansweredSynAfterTwo() {
    in(1, SYN);
    out(1, SYN | ACK);
    in(2, SYN);
    assertThat(liveAt(59.9)).isEqualTo(2);
    assertThat(liveAt(61.1)).isEqualTo(1);
    assertThat(liveAt(119.9)).isEqualTo(1);
    assertThat(liveAt(121.1)).isZero();
  }

  @Test
  void repeatsOfTheSynAckDoNotKeepARequest() {
    in(1, SYN);
    out(1, SYN | ACK);
    for (int i = 1; i < 60; i++) {
      nowNs = i * S;
      out(1, SYN | ACK);
    }
    assertThat(liveAt(61.1)).isZero();
  }

  @Test
  void anEstablishedConnectionIsKeptForFiveDays() {
    connect(1);
    assertThat(liveAt(431_999)).isEqualTo(1);
    assertThat(liveAt(432_002)).isZero();
  }

  @Test
  void packetsKeepAConnection() {
    connect(1);
    nowNs = 400_000 * S;
    in(1, ACK);
    assertThat(liveAt(800_000)).isEqualTo(1);
  }

  @Test
  void aClosedConnectionIsKeptForTwoMinutes() {
    connect(1);
    nowNs = 100 * S;
    in(1, FIN | ACK);
    out(1, FIN | ACK);
    in(1, ACK);
    assertThat(liveAt(219.9)).isEqualTo(1);
    assertThat(liveAt(221.1)).isZero();
  }

  @Test
  void aResetLeavesTenSecondsAndOneThatRefusesLeavesNothing() {
    connect(1);
    in(1, RST);
    assertThat(liveAt(9.9)).isEqualTo(1);
    assertThat(liveAt(11.1)).isZero();
    in(2, SYN);
    assertThat(live()).isEqualTo(1);
    out(2, RST | ACK);
    assertThat(live()).isZero();
  }

  @Test
  void aFullTableThrowsOutWhatWasNeverEstablished() {
    for (int peer = 1; peer <= 1000; peer++) {
      assertThat(in(peer, SYN)).isTrue();
    }
    for (int peer = 1001; peer <= 5000; peer++) {
      assertThat(in(peer, SYN)).isTrue();
    }
    assertThat(live()).isBetween(900, 1000);
    assertThat(table.earlyDrops()).isBetween(4000L, 4100L);
    assertThat(table.entries().refusals()).isZero();
  }

  @Test
  void aTableFullOfConnectionsDropsPackets() {
    for (int peer = 1; peer <= 1000; peer++) {
      connect(peer);
    }
    assertThat(in(2000, SYN)).isFalse();
    assertThat(in(1000, ACK)).isTrue();
    assertThat(table.entries().refusals()).isEqualTo(1);
    assertThat(table.entries().peak()).isEqualTo(1000);
  }

  @Test
  void aConnectionInProgressIsPickedUp() {
    in(1, ACK);
    assertThat(live()).isEqualTo(1);
    in(2, FIN | ACK);
    assertThat(live()).isEqualTo(1);
  }

  /** Random SYNs against a map: chains and wheel lose nothing and keep nothing. */
  @Test
  void holdsWhatAMapHolds() {
    config.max = 100_000;
    config.buckets = 64;
    table = new Conntrack(config, MemoryBudget.unlimited());
    Random random = new Random(5);
    Map<Integer, Long> model = new HashMap<>();
    long second = 0;
    for (int i = 0; i < 200_000; i++) {
      nowNs += (long) (random.nextDouble() * random.nextDouble() * 2 * S);
      if (nowNs / S > second) {
        second = nowNs / S;
        model.values().removeIf(deadline -> deadline / S < nowNs / S);
      }
      int peer = random.nextInt(400);
      in(peer, SYN);
      model.put(peer, nowNs + 120 * S);
      assertThat(live()).isEqualTo(model.size());
    }
  }
}
