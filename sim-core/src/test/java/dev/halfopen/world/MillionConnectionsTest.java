package dev.halfopen.world;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.halfopen.app.ChurnClient;
import dev.halfopen.app.ChurnConfig;
import dev.halfopen.app.ChurnServer;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SysctlProfile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A million connections, each with handshake, request, response, close and TIME_WAIT, make no
 * garbage at all: not a byte is allocated on the simulation thread once the tables have the size
 * that the load needs. It does not depend on escape analysis either.
 */
class MillionConnectionsTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long SECOND_NS = 1_000_000_000L;
  private static final long PER_SECOND = 2_000;

  /** So few that each has most of its 28,232 ports in TIME_WAIT: choosing one is part of it. */
  private static final int CLIENTS = 5;

  /** TIME_WAITs are as many as they will ever be. */
  private static final long WARM_SECONDS = 75;

  private static final long CONNECTIONS = 1_000_000;
  private static final int ATTEMPTS = 3;

  private final MemoryBudget budget = MemoryBudget.unlimited();
  private final ChurnClient client;
  private final World world;

  MillionConnectionsTest() {
    WorldBuilder builder = new WorldBuilder(1, budget);
    Host clients = builder.farm("clients", new SysctlProfile(KernelProfile.LINUX_6_18), CLIENTS);
    Host server = builder.host("server", new SysctlProfile(KernelProfile.LINUX_6_18));
    builder.link(clients, server, 10_000_000_000L, SECOND_NS / 2000, 1 << 24);
    ChurnConfig config = new ChurnConfig();
    config.serverAddress = server.firstAddress();
    config.rateCount = PER_SECOND;
    client = new ChurnClient(config);
    builder.application(clients, client).application(server, new ChurnServer(config));
    world = builder.build();
  }

  private static long allocatedBytes() {
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /**
   * What a million connections allocate while no table grows. The JVM itself allocates some dozen
   * bytes on the thread whose code it links or compiles anew; what the simulator allocates would
   * show in every million, so the least of a few counts.
   */
  private long measure() {
    world.run(WARM_SECONDS * SECOND_NS);
    long least = Long.MAX_VALUE;
    for (int attempt = 0; attempt < ATTEMPTS && least > 0; attempt++) {
      least = Math.min(least, measureMillion());
    }
    return least;
  }

  private long measureMillion() {
    long completed = client.completed();
    long tableBytes = budget.usedBytes();
    long before = allocatedBytes();
    world.run(world.nowNs() + CONNECTIONS / PER_SECOND * SECOND_NS);
    long allocated = allocatedBytes() - before;
    assertThat(budget.usedBytes()).as("bytes of tables").isEqualTo(tableBytes);
    assertThat(client.completed() - completed).isEqualTo(CONNECTIONS);
    assertThat(client.failed() + client.refused()).isZero();
    return allocated;
  }

  @Test
  void allocateNothing() {
    // Asking for the figure may itself allocate the first time.
    allocatedBytes();
    assertThat(measure()).isZero();
  }

  @Test
  void allocateNothingWithoutEscapeAnalysis() throws IOException, InterruptedException {
    Process p =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-XX:-DoEscapeAnalysis",
                "-XX:+UseParallelGC",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                MillionConnectionsTest.class.getName())
            .redirectErrorStream(true)
            .start();
    p.getOutputStream().close();
    String output = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(p.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(output.strip()).isEqualTo("0");
    assertThat(p.exitValue()).isZero();
  }

  /** The forked JVM: prints the bytes. */
  public static void main(String[] args) {
    allocatedBytes();
    System.out.println(new MillionConnectionsTest().measure());
  }
}
