package dev.halfopen.bench;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.RandomStreams;
import dev.halfopen.engine.TimerWheel;
import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A timer expires, another one is added up to {@code delayMs} later, at a constant number of them.
 * The loser, Agrona's wheel, stays beside the winner. Measured side by side on a crowded machine it
 * took more than 20 times as long.
 */
public class TimerWheelBench extends Settings {
  private static final int TIMERS = 100_000;

  @Param({"1000000"})
  int pending;

  /** 1 s: retransmission timeouts; 60 s: TIME_WAIT and the like, which wait in a higher level. */
  @Param({"1000", "60000"})
  int delayMs;

  private long n;

  private int nextSlots() {
    return 1 + RandomStreams.below(RandomStreams.mix(n++), delayMs);
  }

  /** The lazy wheel with entries in it. */
  @State(Scope.Thread)
  public static class Lazy {
    private final TimerWheel wheel = new TimerWheel(MemoryBudget.unlimited());

    @Setup
    public void fill(TimerWheelBench bench) {
      for (int i = 0; i < bench.pending; i++) {
        wheel.add(bench.nextSlots(), i);
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(TIMERS)
  public long timerWheel(Lazy lazy) {
    TimerWheel wheel = lazy.wheel;
    long sum = 0;
    for (int i = 0; i < TIMERS; ) {
      if (!wheel.next()) {
        wheel.open(wheel.nextSlot());
        continue;
      }
      i++;
      sum += wheel.id();
      wheel.add(wheel.currentSlot() + nextSlots(), wheel.id());
    }
    return sum;
  }

  /** Agrona's wheel with timers in it. */
  @State(Scope.Thread)
  public static class Deadlines {
    private final DeadlineTimerWheel wheel =
        new DeadlineTimerWheel(TimeUnit.NANOSECONDS, 0, 1 << TimerWheel.SLOT_SHIFT, 1024, 1024);
    private final DeadlineTimerWheel.TimerHandler handler = this::expired;
    private TimerWheelBench bench;
    private long sum;

    @Setup
    public void fill(TimerWheelBench benchmark) {
      bench = benchmark;
      for (int i = 0; i < bench.pending; i++) {
        wheel.scheduleTimer((long) bench.nextSlots() << TimerWheel.SLOT_SHIFT);
      }
    }

    private boolean expired(TimeUnit unit, long nowNs, long timer) {
      sum += timer;
      wheel.scheduleTimer(nowNs + ((long) bench.nextSlots() << TimerWheel.SLOT_SHIFT));
      return true;
    }
  }

  @Benchmark
  @OperationsPerInvocation(TIMERS)
  public long agrona(Deadlines deadlines) {
    DeadlineTimerWheel wheel = deadlines.wheel;
    for (int i = 0; i < TIMERS; ) {
      i += wheel.poll(wheel.currentTickTime(), deadlines.handler, TIMERS - i);
    }
    return deadlines.sum;
  }
}
