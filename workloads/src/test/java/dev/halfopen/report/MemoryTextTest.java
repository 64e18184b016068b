package dev.halfopen.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryTextTest {
  private static MemoryBill bill(MemoryBill.Item... items) {
    return new MemoryBill(1L << 30, 1L << 29, List.of(items), 81.5, 78.25, 46.5, 52);
  }

  @Test
  void smallRunHasOneLine() {
    String text = MemoryText.of(bill(new MemoryBill.Item("timeWaits", 5L << 20, 100_000)));
    assertThat(text).isEqualTo("memory           5 MiB in tables of 1 GiB allowed\n");
  }

  @Test
  void largeRunIsBilledByKindTheLargestFirst() {
    String text =
        MemoryText.of(
            bill(
                new MemoryBill.Item("connections", 20, 3),
                new MemoryBill.Item("demux", 100L << 20, 10_000_000),
                new MemoryBill.Item("portPools", 200L << 20, 0),
                new MemoryBill.Item("timeWaits", 300L << 20, 10_000_000)));
    assertThat(text.lines())
        .containsExactly(
            "memory           600 MiB in tables of 1 GiB allowed",
            "                 timeWaits: 300 MiB, 10,000,000 rows at the most, 31.5 B a row",
            "                 portPools: 200 MiB",
            "                 demux: 100 MiB, 10,000,000 rows at the most, 10.5 B a row",
            "                 others: 1 KiB",
            "                 a socket, all in: TIME_WAIT 46.5 B");
  }

  @Test
  void establishedSocketIsBilledAsThePeakLeftItAndIdle() {
    String text = MemoryText.of(bill(new MemoryBill.Item("connections", 300L << 20, 10_000_000)));
    assertThat(text).endsWith("a socket, all in: ESTABLISHED 81.5 B (idle 78.3 B)\n");
  }
}
