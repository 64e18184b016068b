package dev.halfopen.app;

import dev.halfopen.engine.MemoryBudget;
import java.util.Arrays;

/**
 * Deadlines of one constant delay, in the order in which they were set, as a ring: one timer is
 * pending for all of them. Entries whose reference has gone stale are dropped from the front as new
 * ones come, so that the ring is about as long as there is work in progress.
 */
final class DelayLane {
  private static final int INITIAL = 64;

  /** Stale entries dropped for each one added: more than one, so that the ring shrinks. */
  private static final int TRIM = 2;

  private static final String NAME = "deadlines";

  private final Tickets tickets;
  private final MemoryBudget budget;

  /** Deadline and reference in turn; the length is a power of two. */
  private long[] ring = new long[2 * INITIAL];

  private int mask = INITIAL - 1;
  private int first;
  private int size;
  private boolean armed;

  DelayLane(Tickets tickets, MemoryBudget budget) {
    this.tickets = tickets;
    this.budget = budget;
    budget.reserve(NAME, 16L * INITIAL);
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
    for (int i = 0; i < TRIM && size > 0 && !tickets.isCurrent(ring[2 * first + 1]); i++) {
      drop();
    }
    if (size > mask) {
      grow();
    }
    int slot = (first + size++) & mask;
    ring[2 * slot] = deadlineNs;
    ring[2 * slot + 1] = reference;
    boolean mustArm = !armed;
    armed = true;
    return mustArm;
  }

  /** Takes the next live reference whose deadline has come, or -1. */
  long takeDue(long nowNs) {
    while (size > 0 && ring[2 * first] <= nowNs) {
      long reference = ring[2 * first + 1];
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
    while (size > 0 && !tickets.isCurrent(ring[2 * first + 1])) {
      drop();
    }
    armed = size > 0;
    return armed ? ring[2 * first] : -1;
  }

  private void drop() {
    first = (first + 1) & mask;
    size--;
  }

  private void grow() {
    int capacity = mask + 1;
    budget.reserve(NAME, 16L * capacity);
    long[] bigger = Arrays.copyOf(ring, 4 * capacity);
    // What had wrapped around to the front continues behind the old end.
    System.arraycopy(ring, 0, bigger, 2 * capacity, 2 * first);
    ring = bigger;
    mask = 2 * capacity - 1;
  }
}
