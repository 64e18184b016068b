package dev.halfopen.engine;

import java.util.ArrayList;
import java.util.List;

/** The bytes that all tables of a world may take together, with a bill per kind of table. */
public final class MemoryBudget {
  private final long limitBytes;
  private final List<String> names = new ArrayList<>();
  private long[] bytes = new long[8];
  private long usedBytes;

  public MemoryBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  public static MemoryBudget unlimited() {
    return new MemoryBudget(Long.MAX_VALUE);
  }

  /**
   * Grants {@code more} bytes to a kind of table; called before they are allocated.
   *
   * @throws MemoryRefused if the limit would be exceeded
   */
  public void reserve(String what, long more) {
    if (more > limitBytes - usedBytes) {
      throw new MemoryRefused(what, usedBytes + more, limitBytes);
    }
    usedBytes += more;
    int i = names.indexOf(what);
    if (i < 0) {
      i = names.size();
      names.add(what);
      if (i == bytes.length) {
        bytes = java.util.Arrays.copyOf(bytes, i * 2);
      }
    }
    bytes[i] += more;
  }

  public long usedBytes() {
    return usedBytes;
  }

  public long limitBytes() {
    return limitBytes;
  }

  /** Kinds of tables that have reserved, in the order of their first reservation. */
  public int kinds() {
    return names.size();
  }

  public String name(int kind) {
    return names.get(kind);
  }

  public long bytes(int kind) {
    return bytes[kind];
  }
}
