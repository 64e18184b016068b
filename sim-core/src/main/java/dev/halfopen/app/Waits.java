package dev.halfopen.app;

import java.util.Arrays;

/**
 * What the requests at an application wait for when a run ends: other hosts, by address, or workers
 * and pooled connections of its own. Made once, at the end.
 */
public final class Waits {
  private int[] peers = new int[4];
  private long[] counts = new long[4 * Waiting.count()];
  private int size;
  private long queued;
  private long working;

  /** A request waits on a connection to that host, with so many timeouts in a row. */
  void on(int peer, boolean connecting, int timeouts) {
    Waiting connected = timeouts > 0 ? Waiting.ACKNOWLEDGEMENT : Waiting.RESPONSE;
    add(peer, connecting ? Waiting.CONNECT : connected, 1);
  }

  void add(int peer, Waiting kind, long requests) {
    int i = 0;
    while (i < size && peers[i] != peer) {
      i++;
    }
    if (i == peers.length) {
      peers = Arrays.copyOf(peers, 2 * i);
      counts = Arrays.copyOf(counts, 2 * i * Waiting.count());
    }
    size = Math.max(size, i + 1);
    peers[i] = peer;
    counts[i * Waiting.count() + kind.index()] += requests;
  }

  void queued(long requests) {
    queued += requests;
  }

  void working(long requests) {
    working += requests;
  }

  /** Requests that wait until a worker, or a connection of a pool that is full, is free. */
  public long queued() {
    return queued;
  }

  /** Requests that are being computed here: they wait for nobody. */
  public long working() {
    return working;
  }

  /** Hosts that requests wait for. */
  public int peers() {
    return size;
  }

  public int address(int peer) {
    return peers[peer];
  }

  /** Requests that wait for that host in this way. */
  public long count(int peer, Waiting kind) {
    return counts[peer * Waiting.count() + kind.index()];
  }
}
