package dev.halfopen.net;

import java.util.Arrays;

/**
 * Which host owns an IPv4 address: a tree of three levels, 12, 10 and 10 bits, that goes no deeper
 * than the owners differ. The root and what the addresses of a large farm or of a flood need below
 * it stay in the first-level cache, where an entry for each address would not.
 */
public final class AddressTable {
  public static final int NOBODY = -1;

  private static final int ROOT_SHIFT = 20;
  private static final int MIDDLE_SHIFT = 10;
  private static final int ROOT = 1 << 32 - ROOT_SHIFT;
  private static final int NODE = 1 << MIDDLE_SHIFT;
  private static final int NODE_MASK = NODE - 1;

  /** An entry below NOBODY stands for a node: this less where it starts in {@link #entries}. */
  private static final int FIRST_NODE = NOBODY - 1;

  private final int[] root = new int[ROOT];
  private int[] entries = new int[0];

  public AddressTable() {
    Arrays.fill(root, NOBODY);
  }

  /** Gives {@code count} addresses from {@code first} on to a host. */
  public void assign(int first, int count, int hostId) {
    long from = first & 0xFFFFFFFFL;
    long to = from + count;
    for (long at = from; at < to; ) {
      long end = Math.min(to, (at >>> ROOT_SHIFT) + 1 << ROOT_SHIFT);
      int slot = (int) (at >>> ROOT_SHIFT);
      if (end - at == 1L << ROOT_SHIFT) {
        root[slot] = hostId;
      } else {
        root[slot] = asNode(root[slot]);
        assignMiddle(FIRST_NODE - root[slot], at, end, hostId);
      }
      at = end;
    }
  }

  /** Assigns addresses below one entry of the root. */
  private void assignMiddle(int node, long from, long to, int hostId) {
    for (long at = from; at < to; ) {
      long end = Math.min(to, (at >>> MIDDLE_SHIFT) + 1 << MIDDLE_SHIFT);
      int slot = node + ((int) (at >>> MIDDLE_SHIFT) & NODE_MASK);
      if (end - at == NODE) {
        entries[slot] = hostId;
      } else {
        int leaf = asNode(entries[slot]);
        entries[slot] = leaf;
        int start = FIRST_NODE - leaf + ((int) at & NODE_MASK);
        Arrays.fill(entries, start, start + (int) (end - at), hostId);
      }
      at = end;
    }
  }

  /** The entry itself where it is a node, otherwise a new node that says the same. */
  private int asNode(int entry) {
    if (entry < NOBODY) {
      return entry;
    }
    int start = entries.length;
    entries = Arrays.copyOf(entries, start + NODE);
    Arrays.fill(entries, start, start + NODE, entry);
    return FIRST_NODE - start;
  }

  /** The host's id, or {@link #NOBODY}. */
  public int hostOf(int address) {
    int entry = root[address >>> ROOT_SHIFT];
    if (entry < NOBODY) {
      entry = entries[FIRST_NODE - entry + (address >>> MIDDLE_SHIFT & NODE_MASK)];
      if (entry < NOBODY) {
        entry = entries[FIRST_NODE - entry + (address & NODE_MASK)];
      }
    }
    return entry;
  }

  /** An IPv4 address in dotted decimal. */
  public static String text(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 0xFF)
        + "."
        + (address >>> 8 & 0xFF)
        + "."
        + (address & 0xFF);
  }
}
