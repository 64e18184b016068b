package dev.halfopen.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;

class LatencyRecorderTest {
  private static final long MS = 1_000_000;
  private static final long S = 1_000 * MS;
  private static final long HOUR = 3600 * S;

  private static List<Histogram> read(String hlogLines) {
    List<Histogram> intervals = new ArrayList<>();
    byte[] bytes = hlogLines.getBytes(StandardCharsets.UTF_8);
    try (HistogramLogReader reader = new HistogramLogReader(new ByteArrayInputStream(bytes))) {
      while (reader.hasNext()) {
        intervals.add((Histogram) reader.nextIntervalHistogram());
      }
    }
    return intervals;
  }

  @Test
  void cutsIntervalsOfVirtualTimeAndSkipsEmptyOnes() {
    LatencyRecorder recorder = new LatencyRecorder("request", 10 * S);
    recorder.record(S, 3 * MS);
    recorder.record(10 * S - 1, 4 * MS);
    recorder.record(10 * S, 5 * MS);
    recorder.record(35 * S, 6 * MS);
    recorder.finish(36 * S);
    List<Histogram> intervals = read(recorder.hlogLines());
    assertThat(intervals).extracting(Histogram::getTag).containsOnly("request");
    assertThat(intervals).extracting(Histogram::getTotalCount).containsExactly(2L, 1L, 1L);
    assertThat(recorder.hlogLines().lines())
        .extracting(line -> line.substring(0, line.indexOf(",HIST")))
        .containsExactly(
            "Tag=request,0.000,10.000,4.002",
            "Tag=request,10.000,10.000,5.001",
            "Tag=request,30.000,6.000,6.001");
  }

  @Test
  void totalsAllIntervalsTheOneAtHandIncluded() {
    LatencyRecorder recorder = new LatencyRecorder("request", S);
    for (int i = 0; i < 100; i++) {
      recorder.record(i * 100L * MS, i * MS);
      assertThat(recorder.total().getTotalCount()).isEqualTo(i + 1);
    }
    recorder.finish(10 * S);
    recorder.finish(10 * S);
    assertThat(recorder.total().getTotalCount()).isEqualTo(100);
    assertThat(recorder.total().getMaxValue()).isBetween(99 * MS, 99 * MS + 100_000);
    assertThat(read(recorder.hlogLines())).hasSize(10);
  }

  @Test
  void clampsWhatLastsLongerThanAnHour() {
    LatencyRecorder recorder = new LatencyRecorder("request", S);
    recorder.record(0, HOUR);
    recorder.record(0, HOUR + 1);
    recorder.record(0, Long.MAX_VALUE);
    assertThat(recorder.overflows()).isEqualTo(2);
    assertThat(recorder.total().getCountAtValue(HOUR)).isEqualTo(3);
  }

  @Test
  void writesTheSameBytesForTheSameValues() {
    assertThat(sampleLines()).isEqualTo(sampleLines());
  }

  private static String sampleLines() {
    LatencyRecorder recorder = new LatencyRecorder("connect", S);
    for (int i = 0; i < 10_000; i++) {
      recorder.record(i * MS, (i * 7919L) % 1000 * MS);
    }
    recorder.finish(10 * S);
    return recorder.hlogLines();
  }

  @Test
  void recordingAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    LatencyRecorder recorder = new LatencyRecorder("request", Long.MAX_VALUE);
    for (int i = 0; i < 100_000; i++) {
      recorder.record(i, i * 1000L);
    }
    // The virtual machine itself may allocate when it recompiles: the least of several rounds
    // counts.
    long least = Long.MAX_VALUE;
    for (int round = 1; round <= 5; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int i = round * 100_000; i < (round + 1) * 100_000; i++) {
        recorder.record(i, i * 1000L);
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
    }
    assertThat(least).isZero();
  }
}
