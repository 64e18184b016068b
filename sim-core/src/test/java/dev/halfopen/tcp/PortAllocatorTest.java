package dev.halfopen.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.engine.RandomStreams;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The allocator against {@code __inet_hash_connect} written down once more, port by port and with
 * the collections of the JDK, over random opening and closing of one crowded destination.
 */
class PortAllocatorTest {
  private static final int FIRST = 32_768;
  private static final int REMOTE_PORT = 8080;

  /** What the naive search found, and how many ports it looked at. */
  private record Found(int port, long tried) {}

  /** The kernel's tables as it has them: who holds a port, and since when in TIME_WAIT. */
  private static final class Kernel {
    final Map<Integer, Long> timeWaitSinceMs = new HashMap<>();
    final java.util.Set<Integer> held = new java.util.HashSet<>();
    final int size;
    final boolean reuse;
    final int[] perturb = new int[1 << 16];
    int hint;
    long advances;

    Kernel(int size, boolean reuse) {
      this.size = size;
      this.reuse = reuse;
      for (int i = 0; i < perturb.length; i++) {
        perturb[i] = (int) RandomStreams.bits(1, 0, 21, i);
      }
    }

    boolean isFree(int port, long nowMs) {
      if (held.contains(port)) {
        return false;
      }
      Long since = timeWaitSinceMs.get(port);
      return since == null || reuse && (nowMs / 16 - (since + 15) / 16) * 16 > 1000;
    }

    /** Since 4.2: even distances from an offset, then the other parity. */
    Found parity(long hash, long nowMs) {
      int high = FIRST + size;
      int remaining = size > 1 ? size & ~1 : size;
      int index = (int) hash & 0xFFFF;
      int offset = Integer.remainderUnsigned(perturb[index] + (int) (hash >>> 32), remaining) & ~1;
      long tried = 0;
      do {
        int port = FIRST + offset;
        for (int i = 0; i < remaining; i += 2, port += 2) {
          if (port >= high) {
            port -= remaining;
          }
          tried++;
          if (isFree(port, nowMs)) {
            long bits = RandomStreams.bits(1, 0, 22, ++advances);
            perturb[index] += Math.max(i, 2 * RandomStreams.below(bits, 8)) + 2;
            return new Found(port, tried);
          }
        }
        offset++;
      } while ((offset & 1) != 0 && remaining > 1);
      return new Found(PortAllocator.NONE, tried);
    }

    /** Before: one after the other from the hint. */
    Found linear(long hash, long nowMs) {
      int offset = hint + (int) (hash >>> 33);
      for (int i = 1; i <= size; i++) {
        int port = FIRST + Integer.remainderUnsigned(i + offset, size);
        if (isFree(port, nowMs)) {
          hint += i;
          return new Found(port, i);
        }
      }
      return new Found(PortAllocator.NONE, size);
    }
  }

  private final List<Integer> open = new ArrayList<>();

  private static long hash(int remotePort, long period) {
    long tuple = (long) TestHost.CLIENT << 32 | TestHost.SERVER & 0xFFFFFFFFL;
    return RandomStreams.bits(1, 0, 20 + remotePort * 64, tuple) ^ RandomStreams.mix(period);
  }

  private void compare(long seed, KernelProfile profile, int size, boolean reuse, int steps) {
    Random random = new Random(seed);
    SysctlProfile sysctl = new SysctlProfile(profile);
    sysctl.set(Sysctl.PORT_RANGE_FIRST, FIRST).set(Sysctl.PORT_RANGE_LAST, FIRST + size - 1);
    sysctl.set(Sysctl.TCP_TW_REUSE, reuse ? 1 : 0);
    TestClock clock = new TestClock(10_000_000_000L);
    TestHost h = new TestHost(clock, TestHost.CLIENT, sysctl, 1);
    Kernel kernel = new Kernel(size, reuse);
    boolean linear = profile == KernelProfile.LINUX_3_10;
    open.clear();
    for (int step = 0; step < steps; step++) {
      int what = random.nextInt(10);
      if (what < 7) {
        h.calls();
        h.stack.enter(clock.nowNs(), h.host, h.address);
        long before = h.host.portsTried();
        if (random.nextBoolean()) {
          // Reading ahead changes nothing.
          h.host.ports.soon(h.address, TestHost.SERVER, REMOTE_PORT);
        }
        int port = h.host.ports.choose(h.address, TestHost.SERVER, REMOTE_PORT);
        long nowMs = clock.nowNs() / 1_000_000;
        Found f =
            linear
                ? kernel.linear(hash(REMOTE_PORT, 0), nowMs)
                : kernel.parity(hash(REMOTE_PORT, clock.nowNs() / 10_000_000_000L + 1), nowMs);
        assertThat(port).as("port at step " + step).isEqualTo(f.port);
        assertThat(h.host.portsTried() - before).as("tried at step " + step).isEqualTo(f.tried);
        if (port != PortAllocator.NONE) {
          take(h, kernel, port);
        }
      } else if (what < 9) {
        timeWait(h, kernel, random);
      } else {
        clock.advanceMs(random.nextInt(8) == 0 ? 30_000 : random.nextInt(200));
        kernel.timeWaitSinceMs.keySet().removeIf(p -> !holds(h, p));
      }
    }
  }

  private static boolean holds(TestHost h, int port) {
    int ports = port << 16 | REMOTE_PORT;
    int hash = Demux.hash(h.address, TestHost.SERVER, ports);
    return h.stack.demux.find(hash, h.address, TestHost.SERVER, ports) >= 0;
  }

  /** As connect() and the handshake do: whatever was there is gone, an open connection holds it. */
  private void take(TestHost h, Kernel kernel, int port) {
    Stack s = h.stack;
    if (h.host.ports.reusedTimeWait != 0) {
      s.timeWait.takeOver(h.host.ports.reusedTimeWait);
    }
    kernel.timeWaitSinceMs.remove(port);
    kernel.held.add(port);
    open.add(port);
    int ports = port << 16 | REMOTE_PORT;
    int row = s.tcb.create();
    s.tcb.tuple(h.address, TestHost.SERVER, ports);
    s.tcb.setFlag(Connections.F_ACTIVE | Connections.F_ACCEPTED);
    s.contract = s.contracts.intern(Contract.key(1460, 1460, 7, 7, true, true, true, 0));
    s.tcb.contract(s.contract.id);
    s.tcb.flight(s.fl.create());
    s.demux.insert(Demux.hash(h.address, TestHost.SERVER, ports), Demux.CONNECTION, row);
    Transitions.to(s, State.ESTABLISHED);
  }

  /** Some open connections end, by RST or into TIME_WAIT, at times by way of an orphan. */
  private void timeWait(TestHost h, Kernel kernel, Random random) {
    Stack s = h.stack;
    for (int n = random.nextInt(8); n > 0 && !open.isEmpty(); n--) {
      int port = open.remove(random.nextInt(open.size()));
      int ports = port << 16 | REMOTE_PORT;
      s.enter(h.clock.nowNs(), h.host, h.address);
      int hash = Demux.hash(h.address, TestHost.SERVER, ports);
      s.demux.find(hash, h.address, TestHost.SERVER, ports);
      s.load();
      kernel.held.remove(port);
      if (random.nextInt(4) == 0) {
        s.closing.forget();
        continue;
      }
      kernel.timeWaitSinceMs.put(port, h.clock.nowNs() / 1_000_000);
      boolean orphan = random.nextInt(3) == 0;
      s.timeWait.enter(orphan, 60 * h.host.hz);
      if (orphan) {
        fin(h, ports);
      }
    }
  }

  /** The peer's FIN for a FIN_WAIT_2 that nobody owns. */
  private static void fin(TestHost h, int ports) {
    dev.halfopen.net.Segment fin = SegmentText.parse("F. 0 ack 0", 0, 0);
    fin.source = TestHost.SERVER;
    fin.destination = h.address;
    fin.ports = ports << 16 | ports >>> 16;
    h.arrives(fin);
    h.takeSent();
  }

  private void compare(KernelProfile profile, boolean reuse, int... sizes) {
    for (int size : sizes) {
      for (long seed = 1; seed <= 6; seed++) {
        try {
          compare(seed, profile, size, reuse, size < 100 ? 1500 : 6000);
        } catch (AssertionError e) {
          throw new AssertionError(profile.name() + ", " + size + " ports, seed " + seed, e);
        }
      }
    }
  }

  @Test
  void findsThePortsOfTheKernelInEvenRanges() {
    compare(KernelProfile.LINUX_6_18, false, 2, 10, 64, 128, 1000);
  }

  @Test
  void findsThePortsOfTheKernelInOddRanges() {
    compare(KernelProfile.LINUX_6_18, false, 1, 3, 11, 65, 127, 999);
  }

  @Test
  void findsTheTimeWaitsThatMayBeReused() {
    compare(KernelProfile.LINUX_6_18, true, 1, 2, 11, 64, 1000);
  }

  @Test
  void findsThePortsOfAnOldKernel() {
    compare(KernelProfile.LINUX_3_10, false, 1, 2, 11, 64, 1000);
    compare(KernelProfile.LINUX_3_10, true, 11, 64, 1000);
  }
}
