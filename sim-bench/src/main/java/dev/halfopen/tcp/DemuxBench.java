package dev.halfopen.tcp;

import dev.halfopen.bench.Settings;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.RandomStreams;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Look-ups in the established hash, and a tuple that goes as another one comes. */
public class DemuxBench extends Settings {
  private static final int OPS = 1024;
  private static final int PORT = 80;
  private static final int SERVER = 10 << 24 | 2;

  @Param({"100000", "2000000"})
  int entries;

  private TimeWaits timeWaits;
  private Demux demux;
  private int[] rows;
  private long made;
  private long drawn;

  @Setup
  public void fill() {
    MemoryBudget budget = MemoryBudget.unlimited();
    timeWaits = new TimeWaits(budget);
    demux = new Demux(new Connections(budget), timeWaits, new Requests(budget), budget);
    rows = new int[entries];
    for (int i = 0; i < entries; i++) {
      rows[i] = insert();
    }
  }

  /** A tuple that never was there before. */
  private int insert() {
    long n = made++;
    int local = 11 << 24 | (int) (n >>> 16);
    int ports = (int) (n & 0xFFFF) << 16 | PORT;
    int row = timeWaits.create(local, SERVER, ports);
    demux.insert(Demux.hash(local, SERVER, ports), Demux.TIME_WAIT, row);
    return row;
  }

  private int drawRow() {
    return rows[RandomStreams.below(RandomStreams.mix(drawn++), entries)];
  }

  @Benchmark
  @OperationsPerInvocation(OPS)
  public long find() {
    long sum = 0;
    for (int i = 0; i < OPS; i++) {
      timeWaits.move(drawRow());
      int local = timeWaits.local();
      int ports = timeWaits.ports();
      sum += demux.find(Demux.hash(local, SERVER, ports), local, SERVER, ports);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(OPS)
  public long removeAndInsert() {
    for (int i = 0; i < OPS; i++) {
      int at = RandomStreams.below(RandomStreams.mix(drawn++), entries);
      int row = rows[at];
      timeWaits.move(row);
      int hash = Demux.hash(timeWaits.local(), SERVER, timeWaits.ports());
      demux.remove(hash, Demux.TIME_WAIT, row);
      timeWaits.destroy();
      rows[at] = insert();
    }
    return demux.size();
  }
}
