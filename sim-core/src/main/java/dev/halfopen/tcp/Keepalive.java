package dev.halfopen.tcp;

import dev.halfopen.engine.TimerWheel;
import dev.halfopen.net.Segment;

/**
 * SO_KEEPALIVE: {@code tcp_keepalive_timer}. A socket has one wheel entry that re-arms itself; its
 * deadline stands nowhere else. The entry's id carries three bits of the row's generation, so that
 * an entry that outlived its socket does not serve the next one.
 */
final class Keepalive {
  private static final int SLOT_SHIFT = TimerWheel.SLOT_SHIFT;

  private final Stack s;

  Keepalive(Stack s) {
    this.s = s;
  }

  private int idle() {
    int own = s.contract.options.keepIdleSeconds;
    return (own != 0 ? own : (int) s.host.sysctl().get(Sysctl.TCP_KEEPALIVE_TIME)) * s.host.hz;
  }

  private int interval() {
    int own = s.contract.options.keepIntervalSeconds;
    return (own != 0 ? own : (int) s.host.sysctl().get(Sysctl.TCP_KEEPALIVE_INTVL)) * s.host.hz;
  }

  private int probes() {
    int own = s.contract.options.keepCount;
    return own != 0 ? own : (int) s.host.sysctl().get(Sysctl.TCP_KEEPALIVE_PROBES);
  }

  /** Starts the timer of a connection that has just opened, if its owner asked for it. */
  void startIfAsked() {
    if (s.contract.options.keepalive && !s.tcb.flag(Connections.F_KEEPALIVE_ARMED)) {
      s.tcb.setFlag(Connections.F_KEEPALIVE_ARMED);
      arm(idle());
    }
  }

  private void arm(int delayJiffies) {
    int at = TimerRounding.fires(s.host.rounding, s.jiffies, delayJiffies);
    long ns = s.host.host().jiffyNs(at, s.tcb.local());
    s.alarms.wakeAt(s.host.host(), Math.max(ns, s.nowNs + 1), id());
  }

  private int id() {
    return TimerIds.keepalive(s.tcb.row(), s.tcb.generation());
  }

  /** The wheel has opened a slot with an entry of the connection under the cursor. */
  void due(int id, long slot) {
    if (!belongs(id)) {
      return;
    }
    long from = slot << SLOT_SHIFT;
    long jiffy = s.host.host().jiffies(from - 1, s.tcb.local()) + 1;
    long next = s.host.host().jiffyNs(jiffy + 1, s.tcb.local());
    if ((jiffy & 7) != 0 && next >>> SLOT_SHIFT == slot) {
      jiffy++;
    }
    s.alarms.fireAt(s.host.host(), s.host.host().jiffyNs(jiffy, s.tcb.local()), id);
  }

  private boolean belongs(int id) {
    return s.tcb.state() != State.CLOSED && s.tcb.flag(Connections.F_KEEPALIVE_ARMED) && id() == id;
  }

  /** False if the entry was stale. */
  boolean fired(int id) {
    if (!belongs(id)) {
      return false;
    }
    s.load();
    if (s.fl.packetsOut() != 0 || s.fl.sendHead() != 0) {
      arm(idle());
      return true;
    }
    int elapsed = s.jiffies - s.fl.lastHeard();
    if (elapsed < idle()) {
      arm(idle() - elapsed);
      return true;
    }
    int timeoutMs = s.contract.options.userTimeoutMs;
    boolean dead =
        timeoutMs != 0
            ? elapsed >= s.host.jiffiesOfMs(timeoutMs) && s.fl.probes() > 0
            : s.fl.probes() >= probes();
    if (dead) {
      s.resets.active();
      s.closing.timedOut(Errno.ETIMEDOUT);
      return true;
    }
    s.host.count(Mib.KEEPALIVE);
    s.output.sendEmpty(Segment.ACK, s.tcb.sndUna() - 1);
    s.fl.probes(s.fl.probes() + 1);
    arm(interval());
    return true;
  }
}
