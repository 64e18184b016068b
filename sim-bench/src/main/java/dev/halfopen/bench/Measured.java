package dev.halfopen.bench;

import com.sun.management.ThreadMXBean;
import dev.halfopen.engine.RunDigest;
import dev.halfopen.world.World;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** Thread CPU time and bytes allocated from a point of a run on, and the line that says so. */
final class Measured {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final double SECOND_NS = 1e9;
  private static final double MILLION = 1e6;

  private final World world;
  private final long tableBytes;
  private final long packets;
  private final long events;
  private final long allocated;
  private final long cpuNs;

  Measured(World world, long tableBytes) {
    this.world = world;
    this.tableBytes = tableBytes;
    this.packets = world.packetsDelivered();
    this.events = world.events();
    this.allocated = allocatedBytes();
    this.cpuNs = THREADS.getCurrentThreadCpuTime();
  }

  private static long allocatedBytes() {
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /**
   * Ends the measurement and prints it.
   *
   * @param what was done {@code count} times, one word
   * @param more "name value" pairs that show that the work was done
   */
  void print(String what, long count, long tableBytesNow, String more) {
    long ns = THREADS.getCurrentThreadCpuTime() - cpuNs;
    long bytes = allocatedBytes() - allocated;
    long delivered = world.packetsDelivered() - packets;
    System.out.printf(
        Locale.ROOT,
        "RESULT %s/s %.1fk packets/s %.2fM events/s %.2fM us/each %.4f cpu %.2fs count %d"
            + " packets/each %.2f %s allocated %d tableGrowth %d tables %d digest %s%n",
        what,
        count * MILLION / ns,
        delivered * 1000.0 / ns,
        (world.events() - events) * 1000.0 / ns,
        ns / 1000.0 / count,
        ns / SECOND_NS,
        count,
        delivered / (double) count,
        more,
        bytes,
        tableBytesNow - tableBytes,
        tableBytesNow,
        RunDigest.toHex(world.digest()));
  }
}
