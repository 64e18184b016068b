package dev.halfopen.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.net.Segment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A wheel entry belongs to the row: connections that have it one after another share the entry. */
class RowEntriesTest {
  private static final long START_NS = 10_000_000_000L;

  private final TestClock clock = new TestClock(START_NS);
  private final TestHost h =
      new TestHost(clock, TestHost.CLIENT, new SysctlProfile(KernelProfile.LINUX_6_18), 1);
  private final List<Long> synsMs = new ArrayList<>();

  private long connects() {
    return h.calls().connect(TestHost.CLIENT, TestHost.SERVER, 80, SocketOptions.DEFAULT, 1);
  }

  private void closes(long socket) {
    h.calls().close(socket);
    h.drain();
  }

  @Test
  void aHundredConnectionsInTheSameRowLeaveOneEntry() {
    for (int i = 0; i < 100; i++) {
      long socket = connects();
      h.drain();
      Invariants.check(h);
      clock.advanceMs(5);
      closes(socket);
    }
    assertThat(h.stack.tcb.highWater()).isEqualTo(1);
    assertThat(clock.entries()).isEqualTo(1);
  }

  @Test
  void theNextConnectionOfARowRetransmitsAtItsOwnTime() {
    closes(connects());
    clock.advanceMs(600);
    h.wire = this::noteSyn;
    connects();
    h.drain();
    long from = synsMs.get(0);
    clock.advanceMs(2_500);
    assertThat(synsMs).hasSize(3);
    assertThat(synsMs.get(1) - from).isBetween(1_000L, 1_100L);
    assertThat(synsMs.get(2) - from).isBetween(2_000L, 2_200L);
  }

  @Test
  void anEntryThatHasPassedIsNotReliedOn() {
    closes(connects());
    clock.advanceMs(5_000);
    assertThat(clock.entries()).isZero();
    h.wire = this::noteSyn;
    connects();
    h.drain();
    Invariants.check(h);
    clock.advanceMs(1_100);
    assertThat(synsMs).hasSize(2);
  }

  private void noteSyn(Segment s) {
    if (s.has(Segment.SYN)) {
      synsMs.add(clock.nowNs() / 1_000_000);
    }
  }
}
