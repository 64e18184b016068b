package dev.halfopen.world;

import dev.halfopen.app.SynFlood;
import dev.halfopen.engine.EventQueue;
import dev.halfopen.net.AddressTable;
import dev.halfopen.net.Host;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lets floods pass by the queue: of each, only the next SYN is an event. Once that is due, those
 * that follow it are dispatched one by one for as long as nothing else in the queue comes before
 * them; then the next one goes into the queue. They enter the total order as if all of them had
 * been queued: docs/decisions/0010-floods.md.
 */
final class FloodLanes {
  private final EventQueue queue;
  private final Intake intake;
  private final AddressTable addresses;
  private final ReadyRing ready;
  private @Nullable SynFlood[] floods = new SynFlood[0];

  /** The SYN that is being dispatched. */
  private final long[] words = new long[EventQueue.WORDS];

  private long syns;

  FloodLanes(EventQueue queue, Intake intake, AddressTable addresses, ReadyRing ready) {
    this.queue = queue;
    this.intake = intake;
    this.addresses = addresses;
    this.ready = ready;
  }

  /** Its first SYN is queued at once. */
  void add(Host node, SynFlood flood) {
    if (node.id() >= floods.length) {
      floods = Arrays.copyOf(floods, node.id() + 1);
    }
    floods[node.id()] = flood;
    if (flood.advance()) {
      enqueue(flood);
    }
  }

  private void enqueue(SynFlood flood) {
    queue.append(flood.arrivalNs(), flood.order());
  }

  /**
   * Dispatches the SYN that is due and those behind it that come before everything else, up to and
   * including {@code untilNs}. Stops where an application must be told something.
   *
   * @return the instant of the last one
   */
  long pass(int node, long untilNs) {
    SynFlood flood = floods[node];
    assert flood != null : "no flood at node " + node;
    long endNs = Math.min(untilNs, queue.bucketEndNs() - 1);
    long nowNs;
    do {
      nowNs = flood.arrivalNs();
      deliver(nowNs, flood);
      if (!flood.advance()) {
        return nowNs;
      }
    } while (flood.arrivalNs() <= endNs && isNext(flood.arrivalNs()) && ready.size() == 0);
    enqueue(flood);
    return nowNs;
  }

  /** At one instant a flood comes last; which of two floods is first the queue decides. */
  private boolean isNext(long arrivalNs) {
    return !queue.hasNext() || arrivalNs < queue.nextTimeNs();
  }

  private void deliver(long nowNs, SynFlood flood) {
    flood.write(words, 0);
    intake.arrives(nowNs, addresses.hostOf((int) words[1]), words, 0);
    syns++;
  }

  /** SYNs dispatched. */
  long syns() {
    return syns;
  }

  /** SYNs that left their source, those on their way and those lost included. */
  long sent() {
    long n = 0;
    for (SynFlood f : floods) {
      n += f == null ? 0 : f.sent();
    }
    return n;
  }

  /** SYNs that a flood's own link had no room for. */
  long dropped() {
    long n = 0;
    for (SynFlood f : floods) {
      n += f == null ? 0 : f.dropped();
    }
    return n;
  }
}
