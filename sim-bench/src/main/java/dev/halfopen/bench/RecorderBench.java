package dev.halfopen.bench;

import dev.halfopen.metrics.LatencyRecorder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** A latency is recorded; the interval never ends, for its end writes a line. */
public class RecorderBench extends Settings {
  private static final int VALUES = 1000;
  private static final long STEP_NS = 1_000;
  private static final long SPREAD_NS = 7_919_000;
  private static final long MOST_NS = 2_000_000_000L;

  private final LatencyRecorder recorder = new LatencyRecorder("bench", Long.MAX_VALUE);
  private long nowNs;
  private long valueNs;

  @Benchmark
  @OperationsPerInvocation(VALUES)
  public long record() {
    for (int i = 0; i < VALUES; i++) {
      nowNs += STEP_NS;
      valueNs = valueNs > MOST_NS ? STEP_NS : valueNs + SPREAD_NS;
      recorder.record(nowNs, valueNs);
    }
    return recorder.overflows();
  }
}
