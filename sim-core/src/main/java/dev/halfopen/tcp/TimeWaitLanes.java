package dev.halfopen.tcp;

/**
 * When the TIME_WAITs of one host end: a ring of lists, one per jiffy, each with one pending alarm.
 * The kernel's rounding puts all TIME_WAITs of about two seconds into one jiffy, so a machine has
 * some 31 lists however many sockets it holds.
 */
final class TimeWaitLanes {
  private static final int[] NONE = new int[0];

  private final LaneChunks chunks;
  private int[] heads = NONE;
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
    int[] h = heads;
    if (h.length == 0) {
      h = new int[size(hz)];
      heads = h;
      mask = h.length - 1;
    }
    int head = h[jiffy & mask];
    h[jiffy & mask] = chunks.append(head, row);
    return head == 0;
  }

  /** Whether anything ends in that jiffy. */
  boolean has(int jiffy) {
    return heads.length != 0 && heads[jiffy & mask] != 0;
  }

  /** Takes the list of a jiffy away: its head chunk, 0 if empty. */
  int take(int jiffy) {
    int[] h = heads;
    if (h.length == 0) {
      return 0;
    }
    int head = h[jiffy & mask];
    h[jiffy & mask] = 0;
    return head;
  }
}
