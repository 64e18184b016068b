package dev.halfopen.tcp;

import dev.halfopen.engine.TimerWheel;
import dev.halfopen.net.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * Virtual time for a few stacks: what the event loop does with calendar and wheel, with the
 * collections of the JDK. Timers come before packets of the same instant, else first come, first
 * served.
 */
final class TestClock {
  private static final int TIMER = 0;
  private static final int PACKET = 1;

  /** A run that dispatches more than this per call of advance has a storm of packets or timers. */
  private static final int MOST_EVENTS = 200_000;

  private record Wake(TestHost host, int id) {}

  private record Event(long timeNs, int kind, long number, TestHost host, int id, Runnable run)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event o) {
      int c = Long.compare(timeNs, o.timeNs);
      c = c != 0 ? c : Integer.compare(kind, o.kind);
      return c != 0 ? c : Long.compare(number, o.number);
    }
  }

  private final TreeMap<Long, List<Wake>> slots = new TreeMap<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private Runnable afterEach = () -> {};
  private long nowNs;
  private long currentSlot;
  private long numbers;
  private int timersExpired;

  TestClock(long startNs) {
    nowNs = startNs;
    currentSlot = startNs >>> TimerWheel.SLOT_SHIFT;
  }

  long nowNs() {
    return nowNs;
  }

  /** Timers that truly expired since the last call. */
  int takeTimersExpired() {
    int n = timersExpired;
    timersExpired = 0;
    return n;
  }

  /** Has {@code check} run after every event. */
  void afterEach(Runnable check) {
    afterEach = check;
  }

  Alarms alarmsOf(TestHost host) {
    return new Alarms() {
      @Override
      public void wakeAt(Host h, long deadlineNs, int id) {
        long slot = deadlineNs >>> TimerWheel.SLOT_SHIFT;
        if (slot > currentSlot) {
          slots.computeIfAbsent(slot, s -> new ArrayList<>()).add(new Wake(host, id));
        } else {
          fireAt(h, deadlineNs, id);
        }
      }

      @Override
      public void fireAt(Host h, long deadlineNs, int id) {
        if (deadlineNs < nowNs) {
          throw new AssertionError("alarm " + id + " " + (nowNs - deadlineNs) + " ns in the past");
        }
        events.add(new Event(deadlineNs, TIMER, numbers++, host, id, null));
      }
    };
  }

  /** Whether the stack will be asked about this alarm at the latest at {@code deadlineNs}. */
  boolean hasAlarm(TestHost host, int id, long deadlineNs) {
    Wake wanted = new Wake(host, id);
    for (List<Wake> slot : slots.headMap(deadlineNs >>> TimerWheel.SLOT_SHIFT, true).values()) {
      if (slot.contains(wanted)) {
        return true;
      }
    }
    for (Event e : events) {
      if (e.kind == TIMER && e.host == host && e.id == id && e.timeNs <= deadlineNs) {
        return true;
      }
    }
    return false;
  }

  /** Entries that wait in the wheel. */
  int entries() {
    return slots.values().stream().mapToInt(List::size).sum();
  }

  /** Runs {@code packet} so much later, after the timers of that instant. */
  void in(long delayNs, Runnable packet) {
    events.add(new Event(nowNs + delayNs, PACKET, numbers++, null, 0, packet));
  }

  void advanceMs(long ms) {
    advanceTo(nowNs + ms * 1_000_000);
  }

  /** Runs everything up to and including that instant. */
  void advanceTo(long untilNs) {
    for (int n = 0; step(untilNs); n++) {
      if (n > MOST_EVENTS) {
        throw new AssertionError("more than " + MOST_EVENTS + " events: a storm");
      }
    }
    nowNs = Math.max(nowNs, untilNs);
    currentSlot = Math.max(currentSlot, nowNs >>> TimerWheel.SLOT_SHIFT);
  }

  private boolean step(long untilNs) {
    long slotNs = slots.isEmpty() ? Long.MAX_VALUE : slots.firstKey() << TimerWheel.SLOT_SHIFT;
    long eventNs = events.isEmpty() ? Long.MAX_VALUE : events.peek().timeNs;
    if (Math.min(slotNs, eventNs) > untilNs) {
      return false;
    }
    if (slotNs <= eventNs) {
      currentSlot = slots.firstKey();
      for (Wake w : slots.pollFirstEntry().getValue()) {
        w.host.tcp.due(w.id, currentSlot);
      }
      return true;
    }
    Event e = events.poll();
    nowNs = Math.max(nowNs, e.timeNs);
    currentSlot = Math.max(currentSlot, nowNs >>> TimerWheel.SLOT_SHIFT);
    if (e.kind == TIMER) {
      int expired = e.host.tcp.timerFired(e.timeNs, e.id);
      timersExpired += expired;
      if (expired > 0) {
        e.host.drain();
        afterEach.run();
      }
    } else {
      e.run.run();
      afterEach.run();
    }
    return true;
  }

  /** Whether nothing at all is to come. */
  boolean isIdle() {
    return events.isEmpty() && slots.isEmpty();
  }
}
