package dev.halfopen.gate;

import com.sun.management.ThreadMXBean;
import dev.halfopen.engine.RunDigest;
import java.lang.management.ManagementFactory;

/**
 * Measures one load in this JVM and prints a {@link Sample}: {@code Measure LOAD SECONDS}, virtual
 * seconds after the warm-up, 0 for those of the short form. {@code -Dgate.plant=slow|allocation}
 * spoils the measurement on purpose, so that the gate can be seen to catch it.
 */
public final class Measure {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final double SECOND_NS = 1e9;

  /** A run is cut into so many calls, between which a planted fault has its turn. */
  private static final int STEPS = 100;

  private static final double PLANTED_SLOWDOWN = 0.15;
  private static final int PLANTED_BYTES = 1 << 16;

  /** Where planted garbage goes, so that it is not optimised away. */
  @SuppressWarnings("UnusedVariable")
  private static volatile byte[] garbage = {};

  private Measure() {}

  public static void main(String[] args) {
    GateLoad load = GateLoads.of(args[0]);
    double seconds = Double.parseDouble(args[1]);
    System.out.println(
        measure(args[0], load, load.warmSeconds(), seconds > 0 ? seconds : load.shortSeconds())
            .toLine());
  }

  /** Measures {@code seconds} of virtual time after the first {@code from}. */
  static Sample measure(String name, GateLoad load, double from, double seconds) {
    // Cut as the measurement is, so that whatever a call leaves behind is there already.
    for (int i = 1; i <= STEPS; i++) {
      run(load, from * i / STEPS);
    }
    long done = load.done();
    long events = load.world().events();
    long packets = load.world().packetsDelivered();
    long granted = load.grantedBytes();
    long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    long cpuNs = THREADS.getCurrentThreadCpuTime();
    String plant = System.getProperty("gate.plant", "");
    for (int i = 1; i <= STEPS; i++) {
      run(load, from + seconds * i / STEPS);
      plant(plant, cpuNs, i);
    }
    cpuNs = THREADS.getCurrentThreadCpuTime() - cpuNs;
    allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - allocated;
    return new Sample(
        name,
        seconds,
        cpuNs,
        load.done() - done,
        load.failed(),
        load.world().events() - events,
        load.world().packetsDelivered() - packets,
        allocated - (load.grantedBytes() - granted),
        RunDigest.toHex(load.world().digest()));
  }

  private static void run(GateLoad load, double untilSeconds) {
    load.world().run((long) (untilSeconds * SECOND_NS));
  }

  /** Spends, or allocates, what a spoilt revision would after step {@code i}. */
  private static void plant(String what, long startNs, int i) {
    if (what.equals("slow") && i == STEPS) {
      long spent = THREADS.getCurrentThreadCpuTime() - startNs;
      long until = startNs + spent + (long) (spent * PLANTED_SLOWDOWN);
      while (THREADS.getCurrentThreadCpuTime() < until) {
        Thread.onSpinWait();
      }
    } else if (what.equals("allocation")) {
      garbage = new byte[PLANTED_BYTES];
    }
  }
}
