package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;
import java.util.Arrays;

/**
 * Deadlines of one constant delay, in the order in which they were set: one timer is pending for
 * all of them. Entries whose reference has gone stale are dropped from the front as new ones come,
 * so that the lane is about as long as there is work in progress.
 *
 * <p>They lie in segments that are used again once they have been read; a long lane is never
 * copied, only the first segment starts small and doubles.
 */
final class DelayLane {
  private static final int FIRST_LENGTH = 64;

  /** A segment is a MiB. */
  private static final int SEGMENT_SHIFT = 16;

  private static final int SEGMENT_LENGTH = 1 << SEGMENT_SHIFT;
  private static final int SEGMENT_MASK = SEGMENT_LENGTH - 1;

  /** Stale entries dropped for each one added: more than one, so that the lane shrinks. */
  private static final int TRIM = 2;

  private static final String NAME = "deadlines";

  private final Tickets tickets;
  private final MemoryBudget budget;

  /**
   * Deadline and reference in turn. The first {@code used} segments are in use, then come spares.
   */
  private long[][] segments = new long[4][];

  private int used = 1;
  private int spares;

  /** Places in the first segment while it is the only one. */
  private int length = FIRST_LENGTH;

  /** Place of the oldest entry, counted from the start of the first segment. */
  private int first;

  private int size;
  private int peak;
  private boolean armed;

  DelayLane(Tickets tickets, MemoryBudget budget) {
    this.tickets = tickets;
    this.budget = budget;
    budget.billRows(NAME, () -> peak);
    segments[0] = allocate(FIRST_LENGTH);
  }

  private long[] allocate(int entries) {
    budget.reserve(NAME, bytes(entries));
    return new long[2 * entries];
  }

  private static long bytes(int entries) {
    return MemoryBudget.arrayBytes(2L * entries, Long.BYTES);
  }

  int size() {
    return size;
  }

  /**
   * Appends a deadline.
   *
   * @param deadlineNs not before any that was added earlier
   * @return whether the caller must set a timer for this deadline
   */
  boolean add(long deadlineNs, long reference) {
    for (int i = 0; i < TRIM && size > 0 && !tickets.isCurrent(reference()); i++) {
      drop();
    }
    int place = first + size;
    if (place == length) {
      place = extend(place);
    }
    long[] segment = segments[place >>> SEGMENT_SHIFT];
    int at = 2 * (place & SEGMENT_MASK);
    segment[at] = deadlineNs;
    segment[at + 1] = reference;
    size++;
    peak = Math.max(peak, size);
    boolean mustArm = !armed;
    armed = true;
    return mustArm;
  }

  /** Forgets all deadlines, and that a timer is pending; keeps its segments. */
  void clear() {
    spares += used - 1;
    used = 1;
    length = Math.min(length, SEGMENT_LENGTH);
    first = 0;
    size = 0;
    armed = false;
  }

  /** Takes the next live reference whose deadline has come, or -1. */
  long takeDue(long nowNs) {
    while (size > 0 && deadlineNs() <= nowNs) {
      long reference = reference();
      drop();
      if (tickets.isCurrent(reference)) {
        return reference;
      }
    }
    return TicketTable.NO_REFERENCE;
  }

  /**
   * After the timer has fired and everything due was taken.
   *
   * @return when the timer is to be set again, or -1: not before the next add()
   */
  long rearm() {
    while (size > 0 && !tickets.isCurrent(reference())) {
      drop();
    }
    armed = size > 0;
    return armed ? deadlineNs() : -1;
  }

  private long deadlineNs() {
    return segments[0][2 * first];
  }

  private long reference() {
    return segments[0][2 * first + 1];
  }

  private void drop() {
    first++;
    size--;
    if (size == 0) {
      first = 0;
    } else if (first == SEGMENT_LENGTH) {
      first = 0;
      recycle();
    }
  }

  /** The first segment has been read: it goes behind those in use, as a spare. */
  private void recycle() {
    long[] read = segments[0];
    System.arraycopy(segments, 1, segments, 0, used - 1);
    segments[--used] = read;
    spares++;
    length = used << SEGMENT_SHIFT;
  }

  /** Makes room at a place that is the first one behind all segments in use; the place to take. */
  private int extend(int place) {
    if (length < SEGMENT_LENGTH) {
      return extendFirst();
    }
    if (spares > 0) {
      spares--;
    } else {
      if (used == segments.length) {
        segments = Arrays.copyOf(segments, 2 * used);
      }
      segments[used] = allocate(SEGMENT_LENGTH);
    }
    used++;
    length = used << SEGMENT_SHIFT;
    return place;
  }

  /** Moves entries to the front if that makes enough room, into an array of twice the size else. */
  private int extendFirst() {
    long[] old = segments[0];
    if (size > length / 2) {
      segments[0] = allocate(2 * length);
      budget.release(NAME, bytes(length));
      length *= 2;
    }
    System.arraycopy(old, 2 * first, segments[0], 0, 2 * size);
    first = 0;
    return size;
  }
}
