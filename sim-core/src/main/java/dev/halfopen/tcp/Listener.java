package dev.halfopen.tcp;

import java.util.Arrays;

/** A listening socket: SYN queue as counts, accept queue as a ring of connection rows. */
final class Listener {
  final int number;
  final int port;
  SocketOptions options;
  int optionsId;
  final int handle;

  /** min(backlog, somaxconn): both queues are full beyond it. */
  int backlog;

  /** Requests in SYN_RECV. */
  int requests;

  /** Those of them whose SYN-ACK was never repeated. */
  int young;

  /** SYN-ACK queue limit of kernels that have a fixed table, else the backlog. */
  int requestLimit;

  /** The walk of old kernels through the requests; not used by new ones. */
  final PruneClock prunes = new PruneClock();

  boolean closed;

  /** When the queue last overflowed, jiffies; cookies are believed only near it. */
  int overflowAt;

  boolean overflowed;

  int requestsPeak;
  long requestsPeakAtNs;
  int queuedPeak;
  long queuedPeakAtNs;

  private int[] ring = new int[16];
  private int head;
  private int size;

  Listener(int number, int port, SocketOptions options, int optionsId, int handle) {
    this.number = number;
    this.port = port;
    this.options = options;
    this.optionsId = optionsId;
    this.handle = handle;
  }

  int queued() {
    return size;
  }

  /** {@code sk_acceptq_is_full}. */
  boolean acceptQueueFull() {
    return size > backlog;
  }

  void push(int row, long nowNs) {
    if (size == ring.length) {
      int[] bigger = new int[size * 2];
      for (int i = 0; i < size; i++) {
        bigger[i] = ring[head + i & size - 1];
      }
      ring = bigger;
      head = 0;
    }
    ring[head + size & ring.length - 1] = row;
    if (++size > queuedPeak) {
      queuedPeak = size;
      queuedPeakAtNs = nowNs;
    }
  }

  /** The oldest row, -errno where it has ended in the queue, or 0 where the queue is empty. */
  int pop() {
    if (size == 0) {
      return 0;
    }
    int row = ring[head];
    head = head + 1 & ring.length - 1;
    size--;
    return row;
  }

  /**
   * A connection has ended before it was accepted: as in the kernel its place in the queue stays
   * taken until accept() gets there and learns why.
   */
  void markDead(int row, int errno) {
    int mask = ring.length - 1;
    for (int i = 0; i < size; i++) {
      if (ring[head + i & mask] == row) {
        ring[head + i & mask] = -errno;
        return;
      }
    }
  }

  @Override
  public String toString() {
    return "listener " + number + " port " + port + " " + Arrays.toString(ring);
  }
}
