package dev.halfopen.net.capture;

import dev.halfopen.net.Host;
import dev.halfopen.net.Segment;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Copies what passes the interfaces of a shard's hosts, as {@code packet_rcv} sees it: what leaves,
 * after the connection tracking and before the link may lose it; what arrives, after the card's
 * ring and before the connection tracking. All it does is to put a record of a fixed size into a
 * ring; a thread of the {@link Capture} does the rest. Called by one thread at a time.
 */
public final class Tap {
  /** Words of a record: the instant, what it is, words 1 to 5 of {@link Segment}. */
  static final int WORDS = 7;

  /** Where a record has what it is: the host 32 | one of these. */
  static final int WHAT = 1;

  static final int IN = 1;
  static final int OUT = 2;

  /** An ICMP error came in; the side record has its code, the words what caused it. */
  static final int ICMP_IN = 3;

  /** The writer needs about so long for a few hundred packets. */
  private static final long WAIT_NS = 50_000;

  /** With its header of 8 bytes a record takes 64 of them, a cache line. */
  private static final int RECORD_BYTES = WORDS * Long.BYTES;

  /** 16,384 records: some ms of the fastest runs. */
  private static final int RING_BYTES = 1 << 20;

  private static final int MESSAGE = 1;

  private final Capture capture;
  private final OneToOneRingBuffer ring =
      new OneToOneRingBuffer(
          new UnsafeBuffer(
              ByteBuffer.allocateDirect(RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
  private final long[] leaving = new long[1 + 5];

  Tap(Capture capture) {
    this.capture = capture;
  }

  OneToOneRingBuffer ring() {
    return ring;
  }

  /** A host hands a segment or a datagram to its link. */
  public void sent(long nowNs, Host from, Segment segment) {
    if (!capture.hasEnded()) {
      segment.write(leaving, 0);
      add(nowNs, from.id(), OUT, leaving, 0);
    }
  }

  /** A packet in the queue, of which {@code at} is the order word, has come to a host. */
  public void arrived(long nowNs, int host, long[] words, int at) {
    if (!capture.hasEnded()) {
      add(nowNs, host, IN, words, at);
    }
  }

  /** An ICMP error has come to a host: the header that caused it, its code in the side record. */
  public void refused(long nowNs, int host, long[] words, int at) {
    if (!capture.hasEnded()) {
      add(nowNs, host, ICMP_IN, words, at);
    }
  }

  private void add(long nowNs, int host, int what, long[] words, int at) {
    int index = ring.tryClaim(MESSAGE, RECORD_BYTES);
    if (index <= 0) {
      index = waitForRoom();
      if (index <= 0) {
        return;
      }
    }
    AtomicBuffer buffer = ring.buffer();
    buffer.putLong(index, nowNs);
    buffer.putLong(index + 8, (long) host << 32 | what);
    buffer.putLong(index + 16, words[at + 1]);
    buffer.putLong(index + 24, words[at + 2]);
    buffer.putLong(index + 32, words[at + 3]);
    buffer.putLong(index + 40, words[at + 4]);
    buffer.putLong(index + 48, words[at + 5]);
    ring.commit(index);
  }

  /** Nothing is left out: the simulation waits for the disk. Not positive once nobody reads. */
  private int waitForRoom() {
    int index;
    do {
      LockSupport.parkNanos(WAIT_NS);
      index = ring.tryClaim(MESSAGE, RECORD_BYTES);
    } while (index <= 0 && !capture.hasEnded());
    return index;
  }
}
