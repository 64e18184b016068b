package dev.halfopen.net;

import org.jspecify.annotations.Nullable;

/**
 * One direction of a wire between two hosts: a rate, a constant delay and a limit of queued bytes.
 * First in, first out, so it needs no transmit event: departure = max(now, busyUntil) + size /
 * rate, arrival = departure + delay.
 */
public final class Link {
  /** Ethernet on the wire around an IP packet: preamble 8, header 14, FCS 4, inter-frame gap 12. */
  public static final int FRAME_BYTES = 38;

  /** An Ethernet frame is padded to 64 bytes: 14,880,952 of them fit 10 Gbit/s. */
  public static final int LEAST_IP_BYTES = 46;

  private static final int PS_PER_NS = 1000;

  /** Returned by {@link #enqueue} when the queue is full. */
  public static final long DROPPED = -1;

  /** So that {@link #impairments} is inlined where there are none: see {@link Host}. */
  @SuppressWarnings("unused")
  private static final Class<?>[] LOADED = {Impairments.class};

  private final long delayNs;
  private final long psPerByte;
  private final long queueLimitPs;

  /** End of the last transmission, in ps: a long of them is 106 days. */
  private long busyUntilPs;

  private long packets;
  private long bytes;
  private long drops;
  private @Nullable Impairments impairments;

  /**
   * An idle link.
   *
   * @param bitsPerSecond the rate; 0 for an infinitely fast link
   * @param delayNs one-way delay, at least 0
   * @param queueLimitBytes bytes that may wait, not counting the packet in transmission; 0: no
   *     limit
   */
  public Link(long bitsPerSecond, long delayNs, long queueLimitBytes) {
    this.delayNs = delayNs;
    this.psPerByte = bitsPerSecond == 0 ? 0 : 8_000_000_000_000L / bitsPerSecond;
    this.queueLimitPs =
        queueLimitBytes == 0 || bitsPerSecond == 0
            ? Long.MAX_VALUE
            : (queueLimitBytes * psPerByte / PS_PER_NS + 1) * PS_PER_NS;
  }

  /**
   * Takes an IP packet of {@code ipBytes}.
   *
   * @return the instant of its arrival, at least 1 ns ahead, or {@link #DROPPED}
   */
  public long enqueue(long nowNs, int ipBytes) {
    long nowPs = nowNs * PS_PER_NS;
    long waitPs = busyUntilPs - nowPs;
    if (waitPs >= queueLimitPs) {
      drops++;
      return DROPPED;
    }
    packets++;
    bytes += ipBytes;
    // Only whole nanoseconds are waited for.
    long startPs = waitPs >= PS_PER_NS ? busyUntilPs : nowPs;
    long departurePs = startPs + frameBytes(ipBytes) * psPerByte;
    busyUntilPs = departurePs;
    return Math.max(nowNs + 1, wholeNs(departurePs) + delayNs);
  }

  /** Of an instant, which is not negative: said by the shift, it saves the division its sign. */
  private static long wholeNs(long ps) {
    return (ps >>> 3) / (PS_PER_NS >>> 3);
  }

  private static int frameBytes(int ipBytes) {
    return Math.max(ipBytes, LEAST_IP_BYTES) + FRAME_BYTES;
  }

  /** What goes wrong on this link, or null. */
  public @Nullable Impairments impairments() {
    return impairments;
  }

  public void impairments(Impairments what) {
    impairments = what;
  }

  public long delayNs() {
    return delayNs;
  }

  public long packets() {
    return packets;
  }

  public long bytes() {
    return bytes;
  }

  public long drops() {
    return drops;
  }
}
