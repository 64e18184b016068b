package dev.halfopen.bench;

import dev.halfopen.net.Link;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/** A packet enters a link: with room, and with a queue that is full half of the time. */
public class LinkBench extends Settings {
  private static final int PACKETS = 1000;
  private static final int IP_BYTES = 1500;
  private static final long BITS_PER_SECOND = 10_000_000_000L;
  private static final long DELAY_NS = 1_000_000;
  private static final long QUEUE_BYTES = 100_000;

  /** A packet of 1500 bytes takes 1230 ns. */
  @Param({"1300", "615"})
  long gapNs;

  private final Link link = new Link(BITS_PER_SECOND, DELAY_NS, QUEUE_BYTES);
  private long nowNs;

  @Benchmark
  @OperationsPerInvocation(PACKETS)
  public long enqueue() {
    long arrivals = 0;
    for (int i = 0; i < PACKETS; i++) {
      nowNs += gapNs;
      arrivals += link.enqueue(nowNs, IP_BYTES);
    }
    return arrivals;
  }
}
