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
  private final Connections tcb;
  private final Flights fl;

  Keepalive(Stack s) {
    this.s = s;
    this.tcb = s.tcb;
    this.fl = s.fl;
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
    if (s.contract.options.keepalive && !tcb.flag(Connections.F_KEEPALIVE_ARMED)) {
      tcb.setFlag(Connections.F_KEEPALIVE_ARMED);
      arm(idle());
    }
  }

  private void arm(int delayJiffies) {
    int at = TimerRounding.fires(s.host.rounding, s.jiffies, delayJiffies);
    long ns = s.host.host().jiffyNs(at, tcb.local());
    s.alarms.wakeAt(s.host.host(), Math.max(ns, s.nowNs + 1), id());
  }

  private int id() {
    return TimerIds.keepalive(tcb.row(), tcb.generation());
  }

  /** The wheel has opened a slot with an entry of the connection under the cursor. */
  void due(int id, long slot) {
    if (!belongs(id)) {
      return;
    }
    long from = slot << SLOT_SHIFT;
    long jiffy = s.host.host().jiffies(from - 1, tcb.local()) + 1;
    long next = s.host.host().jiffyNs(jiffy + 1, tcb.local());
    if ((jiffy & 7) != 0 && next >>> SLOT_SHIFT == slot) {
      jiffy++;
    }
    s.alarms.fireAt(s.host.host(), s.host.host().jiffyNs(jiffy, tcb.local()), id);
  }

  private boolean belongs(int id) {
    return tcb.state() != State.CLOSED && tcb.flag(Connections.F_KEEPALIVE_ARMED) && id() == id;
  }

  /** False if the entry was stale. */
  boolean fired(int id) {
    if (!belongs(id)) {
      return false;
    }
    s.load();
    if (fl.packetsOut() != 0 || fl.sendHead() != 0) {
      arm(idle());
      return true;
    }
    int elapsed = s.jiffies - fl.lastHeard();
    if (elapsed < idle()) {
      arm(idle() - elapsed);
      return true;
    }
    int timeoutMs = s.contract.options.userTimeoutMs;
    boolean dead =
        timeoutMs != 0
            ? elapsed >= s.host.jiffiesOfMs(timeoutMs) && fl.probes() > 0
            : fl.probes() >= probes();
    if (dead) {
      s.resets.active();
      s.closing.timedOut(Errno.ETIMEDOUT);
      return true;
    }
    s.host.count(Mib.KEEPALIVE);
    s.output.sendEmpty(Segment.ACK, tcb.sndUna() - 1);
    fl.probes(fl.probes() + 1);
    arm(interval());
    return true;
  }
}
