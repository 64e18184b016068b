package dev.halfopen.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunDigestTest {
  private static long digestOf(long... events) {
    RunDigest digest = new RunDigest();
    for (long event : events) {
      digest.add(event, 1, 2, 3);
    }
    return digest.value();
  }

  @Test
  void dependsOnTheOrderOfEvents() {
    assertThat(digestOf(1, 2, 3)).isNotEqualTo(digestOf(1, 3, 2)).isEqualTo(digestOf(1, 2, 3));
  }

  @Test
  void countsEventsOfZeros() {
    RunDigest digest = new RunDigest();
    long none = digest.value();
    digest.add(0, 0, 0, 0);
    long one = digest.value();
    digest.add(0, 0, 0, 0);
    assertThat(Set.of(none, one, digest.value())).hasSize(3);
    digest.clear();
    assertThat(digest.value()).isEqualTo(none);
  }

  @Test
  void dependsOnEveryBitOfEveryWord() {
    Set<Long> digests = new HashSet<>();
    for (int word = 0; word < 6; word++) {
      for (int bit = 0; bit < Long.SIZE; bit++) {
        long[] w = new long[6];
        w[word] = 1L << bit;
        RunDigest five = new RunDigest();
        five.add(w[0], w[1], w[2], w[3], w[4], w[5]);
        digests.add(five.value());
        if (word < 4) {
          RunDigest three = new RunDigest();
          three.add(w[0], w[1], w[2], w[3]);
          digests.add(three.value() + 1);
        }
      }
    }
    assertThat(digests).hasSize((6 + 4) * Long.SIZE);
  }

  @Test
  void combinesHostsInAnyOrderButNotInAnyRole() {
    long a = digestOf(1, 2);
    long b = digestOf(3);
    long oneWay = RunDigest.combine(RunDigest.combine(0, 1, a), 2, b);
    assertThat(RunDigest.combine(RunDigest.combine(0, 2, b), 1, a)).isEqualTo(oneWay);
    assertThat(RunDigest.combine(RunDigest.combine(0, 1, b), 2, a)).isNotEqualTo(oneWay);
  }

  @Test
  void isPrintedInSixteenDigits() {
    assertThat(RunDigest.toHex(0xABCL)).isEqualTo("0000000000000abc");
    assertThat(RunDigest.toHex(-1L)).isEqualTo("ffffffffffffffff");
  }
}
