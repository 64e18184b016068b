package dev.halfopen.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * When TIME_WAITs end, against a model that keeps a deadline for each: lanes by the rounding of one
 * timer each, slots by the wheel of eight that old kernels turn every 7.5 s. Some end early and
 * some are started again, as segments and reuse do.
 */
class TimeWaitEndsTest {
  private static final long TICK_NS = 7_500_000_000L;

  /**
   * inet_timewait_death_row of kernel 3.10: cells of ports, turned by one timer, and a finer wheel
   * of 128 jiffies for delays below 32 of them.
   */
  private static final class Slots {
    private static final int FINER = 8;
    private static final long GRANULE_NS = 128_000_000;

    final Map<Integer, Integer> cellOf = new HashMap<>();
    final Map<Integer, Long> finerEndsNs = new HashMap<>();
    int slot;
    long tickNs = -1;

    void add(int port, long delayNs, long jiffyNs) {
      if (cellOf.isEmpty()) {
        tickNs = jiffyNs + TICK_NS;
      }
      long granules = (delayNs + GRANULE_NS - 1) / GRANULE_NS;
      if (granules < 32) {
        cellOf.put(port, FINER);
        finerEndsNs.put(port, jiffyNs + granules * GRANULE_NS);
        return;
      }
      long periods = Math.min(7, (delayNs + TICK_NS - 1) / TICK_NS);
      cellOf.put(port, slot + (int) periods & 7);
    }

    void remove(int port) {
      cellOf.remove(port);
      finerEndsNs.remove(port);
      if (cellOf.isEmpty()) {
        tickNs = -1;
      }
    }

    void upTo(long nowNs) {
      for (; ; ) {
        long finerNs =
            finerEndsNs.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
        if (finerNs <= nowNs && (tickNs < 0 || finerNs < tickNs)) {
          finerEndsNs.entrySet().stream()
              .filter(e -> e.getValue() == finerNs)
              .map(Map.Entry::getKey)
              .toList()
              .forEach(this::remove);
        } else if (tickNs >= 0 && tickNs <= nowNs) {
          cellOf.values().removeIf(c -> c == slot);
          slot = slot + 1 & 7;
          tickNs = cellOf.isEmpty() ? -1 : tickNs + TICK_NS;
        } else {
          return;
        }
      }
    }
  }

  private final Map<Integer, Long> endsNs = new HashMap<>();
  private final Slots slots = new Slots();

  private void run(long seed, KernelProfile profile) {
    boolean old = profile == KernelProfile.LINUX_3_10;
    Random random = new Random(seed);
    TestClock clock = new TestClock(10_000_000_000L);
    TestHost h = new TestHost(clock, TestHost.CLIENT, new SysctlProfile(profile), seed);
    int nextPort = 1;
    for (int step = 0; step < 1500; step++) {
      int what = random.nextInt(10);
      if (what < 5 && nextPort < 60_000) {
        int port = nextPort++;
        int delayJiffies = (random.nextInt(3) == 0 ? 1 + random.nextInt(59) : 60) * h.host.hz;
        enter(h, port, delayJiffies);
        add(h, port, delayJiffies, old);
      } else if (what < 7 && !(old ? slots.cellOf : endsNs).isEmpty()) {
        endOrRestart(h, random, old);
      } else {
        clock.advanceMs(random.nextInt(random.nextInt(10) == 0 ? 40_000 : 900));
      }
      slots.upTo(clock.nowNs());
      endsNs.values().removeIf(ns -> ns <= clock.nowNs());
      check(h, old);
    }
  }

  private void add(TestHost h, int port, int delayJiffies, boolean old) {
    long jiffy = h.host.host().commonJiffies(h.clock.nowNs());
    if (old) {
      long delayNs = delayJiffies * h.host.host().tickNs();
      slots.add(port, delayNs, h.host.host().commonJiffyNs(jiffy));
    } else {
      int at = TimerRounding.wheel((int) jiffy, delayJiffies);
      endsNs.put(port, h.host.host().commonJiffyNs(jiffy + (at - (int) jiffy)));
    }
  }

  private static int ports(int port) {
    return port << 16 | 443;
  }

  private static void enter(TestHost h, int port, int delayJiffies) {
    Stack s = h.stack;
    s.enter(h.clock.nowNs(), h.host, h.address);
    int row = s.tcb.create();
    s.tcb.tuple(h.address, TestHost.SERVER, ports(port));
    s.contract = s.contracts.intern(Contract.key(1460, 1460, 7, 7, false, true, true, 0));
    s.tcb.contract(s.contract.id);
    s.tcb.flight(s.fl.create());
    s.demux.insert(Demux.hash(h.address, TestHost.SERVER, ports(port)), Demux.CONNECTION, row);
    Transitions.to(s, State.ESTABLISHED);
    s.timeWait.enter(false, delayJiffies);
  }

  private void endOrRestart(TestHost h, Random random, boolean old) {
    Iterator<Integer> all = (old ? slots.cellOf : endsNs).keySet().stream().sorted().iterator();
    int port = all.next();
    for (int n = random.nextInt(20); n > 0 && all.hasNext(); n--) {
      port = all.next();
    }
    boolean end = random.nextBoolean();
    dev.halfopen.net.Segment s = SegmentText.parse(end ? "R 0" : ". 0 ack 0", 0, 0);
    s.source = TestHost.SERVER;
    s.destination = h.address;
    s.ports = 443 << 16 | port;
    h.arrives(s);
    endsNs.remove(port);
    slots.remove(port);
    if (!end) {
      add(h, port, 60 * h.host.hz, old);
    }
  }

  private void check(TestHost h, boolean old) {
    Map<Integer, ?> expected = old ? slots.cellOf : endsNs;
    assertThat(h.tcp.timeWaits()).isEqualTo(expected.size());
    for (int port : expected.keySet()) {
      int hash = Demux.hash(h.address, TestHost.SERVER, ports(port));
      assertThat(h.stack.demux.find(hash, h.address, TestHost.SERVER, ports(port)))
          .as("port " + port)
          .isNotNegative();
    }
  }

  private void each(String method, KernelProfile profile) {
    Seeds.each(
        TimeWaitEndsTest.class,
        method,
        5,
        seed -> {
          endsNs.clear();
          slots.cellOf.clear();
          slots.finerEndsNs.clear();
          slots.slot = 0;
          slots.tickNs = -1;
          run(seed, profile);
        });
  }

  @Test
  void lanesEndEachInItsJiffy() {
    each("lanesEndEachInItsJiffy", KernelProfile.LINUX_6_18);
  }

  @Test
  void slotsEndAllThatATickFinds() {
    each("slotsEndAllThatATickFinds", KernelProfile.LINUX_3_10);
  }
}
