package dev.halfopen.bench;

import com.sun.management.ThreadMXBean;
import dev.halfopen.engine.RunDigest;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * Churn as a main class, so that it can be run in turns with a peer: prints one line with the
 * thread CPU time per connection after the first TIME_WAITs have expired, and what else shows that
 * the work was done.
 *
 * <pre>
 * -Dn=1000000     TIME_WAITs to hold, which sets the rate unless -Drate gives it
 * -Drate=16666    connections per second
 * -Dclients=256   client machines
 * -Dsec=400       virtual seconds in all
 * -Dwarm=65       virtual seconds before the measurement
 * </pre>
 *
 * <p>At low rates it takes a longer warm-up: at 50 a second, 396,750 connections after the first
 * 3,250 took 9.9 us each, 800,000 after the first 400,000 took 6.3, when 1666 a second took 4.3
 * beside them. Most of what a sparse load seems to cost is code that is not compiled yet; the rest
 * is a bucket and a wheel slot opened for nearly every packet.
 */
public final class Churn {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final double TIME_WAIT_SECONDS = 60;
  private static final double SECOND_NS = 1e9;
  private static final double MILLION = 1e6;

  private Churn() {}

  public static void main(String[] args) {
    long timeWaits = Long.getLong("n", 1_000_000);
    long rate = Long.getLong("rate", Math.round(timeWaits / TIME_WAIT_SECONDS));
    double seconds = Double.parseDouble(System.getProperty("sec", "400"));
    double warm = Double.parseDouble(System.getProperty("warm", "65"));
    ChurnWorld churn = new ChurnWorld(rate, Integer.getInteger("clients", 256));
    churn.run(warm);

    long granted = churn.grantedBytes();
    long completed = churn.completed();
    long packets = churn.world().packetsDelivered();
    long events = churn.world().events();
    long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    long cpuNs = THREADS.getCurrentThreadCpuTime();
    churn.run(seconds);
    cpuNs = THREADS.getCurrentThreadCpuTime() - cpuNs;
    allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - allocated;
    completed = churn.completed() - completed;
    packets = churn.world().packetsDelivered() - packets;
    events = churn.world().events() - events;
    System.out.printf(
        Locale.ROOT,
        "RESULT conns/s %.1fk packets/s %.2fM events/s %.2fM us/conn %.3f cpu %.2fs conns %d"
            + " packets/conn %.2f timeWaits %d failed %d allocated %d tableGrowth %d tables %d"
            + " digest %s%n",
        completed * MILLION / cpuNs,
        packets * 1000.0 / cpuNs,
        events * 1000.0 / cpuNs,
        cpuNs / 1000.0 / completed,
        cpuNs / SECOND_NS,
        completed,
        packets / (double) completed,
        churn.timeWaits(),
        churn.failed(),
        allocated,
        churn.grantedBytes() - granted,
        churn.tableBytes(),
        RunDigest.toHex(churn.world().digest()));
  }
}
