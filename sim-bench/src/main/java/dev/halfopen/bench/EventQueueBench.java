package dev.halfopen.bench;

import dev.halfopen.engine.EventQueue;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.Order;
import dev.halfopen.engine.RandomStreams;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The hold model: read an event, append another one up to {@code delayUs} later, at a constant
 * number of pending events. The loser, java.util.PriorityQueue, stays beside the winner; its events
 * are recycled and have one word of payload, so that it pays for the heap only. Measured side by
 * side on a crowded machine it took 12 times as long at a million pending, 7 at ten thousand.
 */
@Measurement(iterations = 5, time = 2)
public class EventQueueBench extends Settings {
  private static final int EVENTS = 100_000;

  /** What is pending and how far ahead the next event lies. */
  @State(Scope.Thread)
  public abstract static class Load {
    @Param({"1000000", "10000"})
    int pending;

    @Param({"20000"})
    int delayUs;

    private int delayNs;
    private long n;

    abstract void append(long timeNs, long emission);

    final void fill() {
      delayNs = delayUs * 1000;
      for (int i = 0; i < pending; i++) {
        appendAfter(0);
      }
    }

    final void appendAfter(long nowNs) {
      long bits = RandomStreams.mix(n++);
      append(nowNs + 1 + RandomStreams.below(bits, delayNs), n);
    }
  }

  /** The calendar queue with events in it. */
  @State(Scope.Thread)
  public static class Calendar extends Load {
    private final EventQueue queue = new EventQueue(MemoryBudget.unlimited());
    private boolean open;

    @Setup
    public void setUp() {
      fill();
      // The width is chosen by what has passed.
      for (int i = 0; i < 5 * pending; i += EVENTS) {
        hold();
      }
    }

    @Override
    void append(long timeNs, long emission) {
      long[] words = queue.append(timeNs, Order.of(Order.PACKET, 1, emission));
      int at = queue.base();
      for (int w = 1; w < EventQueue.WORDS; w++) {
        words[at + w] = timeNs;
      }
    }

    long hold() {
      long sum = 0;
      for (int i = 0; i < EVENTS; ) {
        if (!open) {
          queue.open(queue.nextBucketNs());
          open = true;
        }
        while (i < EVENTS && queue.next()) {
          i++;
          sum += queue.array()[queue.index() + 3];
          appendAfter(queue.timeNs());
        }
        if (!queue.hasNext()) {
          queue.close();
          open = false;
        }
      }
      return sum;
    }
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long eventQueue(Calendar calendar) {
    return calendar.hold();
  }

  /** An event as an object. */
  private static final class Event {
    long timeNs;
    long order;
    long payload;
  }

  /** The heap with events in it. */
  @State(Scope.Thread)
  public static class Heap extends Load {
    private final PriorityQueue<Event> queue =
        new PriorityQueue<>(
            Comparator.<Event>comparingLong(event -> event.timeNs)
                .thenComparingLong(event -> event.order));

    private Event spare = new Event();

    @Setup
    public void setUp() {
      fill();
    }

    @Override
    void append(long timeNs, long emission) {
      Event event = spare == null ? new Event() : spare;
      spare = null;
      event.timeNs = timeNs;
      event.order = Order.of(Order.PACKET, 1, emission);
      event.payload = timeNs;
      queue.add(event);
    }

    long hold() {
      long sum = 0;
      for (int i = 0; i < EVENTS; i++) {
        Event event = queue.remove();
        sum += event.payload;
        spare = event;
        appendAfter(event.timeNs);
      }
      return sum;
    }
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long priorityQueue(Heap heap) {
    return heap.hold();
  }
}
