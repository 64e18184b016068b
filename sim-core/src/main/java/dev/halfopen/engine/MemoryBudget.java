package dev.halfopen.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes that all tables of a world may take together, with a bill per kind of table. Whoever
 * allocates an array that grows with the run asks here first. Shards share one budget; it is asked
 * only when something grows.
 */
public final class MemoryBudget {
  private static final int ARRAY_HEADER_BYTES = 16;
  private static final int OBJECT_ALIGNMENT_BYTES = 8;

  private final long limitBytes;
  private final List<String> names = new ArrayList<>();
  private long[] bytes = new long[64];
  private long usedBytes;
  private long peakBytes;
  private long grantedBytes;

  public MemoryBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  public static MemoryBudget unlimited() {
    return new MemoryBudget(Long.MAX_VALUE);
  }

  /** What an array takes on the heap, header and padding included. */
  public static long arrayBytes(long length, int elementBytes) {
    long raw = ARRAY_HEADER_BYTES + length * elementBytes;
    return raw + OBJECT_ALIGNMENT_BYTES - 1 & -OBJECT_ALIGNMENT_BYTES;
  }

  /**
   * Grants {@code more} bytes to a kind of table; called before they are allocated.
   *
   * @throws MemoryRefused if the limit would be exceeded; nothing is changed then
   */
  public synchronized void reserve(String what, long more) {
    if (more > limitBytes - usedBytes) {
      throw new MemoryRefused(what, usedBytes + more, limitBytes);
    }
    usedBytes += more;
    grantedBytes += more;
    peakBytes = Math.max(peakBytes, usedBytes);
    bytes[kindOf(what)] += more;
  }

  /** Takes back what was reserved for an array that has been replaced. */
  public synchronized void release(String what, long less) {
    int kind = kindOf(what);
    assert bytes[kind] >= less : what + " gives back more than it took";
    usedBytes -= less;
    bytes[kind] -= less;
  }

  private int kindOf(String what) {
    int kind = names.indexOf(what);
    if (kind < 0) {
      kind = names.size();
      names.add(what);
      if (kind == bytes.length) {
        bytes = Arrays.copyOf(bytes, kind * 2);
      }
    }
    return kind;
  }

  public synchronized long usedBytes() {
    return usedBytes;
  }

  /** The most that was in use at once. */
  public synchronized long peakBytes() {
    return peakBytes;
  }

  /** All that was ever granted: what the tables have allocated, replaced arrays included. */
  public synchronized long grantedBytes() {
    return grantedBytes;
  }

  public long limitBytes() {
    return limitBytes;
  }

  /** Kinds of tables that have reserved, in the order of their first reservation. */
  public synchronized int kinds() {
    return names.size();
  }

  public synchronized String name(int kind) {
    return names.get(kind);
  }

  public synchronized long bytes(int kind) {
    return bytes[kind];
  }

  /** One line per kind of table: name, bytes. */
  public synchronized String bill() {
    StringBuilder s = new StringBuilder();
    for (int kind = 0; kind < names.size(); kind++) {
      s.append(names.get(kind)).append(' ').append(bytes[kind]).append('\n');
    }
    return s.toString();
  }
}
