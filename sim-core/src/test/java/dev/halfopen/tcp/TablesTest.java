package dev.halfopen.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.engine.MemoryBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tables of the stack against the collections of the JDK, over random operations. */
class TablesTest {
  private record Tuple(int local, int remote, int ports) {}

  private record Entry(int tag, int row) {}

  /** A demux and what it should hold. */
  private static final class DemuxModel {
    final MemoryBudget budget = MemoryBudget.unlimited();
    final Connections tcb = new Connections(budget);
    final TimeWaits tw = new TimeWaits(budget);
    final Requests req = new Requests(budget);
    final Demux demux = new Demux(tcb, tw, req, budget);
    final Map<Tuple, Entry> map = new HashMap<>();
    final Random random;
    final int spread;

    DemuxModel(long seed, int spread) {
      random = new Random(seed);
      this.spread = spread;
    }

    Tuple tuple() {
      return new Tuple(1, random.nextInt(8), random.nextInt(spread));
    }

    int record(int tag, Tuple t) {
      switch (tag) {
        case Demux.CONNECTION:
          int c = tcb.create();
          tcb.tuple(t.local, t.remote, t.ports);
          return c;
        case Demux.TIME_WAIT:
          return tw.create(t.local, t.remote, t.ports);
        default:
          return req.create(t.local, t.remote, t.ports);
      }
    }

    void destroy(Entry e) {
      switch (e.tag) {
        case Demux.CONNECTION -> {
          tcb.move(e.row);
          tcb.destroy(0);
        }
        case Demux.TIME_WAIT -> {
          tw.move(e.row);
          tw.destroy();
        }
        default -> {
          req.move(e.row);
          req.destroy();
        }
      }
    }

    void step(int growth) {
      Tuple t = tuple();
      int hash = Demux.hash(t.local, t.remote, t.ports);
      int at = demux.find(hash, t.local, t.remote, t.ports);
      Entry known = map.get(t);
      assertThat(at >= 0).as("found").isEqualTo(known != null);
      if (known == null) {
        if (random.nextInt(100) < growth) {
          int tag = random.nextInt(3);
          Entry e = new Entry(tag, record(tag, t));
          demux.insert(hash, tag, e.row);
          map.put(t, e);
        }
        return;
      }
      assertThat(demux.tagAt(at)).isEqualTo(known.tag);
      assertThat(demux.rowAt(at)).isEqualTo(known.row);
      if (random.nextInt(3) == 0) {
        int tag = random.nextInt(3);
        Entry e = new Entry(tag, record(tag, t));
        demux.replace(hash, known.tag, known.row, e.tag, e.row);
        destroy(known);
        map.put(t, e);
      } else if (random.nextInt(100) >= growth) {
        demux.remove(hash, known.tag, known.row);
        destroy(known);
        map.remove(t);
      }
    }

    void all() {
      assertThat(demux.size()).isEqualTo(map.size());
      map.forEach(
          (t, e) -> {
            int at = demux.find(Demux.hash(t.local, t.remote, t.ports), t.local, t.remote, t.ports);
            assertThat(at).isNotNegative();
            assertThat(demux.tagAt(at)).isEqualTo(e.tag);
            assertThat(demux.rowAt(at)).isEqualTo(e.row);
          });
    }
  }

  @Test
  void theDemuxHoldsWhatAMapHolds() {
    Seeds.each(
        TablesTest.class,
        "theDemuxHoldsWhatAMapHolds",
        8,
        seed -> {
          DemuxModel m = new DemuxModel(seed, seed % 2 == 0 ? 60 : 3000);
          for (int growth : new int[] {90, 10, 50, 95, 2}) {
            for (int i = 0; i < 20_000; i++) {
              m.step(growth);
            }
            m.all();
          }
          assertThat(m.demux.rehashes() > 0).isEqualTo(seed % 2 != 0);
        });
  }

  @Test
  void theDemuxSaysSoWhenAnEntryIsMissing() {
    DemuxModel m = new DemuxModel(1, 10);
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> m.demux.remove(Demux.hash(1, 2, 3), Demux.REQUEST, 5))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theAcceptQueueIsFirstInFirstOut() {
    Seeds.each(
        TablesTest.class,
        "theAcceptQueueIsFirstInFirstOut",
        20,
        seed -> {
          Random random = new Random(seed);
          Listener l = new Listener(0, 80, SocketOptions.DEFAULT, 0, 0);
          l.backlog = 100;
          ArrayDeque<Integer> naive = new ArrayDeque<>();
          int row = 1;
          for (int i = 0; i < 5000; i++) {
            int what = random.nextInt(10);
            if (what < 5) {
              l.push(row, 0);
              naive.add(row++);
            } else if (what < 9 || naive.isEmpty()) {
              Integer expected = naive.poll();
              assertThat(l.pop()).isEqualTo(expected == null ? 0 : expected);
            } else {
              List<Integer> all = new ArrayList<>(naive);
              int dead = random.nextInt(all.size());
              if (all.get(dead) > 0) {
                l.markDead(all.get(dead), Errno.ECONNRESET);
                all.set(dead, -Errno.ECONNRESET);
                naive = new ArrayDeque<>(all);
              }
            }
            assertThat(l.queued()).isEqualTo(naive.size());
            assertThat(l.acceptQueueFull()).isEqualTo(naive.size() > 100);
          }
        });
  }

  @Test
  void sendQueuesAreListsThatAreGivenBackWhole() {
    Seeds.each(
        TablesTest.class,
        "sendQueuesAreListsThatAreGivenBackWhole",
        10,
        seed -> {
          Random random = new Random(seed);
          SendQueue sq = new SendQueue(MemoryBudget.unlimited());
          List<Integer> heads = new ArrayList<>();
          List<List<Integer>> naive = new ArrayList<>();
          for (int i = 0; i < 3000; i++) {
            if (random.nextInt(3) != 0 || heads.isEmpty()) {
              int head = 0;
              List<Integer> seqs = new ArrayList<>();
              for (int n = random.nextInt(12); n >= 0; n--) {
                int seq = random.nextInt();
                int row = sq.create(seq, seq + 5, seq ^ 1, SendQueue.F_PUSH);
                sq.next(head);
                head = row;
                seqs.add(0, seq);
              }
              heads.add(head);
              naive.add(seqs);
            } else {
              int which = random.nextInt(heads.size());
              List<Integer> seqs = new ArrayList<>();
              for (int r = heads.get(which); r != 0; r = sq.next()) {
                sq.at(r);
                assertThat(sq.end() - sq.seq()).isEqualTo(5);
                assertThat(sq.mark()).isEqualTo(sq.seq() ^ 1);
                seqs.add(sq.seq());
              }
              assertThat(seqs).isEqualTo(naive.remove(which));
              sq.freeList(heads.remove(which));
            }
            assertThat(sq.live()).isEqualTo(naive.stream().mapToInt(List::size).sum());
          }
        });
  }

  @Test
  void transmissionsCountUpTo255AndLeaveTheFlagsAlone() {
    SendQueue sq = new SendQueue(MemoryBudget.unlimited());
    sq.create(0, 1, 0, SendQueue.F_FIN);
    for (int i = 1; i <= 300; i++) {
      sq.sent(i);
      assertThat(sq.transmissions()).isEqualTo(Math.min(i, 255));
      assertThat(sq.flag(SendQueue.F_FIN)).isTrue();
      assertThat(sq.flag(SendQueue.F_LOST)).isFalse();
    }
  }

  @Test
  void demuxOfTheExpectedSizeNeverGrowsAndTakesElevenBytesAnEntry() {
    MemoryBudget budget = MemoryBudget.unlimited();
    Requests requests = new Requests(MemoryBudget.unlimited());
    Demux demux =
        new Demux(
            new Connections(MemoryBudget.unlimited()),
            new TimeWaits(MemoryBudget.unlimited()),
            requests,
            budget);
    demux.expect(100_000);
    for (int row = 1; row <= 100_000; row++) {
      demux.insert(Demux.hash(1, 2, row), Demux.REQUEST, row);
    }
    assertThat(demux.rehashes()).isZero();
    assertThat(budget.usedBytes() / 100_000.0).isLessThan(10.8);
    assertThat(budget.peakRows(0)).isEqualTo(100_000);
  }

  @Test
  void demuxThatGrowsNeedsRoomForBothTables() {
    MemoryBudget budget = MemoryBudget.unlimited();
    Demux demux =
        new Demux(
            new Connections(MemoryBudget.unlimited()),
            new TimeWaits(MemoryBudget.unlimited()),
            new Requests(MemoryBudget.unlimited()),
            budget);
    long before = budget.usedBytes();
    for (int row = 1; demux.rehashes() == 0; row++) {
      demux.insert(Demux.hash(1, 2, row), Demux.REQUEST, row);
    }
    assertThat(budget.usedBytes()).isBetween(2 * before - 16, 2 * before);
    assertThat(budget.peakBytes()).isEqualTo(before + budget.usedBytes());
  }

  @Test
  void aSegmentSplitKeepsItsFrontAndHasTheRestBehindIt() {
    SendQueue sq = new SendQueue(MemoryBudget.unlimited());
    for (int i = 0; i < 1000; i++) {
      int last = sq.create(i + 30, i + 40, 7, 0);
      int row = sq.create(i, i + 30, 9, SendQueue.F_FIN | SendQueue.F_PUSH | SendQueue.F_LOST);
      sq.next(last);
      int rest = sq.split(i + 10);
      assertThat(sq.seq()).isEqualTo(i);
      assertThat(sq.end()).isEqualTo(i + 10);
      assertThat(sq.mark()).isZero();
      assertThat(sq.flags()).isEqualTo(SendQueue.F_LOST);
      assertThat(sq.next()).isEqualTo(rest);
      sq.at(rest);
      assertThat(sq.seq()).isEqualTo(i + 10);
      assertThat(sq.end()).isEqualTo(i + 30);
      assertThat(sq.mark()).isEqualTo(9);
      assertThat(sq.flags()).isEqualTo(SendQueue.F_FIN | SendQueue.F_PUSH);
      assertThat(sq.next()).isEqualTo(last);
      assertThat(row).isNotEqualTo(rest);
    }
  }

  @Test
  void aChainOfRowsIsGivenBackAtOnce() {
    SendQueue sq = new SendQueue(MemoryBudget.unlimited());
    int kept = sq.create(0, 1, 0, 0);
    int last = sq.create(3, 4, 0, 0);
    sq.next(kept);
    int middle = sq.create(2, 3, 0, 0);
    sq.next(last);
    int first = sq.create(1, 2, 0, 0);
    sq.next(middle);
    sq.freeChain(first, last, 3);
    assertThat(sq.live()).isEqualTo(1);
    assertThat(List.of(sq.allocate(), sq.allocate(), sq.allocate()))
        .containsExactlyInAnyOrder(first, middle, last);
    assertThat(sq.allocate()).isGreaterThan(Math.max(kept, first));
  }
}
