package dev.halfopen.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.net.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** SYN-ACKs of old kernels, against {@code inet_csk_reqsk_queue_prune} done tick by tick. */
class PruneClockTest {
  private static final int RETRIES = 5;
  private static final int HZ = 1000;

  /** The kernel's loop over all ticks, with its table as lists. */
  private static final class Walk {
    private record Entry(int port, int slot) {}

    private final int slots;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Integer> expires = new ArrayList<>();
    private final List<Integer> timeouts = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private int young;
    private int timer = -1;
    private int hand;

    Walk(int slots) {
      this.slots = slots;
    }

    void add(int now, int port, int slot) {
      if (entries.isEmpty()) {
        timer = TimerRounding.slack(now, HZ);
      }
      entries.add(new Entry(port, slot));
      expires.add(now + HZ);
      timeouts.add(0);
      young++;
    }

    void remove(int port) {
      for (int i = 0; i < entries.size(); i++) {
        if (entries.get(i).port == port) {
          drop(i);
          break;
        }
      }
      timer = entries.isEmpty() ? -1 : timer;
    }

    private void drop(int i) {
      young -= timeouts.get(i) == 0 ? 1 : 0;
      entries.remove(i);
      expires.remove(i);
      timeouts.remove(i);
    }

    private int allowed() {
      int thresh = RETRIES;
      if (entries.size() >= slots / 2) {
        int y = young << 1;
        while (thresh > 2 && entries.size() >= y) {
          thresh--;
          y <<= 1;
        }
      }
      return thresh;
    }

    void jiffy(int now) {
      if (now != timer) {
        return;
      }
      int thresh = allowed();
      int budget = 2 * (slots / 5);
      for (int n = 0; n < budget; n++) {
        slot(now, hand, thresh);
        hand = (hand + 1) % slots;
      }
      timer = entries.isEmpty() ? -1 : now + HZ / 5;
    }

    private void slot(int now, int slot, int thresh) {
      for (int i = entries.size() - 1; i >= 0; i--) {
        if (entries.get(i).slot != slot || now - expires.get(i) < 0) {
          continue;
        }
        if (timeouts.get(i) >= thresh) {
          drop(i);
          continue;
        }
        sent.add(now + " " + entries.get(i).port);
        young -= timeouts.get(i) == 0 ? 1 : 0;
        timeouts.set(i, timeouts.get(i) + 1);
        expires.set(i, now + Math.min(HZ << timeouts.get(i), 120 * HZ));
      }
    }
  }

  @Test
  void requestsAreSeenWhenTheListenersWalkComesByTheirSlot() {
    Seeds.each(
        PruneClockTest.class,
        "requestsAreSeenWhenTheListenersWalkComesByTheirSlot",
        20,
        PruneClockTest::compare);
  }

  private static void compare(long seed) {
    Random random = new Random(seed);
    StackFixture f = StackFixture.stack(StackFixture.linux310()).listening(random.nextInt(40));
    Listener l = f.h.host.listener(f.listener);
    Walk walk = new Walk(l.requestLimit + 1);
    List<String> sent = new ArrayList<>();
    boolean[] bySyn = {false};
    f.h.wire =
        s -> {
          if (s.has(Segment.SYN) && !bySyn[0]) {
            sent.add(jiffy(f) + " " + s.destinationPort());
          }
        };
    int syns = 1 + random.nextInt(30);
    for (int i = 0; i < syns; i++) {
      int port = 1000 + i;
      StackFixture.Peer p = f.peer(port);
      bySyn[0] = true;
      int before = f.h.tcp.requests();
      p.sends("S 0");
      bySyn[0] = false;
      if (f.h.tcp.requests() > before) {
        walk.add(jiffy(f), port, slot(f, port, walk.slots));
      }
      run(f, walk, random.nextInt(3) == 0 ? random.nextInt(4000) : random.nextInt(50));
      if (random.nextInt(3) == 0 && "SYN_RECV".equals(p.state())) {
        p.sends("R 1");
        walk.remove(port);
      }
    }
    run(f, walk, 130_000);
    assertThat(sorted(sent)).isEqualTo(sorted(walk.sent)).isNotEmpty();
    assertThat(f.h.tcp.requests()).isZero();
  }

  private static int slot(StackFixture f, int port, int slots) {
    int ports = StackFixture.PORT << 16 | port;
    return Demux.hash(f.h.address, TestHost.CLIENT, ports) & slots - 1;
  }

  private static List<String> sorted(List<String> sent) {
    return sent.stream().sorted(Comparator.naturalOrder()).toList();
  }

  private static int jiffy(StackFixture f) {
    return (int) f.h.host.host().jiffies(f.clock.nowNs(), f.h.address);
  }

  private static void run(StackFixture f, Walk walk, int ms) {
    for (int i = 0; i < ms; i++) {
      f.clock.advanceMs(1);
      walk.jiffy(jiffy(f));
    }
  }
}
