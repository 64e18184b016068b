package dev.halfopen.app;

import static dev.halfopen.app.Scene.S;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.world.Faults;
import dev.halfopen.world.World;
import java.lang.management.ManagementFactory;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Applications that are killed and started again every two seconds: a hundred times after 20 s. */
class NewLivesMemoryTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int LIVES = 110;
  private static final int WARM = 10;
  private static final long LIFE = 2 * S;

  /** A listening socket and its options: what each life makes anew, and what goes with it. */
  private static final long BYTES_OF_A_LIFE = 2000;

  /** The least that any table takes; a list of deadlines may still double once or twice. */
  private static final long BYTES_OF_A_TABLE = 16_384;

  private static final Set<String> TABLES =
      Set.of(
          "serverConnections",
          "proxyExchanges",
          "upstreamConnections",
          "appExchanges",
          "poolConnections",
          "poolBorrowers",
          "databaseConnections",
          "deadlines");

  private static void killAgainAndAgain(Faults faults, Host host) {
    for (int i = 1; i <= LIVES; i++) {
      faults.kill(host, i * LIFE).start(host, i * LIFE + S / 10);
    }
  }

  private static long allocatedBytes() {
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  private static long bytesOfApplications(MemoryBudget memory) {
    long sum = 0;
    for (int kind = 0; kind < memory.kinds(); kind++) {
      sum += TABLES.contains(memory.name(kind)) ? memory.bytes(kind) : 0;
    }
    return sum;
  }

  /** That a hundred lives of two applications took nothing that stays. */
  private static void staysAsLargeAsItWas(World world, MemoryBudget memory) {
    world.run(WARM * LIFE);
    allocatedBytes(); // the first call may itself allocate
    long tables = bytesOfApplications(memory);
    long granted = memory.grantedBytes();
    long before = allocatedBytes();
    world.run((LIVES + 1) * LIFE);
    long allocated = allocatedBytes() - before - (memory.grantedBytes() - granted);
    assertThat(allocated).isLessThan(2 * (LIVES - WARM) * BYTES_OF_A_LIFE);
    assertThat(tables).isGreaterThan(3 * BYTES_OF_A_TABLE);
    assertThat(bytesOfApplications(memory) - tables).isLessThan(BYTES_OF_A_TABLE);
  }

  @Test
  void aHundredLivesOfAProxyAndItsServersTakeNoMoreMemoryThanTen() {
    Scene scene = new Scene(2);
    scene.load.rateCount = 50;
    scene.load.latencyIntervalNs = 1000 * S;
    scene.load.successIntervalNs = 1000 * S;
    scene.proxyConfig.idlePool = 4;
    scene.originConfig.serviceTime = Distribution.exponential(5e6);
    killAgainAndAgain(scene.faults(), scene.proxyHost());
    killAgainAndAgain(scene.faults(), scene.upstream(0));
    World world = scene.start();
    staysAsLargeAsItWas(world, scene.memory);
    assertThat(scene.farm.stats().succeeded()).isGreaterThan(9000);
  }

  @Test
  void aHundredLivesOfAnApplicationServerAndItsDatabaseTakeNoMoreMemoryThanTen() {
    DatabaseScene scene = new DatabaseScene();
    scene.load.rateCount = 50;
    scene.load.latencyIntervalNs = 1000 * S;
    scene.load.successIntervalNs = 1000 * S;
    scene.database.queryTime = Distribution.exponential(5e6);
    killAgainAndAgain(scene.faults(), scene.api);
    killAgainAndAgain(scene.faults(), scene.primary);
    World world = scene.start();
    staysAsLargeAsItWas(world, scene.memory);
    assertThat(scene.farm.stats().succeeded()).isGreaterThan(8000);
    // The process' counters are those of all its lives, what it holds is that of the last one.
    assertThat(scene.app.poolStats(0).created()).isGreaterThan(LIVES * 15L);
    assertThat(scene.server.pools.get(0).size()).isLessThanOrEqualTo(20);
  }
}
