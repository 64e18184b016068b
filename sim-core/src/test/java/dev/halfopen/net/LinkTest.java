package dev.halfopen.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinkTest {
  private static final long GIGABIT = 1_000_000_000;

  /** 1000 bytes and their frame take 8304 ns at 1 Gbit/s. */
  private static final int THOUSAND = 1000;

  @Test
  void aPacketArrivesAfterItsTransmissionAndTheDelay() {
    Link link = new Link(GIGABIT, 50_000, 0);
    assertThat(link.enqueue(100, THOUSAND)).isEqualTo(100 + 8304 + 50_000);
    assertThat(link.enqueue(100, THOUSAND)).as("behind it").isEqualTo(100 + 2 * 8304 + 50_000);
    assertThat(link.enqueue(1_000_000, 20)).as("padded").isEqualTo(1_000_000 + 672 + 50_000);
    assertThat(link.packets()).isEqualTo(3);
    assertThat(link.bytes()).isEqualTo(2 * THOUSAND + 20);
  }

  @Test
  void anInfinitelyFastLinkOnlyDelaysAndAtLeastByOne() {
    assertThat(new Link(0, 7, 0).enqueue(100, THOUSAND)).isEqualTo(107);
    assertThat(new Link(0, 0, 0).enqueue(100, THOUSAND)).isEqualTo(101);
  }

  @Test
  void dropsWhatWouldWaitBehindMoreThanTheLimit() {
    Link link = new Link(GIGABIT, 0, 2 * (THOUSAND + Link.FRAME_BYTES));
    assertThat(link.enqueue(0, THOUSAND)).isEqualTo(8304);
    assertThat(link.enqueue(0, THOUSAND)).isEqualTo(2 * 8304);
    assertThat(link.enqueue(0, THOUSAND)).isEqualTo(3 * 8304);
    assertThat(link.enqueue(0, THOUSAND)).isEqualTo(Link.DROPPED);
    assertThat(link.enqueue(8304, THOUSAND)).isEqualTo(4 * 8304);
    assertThat(link.drops()).isEqualTo(1);
  }

  /** Whole and broken nanoseconds apart, as in the description of the class. */
  @Test
  void keepsWhatIsLeftOfANanosecondWhileItIsBusy() {
    Link link = new Link(3 * GIGABIT, 11, 5_000);
    long psPerByte = 8_000_000_000_000L / (3 * GIGABIT);
    long limitNs = 5_000 * psPerByte / 1000;
    long busyNs = 0;
    long busyPs = 0;
    long nowNs = 0;
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100_000; i++) {
      nowNs += random.nextInt(4) == 0 ? random.nextInt(6000) : random.nextInt(3);
      int bytes = 40 + random.nextInt(1461);
      long expected = Link.DROPPED;
      if (busyNs - nowNs <= limitNs) {
        int frame = Math.max(bytes, Link.LEAST_IP_BYTES) + Link.FRAME_BYTES;
        long ps = (busyNs > nowNs ? busyPs : 0) + frame * psPerByte;
        busyNs = Math.max(busyNs, nowNs) + ps / 1000;
        busyPs = ps % 1000;
        expected = busyNs + 11;
      }
      assertThat(link.enqueue(nowNs, bytes)).as("packet %d", i).isEqualTo(expected);
    }
    assertThat(link.drops()).isPositive();
  }
}
