package dev.halfopen.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.halfopen.app.Application;
import dev.halfopen.app.ChurnClient;
import dev.halfopen.app.ChurnConfig;
import dev.halfopen.app.ChurnServer;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SysctlProfile;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads, and shards as far as they may, change nothing that can be read of a run. */
@Timeout(60)
class ShardsTest {
  private static final long MS = ManyHosts.MS;
  private static final long S = ManyHosts.S;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int[] COUNTS = {2, 3, 8};

  private enum Topology {
    CHURN,
    FLOOD,
    PROXY,
    ALL;

    ManyHosts of(ManyHosts empty) {
      return switch (this) {
        case CHURN -> empty.churn(5, 150, S);
        case FLOOD -> empty.churn(2, 100, S).flooded();
        case PROXY -> empty.proxied(S);
        case ALL -> empty.churn(3, 100, S).proxied(S).flooded();
      };
    }
  }

  private static String run(
      Topology t, long seed, MemoryBudget budget, boolean memory, int shards, int threads) {
    ManyHosts m = t.of(new ManyHosts(seed, budget, memory));
    return m.run(shards, threads, 2 * S);
  }

  @ParameterizedTest
  @CsvSource({"CHURN,1", "CHURN,2", "CHURN,3", "FLOOD,1", "FLOOD,2", "PROXY,1", "ALL,1", "ALL,2"})
  void anyNumberOfThreadsGivesTheSameRun(Topology topology, long seed) {
    String one = run(topology, seed, MemoryBudget.unlimited(), true, 16, 1);
    for (int threads : COUNTS) {
      assertThat(run(topology, seed, MemoryBudget.unlimited(), true, 16, threads))
          .as("%s, seed %d, %d threads", topology, seed, threads)
          .isEqualTo(one);
    }
  }

  @ParameterizedTest
  @CsvSource({"CHURN,1", "CHURN,2", "CHURN,3", "FLOOD,1", "FLOOD,2", "PROXY,1", "ALL,1", "ALL,2"})
  void anyNumberOfShardsGivesTheSameRunButForMemory(Topology topology, long seed) {
    String one = run(topology, seed, MemoryBudget.unlimited(), false, 1, 1);
    for (int shards : COUNTS) {
      assertThat(run(topology, seed, MemoryBudget.unlimited(), false, shards, 1))
          .as("%s, seed %d, %d shards", topology, seed, shards)
          .isEqualTo(one);
    }
  }

  @ParameterizedTest
  @CsvSource({"CHURN,1", "CHURN,2", "FLOOD,1", "PROXY,1", "ALL,1"})
  void aMemoryLimitEndsTheRunAtTheSamePoint(Topology topology, long seed) {
    MemoryBudget all = MemoryBudget.unlimited();
    ManyHosts whole = topology.of(new ManyHosts(seed, all, true));
    whole.builder.shards(16, 100_000).build();
    long atFirst = all.usedBytes();
    run(topology, seed, all, true, 16, 1);
    for (int part = 1; part < 4; part++) {
      long limit = atFirst + (all.usedBytes() - 2 * atFirst) * part / 4;
      String one = run(topology, seed, new MemoryBudget(limit), true, 16, 1);
      assertThat(one).contains(limit + " are allowed");
      for (int threads : COUNTS) {
        assertThat(run(topology, seed, new MemoryBudget(limit), true, 16, threads))
            .as("%s, seed %d, limit %d, %d threads", topology, seed, limit, threads)
            .isEqualTo(one);
      }
    }
  }

  @Test
  void queuesAreReallyFullAndPortsUsedUp() {
    ManyHosts m = Topology.ALL.of(new ManyHosts(1, MemoryBudget.unlimited(), false));
    m.run(16, 2, 2 * S);
    assertThat(m.counter(Mib.LISTEN_OVERFLOWS)).isPositive();
    assertThat(m.counter(Mib.REQ_Q_FULL_DROP)).isPositive();
    assertThat(m.counter(Mib.RETRANS_SEGS)).isPositive();
  }

  // ---- a shard that fails

  private final List<Thread> workers = new ArrayList<>();

  private Thread worker(Runnable work) {
    Thread t = new Thread(work, "worker " + workers.size());
    workers.add(t);
    return t;
  }

  /** Four pairs of hosts; the application of one of them throws after half a second. */
  private WorldBuilder oneFails(Throwable what) {
    ManyHosts m = new ManyHosts(1, MemoryBudget.unlimited(), false).churn(4, 100, S);
    m.builder.application(m.hosts.get(5), new Failing(what));
    return m.builder.shards(8, MS / 2).shareFrom(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void anExceptionInOneShardEndsTheRun(int threads) {
    Exception why = new IllegalArgumentException("half a second is enough");
    World w = oneFails(why).threads(threads, this::worker).build();
    assertThat(w.threads()).isEqualTo(threads);
    assertThatThrownBy(() -> w.run(2 * S))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("shard 5 failed")
        .hasMessageContaining("half a second is enough")
        .hasRootCause(why);
    assertThat(w.nowNs()).isBetween(S / 2, S / 2 + 2 * MS);
    assertThat(workers).hasSize(threads - 1).noneMatch(Thread::isAlive);
  }

  @Test
  void anErrorInOneShardEndsTheRun() {
    World w = oneFails(new StackOverflowError()).threads(3, this::worker).build();
    assertThatThrownBy(() -> w.run(2 * S)).hasRootCauseInstanceOf(StackOverflowError.class);
    assertThat(workers).hasSize(2).noneMatch(Thread::isAlive);
  }

  @Test
  void aThreadThatCannotBeStartedEndsTheRun() {
    World w =
        oneFails(new AssertionError("not reached"))
            .threads(
                3,
                work -> {
                  if (!workers.isEmpty()) {
                    throw new OutOfMemoryError("unable to create native thread");
                  }
                  return worker(work);
                })
            .build();
    assertThatThrownBy(() -> w.run(2 * S)).isInstanceOf(OutOfMemoryError.class);
    assertThat(workers).hasSize(1).noneMatch(Thread::isAlive);
  }

  /** Throws at half a second. */
  private static final class Failing extends Application {
    private final Throwable what;

    Failing(Throwable what) {
      this.what = what;
    }

    @Override
    public void start(long nowNs) {
      timerAt(S / 2, 0, 0);
    }

    @Override
    public void onReady(long nowNs, long socket, int handle, int bits, int mark, int errno) {}

    @Override
    public void onTimer(long nowNs, int kind, long argument) {
      if (what instanceof Error e) {
        throw e;
      }
      throw (RuntimeException) what;
    }
  }

  // ---- allocation

  @Test
  void windowsAndMailboxesAllocateNothing() {
    WorldBuilder b = new WorldBuilder(1, MemoryBudget.unlimited());
    List<ChurnClient> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Host farm = b.farm("farm" + i, new SysctlProfile(KernelProfile.LINUX_6_18), 200);
      Host server = b.host("server" + i, new SysctlProfile(KernelProfile.LINUX_6_18));
      b.link(farm, server, 0, 10 * MS, 0);
      ChurnConfig config = new ChurnConfig();
      config.rateCount = 400;
      config.serverAddress = server.firstAddress();
      ChurnClient client = new ChurnClient(config);
      clients.add(client);
      b.application(farm, client).application(server, new ChurnServer(config));
    }
    long[] allocated = new long[20];
    int[] samples = new int[1];
    b.sample(10 * S, now -> allocated[samples[0]++] = allocatedBytes());
    World w = b.shards(8, MS).threads(2, this::worker).shareFrom(0).build();
    w.run(190 * S);
    assertThat(w.shards()).isEqualTo(8);
    assertThat(w.windowsShared()).isEqualTo(w.windows());
    assertThat(clients).allMatch(c -> c.completed() > 75_000 && c.failed() == 0);
    long least = Long.MAX_VALUE;
    for (int i = 14; i < 20; i++) {
      least = Math.min(least, allocated[i] - allocated[i - 1]);
    }
    assertThat(least).isZero();
  }

  /** By this thread and all workers. */
  private long allocatedBytes() {
    long sum = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    for (int i = 0; i < workers.size(); i++) {
      sum += THREADS.getThreadAllocatedBytes(workers.get(i).getId());
    }
    return sum;
  }
}
