package dev.halfopen.bench;

import com.sun.management.ThreadMXBean;
import dev.halfopen.app.ChurnClient;
import dev.halfopen.app.ChurnConfig;
import dev.halfopen.app.ChurnServer;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.RunDigest;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Churn of many hosts with as much to do each, 2 ms apart: what several threads are measured with.
 * Every farm talks to the server beside it, on another shard. Prints one line with the wall-clock
 * time of the measured part.
 *
 * <pre>
 * -Dthreads=1      threads
 * -Dpairs=8        client farms, and as many servers: two shards each pair
 * -Drate=450000    connections per second, all farms together: 12 events each
 * -Dclients=256    machines of a farm
 * -Dwarm=2         virtual seconds before the measurement
 * -Dsec=8          virtual seconds in all
 * -Dshards=16      shards at most
 * </pre>
 */
public final class ManyHostChurn {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long ONE_WAY_NS = 2_000_000;
  private static final long LINK_BITS_PER_SECOND = 100_000_000_000L;
  private static final double SECOND_NS = 1e9;

  private final MemoryBudget budget = MemoryBudget.unlimited();
  private final List<ChurnClient> clients = new ArrayList<>();
  private final AtomicLong workersCpuNs = new AtomicLong();
  private final World world;

  private ManyHostChurn(int pairs, long rate, int addresses, int shards, int threads) {
    WorldBuilder builder = new WorldBuilder(1, budget);
    for (int i = 0; i < pairs; i++) {
      Host farm = builder.farm("clients-" + i, kernel(), addresses);
      Host server = builder.host("server-" + i, kernel());
      builder.link(farm, server, LINK_BITS_PER_SECOND, ONE_WAY_NS, 0);
      ChurnConfig config = new ChurnConfig();
      config.serverAddress = server.firstAddress();
      config.rateCount = rate / pairs;
      ChurnClient client = new ChurnClient(config);
      clients.add(client);
      builder.application(farm, client).application(server, new ChurnServer(config));
    }
    world = builder.shards(shards, ONE_WAY_NS).threads(threads, this::worker).build();
  }

  private static SysctlProfile kernel() {
    return new SysctlProfile(KernelProfile.LINUX_6_18);
  }

  private Thread worker(Runnable work) {
    return new Thread(
        () -> {
          work.run();
          workersCpuNs.addAndGet(THREADS.getCurrentThreadCpuTime());
        });
  }

  private void run(double untilSeconds) {
    world.run((long) (untilSeconds * SECOND_NS));
  }

  private long completed() {
    return clients.stream().mapToLong(ChurnClient::completed).sum();
  }

  public static void main(String[] args) {
    ManyHostChurn churn =
        new ManyHostChurn(
            Integer.getInteger("pairs", 8),
            Long.getLong("rate", 450_000),
            Integer.getInteger("clients", 256),
            Integer.getInteger("shards", 16),
            Integer.getInteger("threads", 1));
    churn.run(Double.parseDouble(System.getProperty("warm", "2")));
    churn.measure(Double.parseDouble(System.getProperty("sec", "8")));
  }

  private void measure(double seconds) {
    long events = world.events();
    long windows = world.windows();
    long shared = world.windowsShared();
    long completed = completed();
    workersCpuNs.set(0);
    long cpuNs = THREADS.getCurrentThreadCpuTime();
    long wallNs = System.nanoTime();
    run(seconds);
    wallNs = System.nanoTime() - wallNs;
    cpuNs = THREADS.getCurrentThreadCpuTime() - cpuNs + workersCpuNs.get();
    windows = world.windows() - windows;
    System.out.printf(
        Locale.ROOT,
        "RESULT wall %.3fs cpu %.3fs threads %d shards %d windows %d shared %d events/window %d"
            + " conns %d conns/s %.1fk digest %s%n",
        wallNs / SECOND_NS,
        cpuNs / SECOND_NS,
        world.threads(),
        world.shards(),
        windows,
        world.windowsShared() - shared,
        (world.events() - events) / Math.max(1, windows),
        completed() - completed,
        (completed() - completed) * 1e6 / wallNs,
        RunDigest.toHex(world.digest()));
  }
}
