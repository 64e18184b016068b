package dev.halfopen.tcp;

import dev.halfopen.net.Host;

/** Where the stack asks to be woken; {@link Tcp#due} and {@link Tcp#timerFired} answer. */
public interface Alarms {
  /**
   * Asks {@link Tcp#due} at the start of the wheel slot that holds {@code deadlineNs}; if that slot
   * is open already, the same as {@link #fireAt}.
   */
  void wakeAt(Host host, long deadlineNs, int id);

  /** Calls {@link Tcp#timerFired} at exactly that instant, which lies in a slot already opened. */
  void fireAt(Host host, long deadlineNs, int id);
}
