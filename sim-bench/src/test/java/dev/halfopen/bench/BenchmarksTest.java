package dev.halfopen.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.engine.RunDigest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark once, tiny and in this JVM: their figures mean nothing, but they do not rot. */
class BenchmarksTest {
  @BeforeAll
  static void allowsOtherBenchmarksBeside() {
    System.setProperty("jmh.ignoreLock", "true");
  }

  @Test
  void everyBenchmarkRuns() throws RunnerException {
    List<String> ran = new ArrayList<>();
    for (RunResult r :
        new Runner(
                new OptionsBuilder()
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(1))
                    .param("timeWaits", "2000")
                    .param("entries", "2000")
                    .param("connections", "10")
                    .param("established", "10")
                    .param("ports", "1000")
                    .param("pending", "1000")
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run()) {
      assertThat(r.getPrimaryResult().getScore()).as(r.getParams().getBenchmark()).isPositive();
      ran.add(r.getParams().getBenchmark());
    }
    assertThat(ran)
        .anyMatch(b -> b.endsWith("ChurnBench.connections"))
        .anyMatch(b -> b.endsWith("DemuxBench.find"))
        .anyMatch(b -> b.endsWith("HandshakeBench.handshakes"))
        .anyMatch(b -> b.endsWith("LinkBench.enqueue"))
        .anyMatch(b -> b.endsWith("LoadBench.step"))
        .anyMatch(b -> b.endsWith("RecorderBench.record"))
        .anyMatch(b -> b.endsWith("SynCookieBench.syns"))
        .anyMatch(b -> b.endsWith("PortChoiceBench.failingConnect"))
        .anyMatch(b -> b.endsWith("SegmentInputBench.segments"))
        .anyMatch(b -> b.endsWith("TimeWaitBench.enterAndExpire"));
  }

  @Test
  void theChurnWorldDoesItsWork() {
    ChurnWorld churn = new ChurnWorld(100, 4);
    churn.run(70);
    assertThat(churn.failed()).isZero();
    assertThat(churn.completed()).isBetween(6_990L, 7_000L);
    assertThat(churn.world().packetsDelivered()).isBetween(69_900L, 70_010L);
    assertThat(churn.timeWaits()).isBetween(6_000, 6_400);
    ChurnWorld again = new ChurnWorld(100, 4);
    for (int second = 1; second <= 70; second++) {
      again.run(second);
    }
    String digest = RunDigest.toHex(churn.world().digest());
    System.out.println("digest of churn at 100/s for 70 s: " + digest);
    assertThat(RunDigest.toHex(again.world().digest())).isEqualTo(digest);
  }
}
