package dev.halfopen.tcp;

/**
 * How TIME_WAIT ended before 4.1 ({@code inet_twsk_schedule}, {@code inet_twdr_hangman}): eight
 * slots of 7.5 s that a timer clears one by one. The timer starts with the first TIME_WAIT of an
 * empty table, so a TIME_WAIT lasts 52.5 to 60 s.
 */
final class TimeWaitSlots {
  /** INET_TWDR_TWKILL_SLOTS. */
  private static final int SLOTS = 8;

  /** TCP_TIMEWAIT_LEN / INET_TWDR_TWKILL_SLOTS. */
  private static final long PERIOD_NS = 7_500_000_000L;

  static final long IDLE = -1;

  /** INET_TWDR_RECYCLE_SLOTS. */
  private static final int SHORT_SLOTS = 32;

  private final Stack s;
  private final HostTcp host;
  private final int[] cells = new int[SLOTS];
  private int slot;
  private int count;
  private long tickNs = IDLE;

  TimeWaitSlots(Stack s, HostTcp host) {
    this.s = s;
    this.host = host;
  }

  /** Enters a row for {@code delayNs}: the jiffy of the tick that will end it. */
  int add(int row, long delayNs) {
    long periods = Math.min(SLOTS - 1, (delayNs + PERIOD_NS - 1) / PERIOD_NS);
    joined();
    int cell = slot + (int) periods & SLOTS - 1;
    cells[cell] = s.laneChunks.append(cells[cell], row);
    return (int) host.host().jiffies(tickNs + periods * PERIOD_NS, host.host().firstAddress());
  }

  /** A row entered, here or on the finer wheel: both are counted together. */
  void joined() {
    if (count++ == 0) {
      long jiffy = host.host().commonJiffies(s.nowNs);
      tickNs = host.host().commonJiffyNs(jiffy) + PERIOD_NS;
      s.alarms.wakeAt(host.host(), tickNs, TimerIds.slots(host.host().id()));
    }
  }

  /** Log2 of the finer wheel's granule, INET_TWDR_RECYCLE_TICK: 32 slots of it are some 4 s. */
  private static int shortShift(int hz) {
    return 31 - Integer.numberOfLeadingZeros(4 * hz) - 4;
  }

  /** Whether a delay fits the 32 slots of the finer wheel. */
  static boolean isShort(int delayJiffies, int hz) {
    int shift = shortShift(hz);
    return delayJiffies + (1 << shift) - 1 >> shift < SHORT_SLOTS;
  }

  /** The delay rounded up to the finer wheel's granule. */
  static int shortJiffies(int delayJiffies, int hz) {
    int shift = shortShift(hz);
    return delayJiffies + (1 << shift) - 1 >> shift << shift;
  }

  /** A row left before its time; the list keeps it until its tick. */
  void left() {
    if (--count == 0) {
      tickNs = IDLE;
    }
  }

  /** When the pending tick is due, or {@link #IDLE}. */
  long tickNs() {
    return tickNs;
  }

  /** The tick: ends what is in the current slot. Returns how many TIME_WAITs ended. */
  int tick() {
    if (s.nowNs != tickNs) {
      return 0;
    }
    int last = cells[slot];
    cells[slot] = 0;
    int ended = last == 0 ? 0 : s.timeWait.expire(last, s.jiffies);
    slot = slot + 1 & SLOTS - 1;
    if (count > 0) {
      tickNs = s.nowNs + PERIOD_NS;
      s.alarms.wakeAt(host.host(), tickNs, TimerIds.slots(host.host().id()));
    }
    return ended;
  }
}
