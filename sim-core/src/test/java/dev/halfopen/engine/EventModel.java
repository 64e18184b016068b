package dev.halfopen.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * An {@link EventQueue} beside a java.util.PriorityQueue that is given the same events: each event
 * that is read must be the model's next one, with the words it was given.
 */
final class EventModel {
  private record Event(long timeNs, long order) {}

  private final PriorityQueue<Event> model =
      new PriorityQueue<>(Comparator.comparingLong(Event::timeNs).thenComparing(Event::order));

  final EventQueue queue;
  private final String name;
  private long nowNs;
  private long emissions;

  EventModel(String name) {
    this(name, new EventQueue(MemoryBudget.unlimited()));
  }

  EventModel(String name, EventQueue queue) {
    this.name = name;
    this.queue = queue;
  }

  long nowNs() {
    return nowNs;
  }

  int pending() {
    return model.size();
  }

  /** An event of the given node, with the next emission number of all. */
  void append(long timeNs, int node) {
    long order = Order.of(Order.PACKET, node, emissions++);
    long[] words = queue.append(timeNs, order);
    int at = queue.base();
    for (int w = 1; w < EventQueue.WORDS; w++) {
      words[at + w] = RandomStreams.mix(order + w);
    }
    model.add(new Event(timeNs, order));
  }

  void open() {
    Event first = model.peek();
    long startNs = first == null ? Long.MAX_VALUE : first.timeNs >>> queue.width() << queue.width();
    assertThat(queue.nextBucketNs()).as("%s: next bucket after %d", name, nowNs).isEqualTo(startNs);
    queue.open(startNs);
    assertThat(queue.bucketEndNs()).as(name).isEqualTo(startNs + (1L << queue.width()));
  }

  /** Reads one event of the open bucket; false at its end, when the bucket has been closed. */
  boolean next() {
    Event first = model.peek();
    boolean expected = first != null && first.timeNs < queue.bucketEndNs();
    assertThat(queue.hasNext()).as("%s: another event after %d", name, nowNs).isEqualTo(expected);
    if (!expected) {
      assertThat(queue.next()).as(name).isFalse();
      queue.close();
      return false;
    }
    assertThat(queue.nextTimeNs()).as(name).isEqualTo(first.timeNs);
    assertThat(queue.next()).as(name).isTrue();
    model.remove();
    nowNs = first.timeNs;
    check(first);
    return true;
  }

  private void check(Event first) {
    long[] words = queue.array();
    int at = queue.index();
    assertThat(queue.timeNs()).as("%s: instant", name).isEqualTo(first.timeNs);
    assertThat(words[at]).as("%s: order at %d", name, nowNs).isEqualTo(first.order);
    for (int w = 1; w < EventQueue.WORDS; w++) {
      assertThat(words[at + w])
          .as("%s: word %d at %d", name, w, nowNs)
          .isEqualTo(RandomStreams.mix(first.order + w));
    }
    assertThat(queue.pending()).as(name).isEqualTo(model.size());
  }

  /** Reads everything. */
  void drain() {
    while (!model.isEmpty()) {
      open();
      boolean more = true;
      while (more) {
        more = next();
      }
    }
    assertThat(queue.nextBucketNs()).as(name).isEqualTo(Long.MAX_VALUE);
    assertThat(queue.pending()).as(name).isZero();
  }
}
