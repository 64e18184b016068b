package dev.halfopen.world;

import dev.halfopen.engine.EventQueue;
import dev.halfopen.engine.Order;
import dev.halfopen.engine.TimerWheel;
import dev.halfopen.net.Host;
import dev.halfopen.tcp.Alarms;
import dev.halfopen.tcp.Tcp;

/** Alarms of the stack: far ones wait in the wheel, those of the open slot are events. */
final class WheelAlarms implements Alarms {
  private final TimerWheel wheel;
  private final EventQueue queue;
  private Tcp tcp;

  @SuppressWarnings("NullAway.Init") // each needs the other
  WheelAlarms(TimerWheel wheel, EventQueue queue) {
    this.wheel = wheel;
    this.queue = queue;
  }

  /** Whose alarms these are. */
  void of(Tcp stack) {
    tcp = stack;
  }

  @Override
  public void wakeAt(Host host, long deadlineNs, int id) {
    long slot = deadlineNs >>> TimerWheel.SLOT_SHIFT;
    if (slot > wheel.currentSlot()) {
      wheel.add(slot, id);
    } else {
      fireAt(host, deadlineNs, id);
    }
  }

  @Override
  public void fireAt(Host host, long deadlineNs, int id) {
    long[] words = queue.append(deadlineNs, Order.of(Order.TIMER, host.id(), tcp.orderOf(id)));
    words[queue.base() + 1] = id;
  }
}
