package dev.halfopen.bench;

import com.sun.management.ThreadMXBean;
import dev.halfopen.engine.MemoryBudget;
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
  private final MemoryBudget budget;
  private long granted;
  private long packets;
  private long events;
  private long allocated;
  private long cpuNs;

  Measured(World world, MemoryBudget budget) {
    this.world = world;
    this.budget = budget;
    this.granted = budget.grantedBytes();
    this.packets = world.packetsDelivered();
    this.events = world.events();
    this.allocated = allocatedBytes();
    this.cpuNs = THREADS.getCurrentThreadCpuTime();
  }

  private static long allocatedBytes() {
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /**
   * Ends the measurement. Apart from {@link #print}, whose argument is put together before it is
   * called: the first string that a JVM puts together costs half a megabyte.
   */
  Measured stop() {
    cpuNs = THREADS.getCurrentThreadCpuTime() - cpuNs;
    allocated = allocatedBytes() - allocated;
    granted = budget.grantedBytes() - granted;
    packets = world.packetsDelivered() - packets;
    events = world.events() - events;
    return this;
  }

  /**
   * Prints what was measured.
   *
   * @param what was done {@code count} times, one word
   * @param more "name value" pairs that show that the work was done
   */
  void print(String what, long count, String more) {
    System.out.printf(
        Locale.ROOT,
        "RESULT %s/s %.1fk packets/s %.2fM events/s %.2fM us/each %.4f cpu %.2fs count %d"
            + " packets/each %.2f %s allocated %d tableGrowth %d tables %d digest %s%n",
        what,
        count * MILLION / cpuNs,
        packets * 1000.0 / cpuNs,
        events * 1000.0 / cpuNs,
        cpuNs / 1000.0 / count,
        cpuNs / SECOND_NS,
        count,
        packets / (double) count,
        more,
        allocated,
        granted,
        budget.usedBytes(),
        RunDigest.toHex(world.digest()));
  }
}
