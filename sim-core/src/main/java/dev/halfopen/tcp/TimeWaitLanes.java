package dev.halfopen.tcp;

/**
 * When the TIME_WAITs of one host end: a ring of lists, one per jiffy, each with one pending alarm.
 * The kernel's rounding puts all TIME_WAITs of about two seconds into one jiffy, so a machine has
 * some 31 lists however many sockets it holds.
 */
final class TimeWaitLanes {
  private static final int[] NONE = new int[0];

  private final LaneChunks chunks;
  private int[] lasts = NONE;
  private int mask;

  TimeWaitLanes(LaneChunks chunks) {
    this.chunks = chunks;
  }

  /** Lists exist for that many jiffies ahead. */
  private static int size(int hz) {
    return Integer.highestOneBit(65 * hz) << 1;
  }

  /** Whether an end so far ahead has a list; else the general wheel must serve it. */
  boolean reaches(int delayJiffies, int hz) {
    return delayJiffies < 64 * hz;
  }

  /** Enters a row; true if it is the first of its jiffy, for which an alarm must be set. */
  boolean add(int jiffy, int hz, int row) {
    int[] h = lasts;
    if (h.length == 0) {
      h = new int[size(hz)];
      lasts = h;
      mask = h.length - 1;
    }
    int last = h[jiffy & mask];
    h[jiffy & mask] = chunks.append(last, row);
    return last == 0;
  }

  /** Whether anything ends in that jiffy. */
  boolean has(int jiffy) {
    return lasts.length != 0 && lasts[jiffy & mask] != 0;
  }

  /** Takes the list of a jiffy away: its last chunk, 0 if empty. */
  int take(int jiffy) {
    int[] h = lasts;
    if (h.length == 0) {
      return 0;
    }
    int last = h[jiffy & mask];
    h[jiffy & mask] = 0;
    return last;
  }
}
