package dev.halfopen.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The bytes that all tables of a world may take together, with a bill per kind of table. Whoever
 * allocates an array that grows with the run asks here first, and only when something grows.
 *
 * <p>Each shard has a {@link #share} of its own, so that what is granted does not depend on how
 * fast other shards' threads are: between two calls of {@link #settle} a share knows what the
 * others had taken at the last one, and refuses what would exceed the limit with that. Shares that
 * exceed it only together are found out by the next {@link #settle}.
 */
public final class MemoryBudget {
  private static final int ARRAY_HEADER_BYTES = 16;
  private static final int OBJECT_ALIGNMENT_BYTES = 8;

  /** Of a reference in an array, as the launcher starts the JVM (-XX:-UseCompressedOops). */
  public static final int REFERENCE_BYTES = 8;

  private final long limitBytes;
  private final List<String> names = new ArrayList<>();
  private long[] bytes = new long[64];
  private final List<List<LongSupplier>> rows = new ArrayList<>();
  private long usedBytes;
  private long peakBytes;
  private long grantedBytes;

  private MemoryBudget[] shares = {};

  /** Of a share: what all others had taken when it was last settled. */
  private long othersBytes;

  /** Of a share: what it had taken itself then. */
  private long settledBytes;

  /** Of a share: for what it last took anything. */
  private String lastName = "";

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
    long others = othersBytes + sharedBytes();
    if (more > limitBytes - usedBytes - others) {
      throw new MemoryRefused(what, usedBytes + others + more, limitBytes);
    }
    int kind = kindOf(what); // may replace the array
    usedBytes += more;
    grantedBytes += more;
    peakBytes = Math.max(peakBytes, usedBytes + others);
    bytes[kind] += more;
    lastName = what;
  }

  /** Takes back what was reserved for an array that has been replaced. */
  public synchronized void release(String what, long less) {
    int kind = kindOf(what);
    assert bytes[kind] >= less : what + " gives back more than it took";
    usedBytes -= less;
    bytes[kind] -= less;
  }

  /**
   * Has a table's rows on the bill; tables of one kind are added up.
   *
   * @param peakRows the most rows that were ever in use at once
   */
  public synchronized void billRows(String what, LongSupplier peakRows) {
    rows.get(kindOf(what)).add(peakRows);
  }

  /** The most rows of a kind that were in use at once, summed over its tables; 0 if it has none. */
  public synchronized long peakRows(int kind) {
    long sum = 0;
    for (LongSupplier table : rows.get(kind)) {
      sum += table.getAsLong();
    }
    for (MemoryBudget share : shares) {
      int of = share.names.indexOf(names.get(kind));
      sum += of < 0 ? 0 : share.peakRows(of);
    }
    return sum;
  }

  private int kindOf(String what) {
    int kind = names.indexOf(what);
    if (kind < 0) {
      kind = names.size();
      names.add(what);
      rows.add(new ArrayList<>());
      if (kind == bytes.length) {
        bytes = Arrays.copyOf(bytes, kind * 2);
      }
    }
    return kind;
  }

  // ---- shares

  /**
   * A part of this budget with the same limit, for one thread at a time. Its bill is its own; this
   * budget's bill, peak and sums are those of all shares together, to be read while none is in use.
   */
  public MemoryBudget share() {
    MemoryBudget share = new MemoryBudget(limitBytes);
    shares = Arrays.copyOf(shares, shares.length + 1);
    shares[shares.length - 1] = share;
    settle();
    return share;
  }

  /**
   * Tells all shares what the others have taken. To be called while none is in use.
   *
   * @throws MemoryRefused if together they have exceeded the limit: for the share that was the
   *     first to do so in the order in which they were made
   */
  public void settle() {
    long all = usedBytes + sharedBytes();
    peakBytes = Math.max(peakBytes, all);
    if (all > limitBytes) {
      throw new MemoryRefused(firstBeyond(), all, limitBytes);
    }
    for (MemoryBudget share : shares) {
      share.othersBytes = all - share.usedBytes;
      share.settledBytes = share.usedBytes;
    }
  }

  /** Adds what each share took since it was last settled, one after the other. */
  private String firstBeyond() {
    long sum = usedBytes;
    for (MemoryBudget share : shares) {
      sum += share.settledBytes;
    }
    for (MemoryBudget share : shares) {
      sum += share.usedBytes - share.settledBytes;
      if (sum > limitBytes) {
        return share.lastName;
      }
    }
    return lastName;
  }

  private long sharedBytes() {
    long sum = 0;
    for (MemoryBudget share : shares) {
      sum += share.usedBytes;
    }
    return sum;
  }

  // ---- the bill

  public synchronized long usedBytes() {
    return usedBytes + sharedBytes();
  }

  /** The most that was in use at once. */
  public synchronized long peakBytes() {
    return Math.max(peakBytes, usedBytes());
  }

  /** All that was ever granted: what the tables have allocated, replaced arrays included. */
  public synchronized long grantedBytes() {
    long sum = grantedBytes;
    for (MemoryBudget share : shares) {
      sum += share.grantedBytes;
    }
    return sum;
  }

  public long limitBytes() {
    return limitBytes;
  }

  /** Kinds of tables that have reserved, in the order of their first reservation. */
  public synchronized int kinds() {
    for (MemoryBudget share : shares) {
      for (String name : share.names) {
        kindOf(name);
      }
    }
    return names.size();
  }

  public synchronized String name(int kind) {
    return names.get(kind);
  }

  public synchronized long bytes(int kind) {
    long sum = bytes[kind];
    for (MemoryBudget share : shares) {
      int of = share.names.indexOf(names.get(kind));
      sum += of < 0 ? 0 : share.bytes[of];
    }
    return sum;
  }

  /** One line per kind of table: name, bytes. */
  public synchronized String bill() {
    StringBuilder s = new StringBuilder();
    for (int kind = 0; kind < kinds(); kind++) {
      s.append(names.get(kind)).append(' ').append(bytes(kind)).append('\n');
    }
    return s.toString();
  }
}
