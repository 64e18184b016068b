package dev.halfopen.net;

import java.util.Arrays;

/** Which host owns an IPv4 address: two levels of 65,536, so that a look-up is two loads. */
public final class AddressTable {
  public static final int NOBODY = -1;
  private static final int PAGE = 1 << 16;

  private final int[] byHigh = new int[PAGE];
  private final int[][] pages = new int[PAGE][];

  public AddressTable() {
    Arrays.fill(byHigh, NOBODY);
  }

  /** Gives {@code count} addresses from {@code first} on to a host. */
  public void assign(int first, int count, int hostId) {
    long at = first & 0xFFFFFFFFL;
    long end = at + count;
    while (at < end) {
      int high = (int) (at >>> 16);
      long pageEnd = Math.min(end, (at | 0xFFFF) + 1);
      if (pageEnd - at == PAGE) {
        byHigh[high] = hostId;
      } else {
        if (pages[high] == null) {
          pages[high] = new int[PAGE];
          Arrays.fill(pages[high], byHigh[high]);
        }
        Arrays.fill(pages[high], (int) at & 0xFFFF, (int) (pageEnd - 1 & 0xFFFF) + 1, hostId);
      }
      at = pageEnd;
    }
  }

  /** The host's id, or {@link #NOBODY}. */
  public int hostOf(int address) {
    int[] page = pages[address >>> 16];
    return page == null ? byHigh[address >>> 16] : page[address & 0xFFFF];
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
