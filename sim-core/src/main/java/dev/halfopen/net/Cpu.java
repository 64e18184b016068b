package dev.halfopen.net;

import dev.halfopen.engine.EventQueue;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.RandomStreams;
import dev.halfopen.metrics.Gauge;

/**
 * The way of arriving packets through a network card and the cores of a host: a packet goes to the
 * receive queue that its connection hashes to, waits in its ring for the core, and is dropped where
 * the ring is full. A core works on one packet at a time; what one costs shows when it is done.
 */
public final class Cpu {
  /** Returned by {@link #arrives}: the core is idle, the packet is its now. */
  public static final int AT_ONCE = -1;

  /** It waits behind others. */
  public static final int WAITS = -2;

  public static final int DROPPED = -3;

  private static final int WORDS = EventQueue.WORDS;

  private final CpuConfig config;
  private final int lanes;
  private final int slots;
  private final long[] ring;
  private final int[] first;
  private final int[] size;
  private final long[] busyUntilNs;
  private final Gauge waiting;
  private long busyNs;

  /** Idle cores with empty rings. */
  public Cpu(CpuConfig config, MemoryBudget budget) {
    if (config.cores < 1 || config.queues < 1 || config.ring < 1) {
      throw new IllegalArgumentException(
          config.cores + " cores, " + config.queues + " queues, rings of " + config.ring);
    }
    this.config = config;
    lanes = Math.min(config.cores, config.queues);
    slots = Math.multiplyExact(config.ring, config.queues) / lanes;
    budget.reserve("rings", MemoryBudget.arrayBytes((long) lanes * slots * WORDS, Long.BYTES));
    ring = new long[Math.multiplyExact(lanes * slots, WORDS)];
    first = new int[lanes];
    size = new int[lanes];
    busyUntilNs = new long[lanes];
    waiting = new Gauge(lanes * slots);
  }

  /** Packets that wait in the rings; a refusal is one that found its ring full. */
  public Gauge waiting() {
    return waiting;
  }

  /** Time that cores have worked, ns, all together. */
  public long busyNs() {
    return busyNs;
  }

  /** Cores that receive packets. */
  public int lanes() {
    return lanes;
  }

  /** Receive side scaling: the queue's core, by a hash of the connection. */
  public int laneOf(long[] words, int at) {
    long hash = RandomStreams.mix(words[at + 1] ^ RandomStreams.mix(words[at + 2] >>> 32));
    return (int) ((hash >>> 32) * lanes >>> 32);
  }

  /**
   * A packet comes to a lane.
   *
   * @return AT_ONCE, WAITS, DROPPED, or the packets before it, 0, where it is the first that waits:
   *     the lane then wants to be called at {@link #freeAtNs}
   */
  public int arrives(long nowNs, int lane, long[] words, int at) {
    if (size[lane] == 0 && busyUntilNs[lane] <= nowNs) {
      return AT_ONCE;
    }
    if (size[lane] == slots) {
      waiting.refuse(nowNs);
      return DROPPED;
    }
    int slot = (first[lane] + size[lane]) % slots;
    System.arraycopy(words, at, ring, (lane * slots + slot) * WORDS, WORDS);
    waiting.up(nowNs);
    return size[lane]++ == 0 ? 0 : WAITS;
  }

  /** The first waiting packet of a lane, taken off its ring. */
  public void take(int lane, long[] words) {
    System.arraycopy(ring, (lane * slots + first[lane]) * WORDS, words, 0, WORDS);
    first[lane] = (first[lane] + 1) % slots;
    size[lane]--;
    waiting.down();
  }

  /** The lane has worked on a packet since {@code nowNs}. */
  public void worked(long nowNs, int lane, boolean syn, boolean cookie) {
    long ns = cookie ? config.perCookieNs : syn ? config.perSynNs : config.perPacketNs;
    busyUntilNs[lane] = nowNs + ns;
    busyNs += ns;
  }

  /** Whether packets wait in a lane. */
  public boolean hasWaiting(int lane) {
    return size[lane] > 0;
  }

  /** When a lane's core is done with what it works on. */
  public long freeAtNs(int lane) {
    return busyUntilNs[lane];
  }
}
