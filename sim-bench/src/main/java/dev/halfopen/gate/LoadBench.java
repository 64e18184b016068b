package dev.halfopen.gate;

import dev.halfopen.bench.Settings;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The gate's loads as benchmarks: a tenth of a virtual second of each, in us. */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LoadBench extends Settings {
  private static final double STEP_SECONDS = 0.1;
  private static final double SECOND_NS = 1e9;

  @Param({"churn", "requests", "flood", "bulk"})
  String load;

  private GateLoad running;
  private double seconds;

  @Setup
  public void warmUp() {
    running = GateLoads.of(load);
    seconds = running.warmSeconds();
    running.world().run((long) (seconds * SECOND_NS));
  }

  @Benchmark
  public long step() {
    seconds += STEP_SECONDS;
    running.world().run((long) (seconds * SECOND_NS));
    return running.done();
  }
}
