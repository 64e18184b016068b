package dev.halfopen.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole world: clients open, use and close connections (ten packets each) and keep a TIME_WAIT of
 * each for a minute. The figure is per connection.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 10)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
      "-Xms2g",
      "-Xmx2g",
      "-Xmn32m",
      "-XX:+UseParallelGC",
      "-XX:+UseTransparentHugePages",
      "-XX:ObjectAlignmentInBytes=64"
    })
public class ChurnBench {
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
