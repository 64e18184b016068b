package dev.halfopen.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * A whole world: clients open, use and close connections (ten packets each) and keep a TIME_WAIT of
 * each for a minute. The figure is per connection.
 */
public class ChurnBench extends Settings {
  private static final int CONNECTIONS = 10_000;

  /** Until TIME_WAITs have come and gone once and all tables have the size that they need. */
  private static final double WARM_SECONDS = 130;

  /**
   * Connections per second of one machine: so few that its ports are never crowded, which would
   * have it make a pool of them in the middle of a measurement.
   */
  private static final int PER_MACHINE = 16;

  @Param({"1000000"})
  int timeWaits;

  private ChurnWorld churn;
  private double seconds;
  private double step;

  @Setup
  public void warmUp() {
    long perSecond = Math.max(1, timeWaits / 60);
    churn = new ChurnWorld(perSecond, Math.max(4, (int) perSecond / PER_MACHINE));
    seconds = WARM_SECONDS;
    churn.run(seconds);
    step = (double) CONNECTIONS / perSecond;
  }

  @Benchmark
  @OperationsPerInvocation(CONNECTIONS)
  public long connections() {
    seconds += step;
    churn.run(seconds);
    return churn.completed();
  }
}
