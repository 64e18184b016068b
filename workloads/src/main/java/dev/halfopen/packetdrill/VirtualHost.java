package dev.halfopen.packetdrill;

import dev.halfopen.engine.EventQueue;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.TimerWheel;
import dev.halfopen.net.AddressTable;
import dev.halfopen.net.Host;
import dev.halfopen.net.Segment;
import dev.halfopen.tcp.Alarms;
import dev.halfopen.tcp.Egress;
import dev.halfopen.tcp.HostTcp;
import dev.halfopen.tcp.Readiness;
import dev.halfopen.tcp.SocketControl;
import dev.halfopen.tcp.Sockets;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.tcp.Tcp;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * One host with the stack under test, in virtual time: its alarms run in order, its segments are
 * captured instead of sent, and what arrives is handed in.
 */
final class VirtualHost implements Egress, Alarms, Readiness {
  static final int LOCAL = 192 << 24 | 168 << 16 | 1;
  static final int REMOTE = 192 << 24 | 2 << 8 | 1;

  /** Told about sockets as the stack posts it; the stack must not be called from there. */
  interface Listener {
    void ready(long socket, int handle, int bits, int errno);
  }

  private record Alarm(long timeNs, long order, boolean opensSlot, int id) {}

  private final PriorityQueue<Alarm> alarms =
      new PriorityQueue<>(
          Comparator.comparingLong(Alarm::timeNs)
              .thenComparing(a -> a.opensSlot ? 0 : 1)
              .thenComparingLong(Alarm::order));
  private final ArrayDeque<Captured> captured = new ArrayDeque<>();
  private final long[] words = new long[EventQueue.WORDS];
  private final Tcp tcp;
  private final HostTcp hostTcp;
  private final Sockets sockets;
  private final SocketControl control;
  private final Listener listener;
  private boolean refuses;
  private long nowNs;
  private long openSlot = -1;
  private long order;

  VirtualHost(SysctlProfile sysctl, Listener listener, long phaseNs) {
    this.listener = listener;
    AddressTable addresses = new AddressTable();
    addresses.assign(LOCAL, 1, 0);
    tcp = new Tcp(MemoryBudget.unlimited(), addresses, this, this, this);
    Host host = new Host(0, "host", LOCAL, 1, sysctl.hz(), 1);
    host.phaseNs(phaseNs);
    hostTcp = tcp.addHost(host, sysctl);
    sockets = tcp.sockets(hostTcp);
    control = tcp.control(hostTcp);
  }

  long nowNs() {
    return nowNs;
  }

  Tcp tcp() {
    return tcp;
  }

  HostTcp host() {
    return hostTcp;
  }

  Sockets sockets() {
    return sockets;
  }

  SocketControl control() {
    return control;
  }

  /** Segments sent and not yet taken by the script, oldest first. */
  ArrayDeque<Captured> captured() {
    return captured;
  }

  /** Whether the device drops every packet that it is given. */
  void refuses(boolean all) {
    refuses = all;
    hostTcp.deviceRefuses(all);
  }

  // ---- time

  /** Runs every alarm up to and including an instant and stands there. */
  void advanceTo(long ns) {
    boolean more = true;
    while (more) {
      more = step(ns);
    }
    stand(ns);
  }

  private void stand(long ns) {
    nowNs = Math.max(nowNs, ns);
    openSlot = Math.max(openSlot, nowNs >>> TimerWheel.SLOT_SHIFT);
    tcp.now(nowNs);
  }

  /** Runs the next alarm if it is not later than the limit; false if there is none. */
  boolean step(long limitNs) {
    tcp.settle();
    Alarm next = alarms.peek();
    if (next == null || next.timeNs > limitNs) {
      return false;
    }
    alarms.remove();
    stand(next.timeNs);
    if (next.opensSlot) {
      tcp.due(next.id, next.timeNs >>> TimerWheel.SLOT_SHIFT);
    } else {
      tcp.timerFired(nowNs, next.id);
    }
    return true;
  }

  /** Hands a segment to the stack now. */
  void inject(Segment s) {
    s.source = REMOTE;
    s.destination = LOCAL;
    s.write(words, 0);
    tcp.segmentArrived(nowNs, 0, words, 0);
  }

  // ---- what the stack calls

  @Override
  public void emit(long now, Host from, Segment segment) {
    if (!refuses) {
      captured.add(Captured.of(now, segment));
    }
  }

  @Override
  public void wakeAt(Host host, long deadlineNs, int id) {
    long slot = deadlineNs >>> TimerWheel.SLOT_SHIFT;
    if (slot > openSlot) {
      alarms.add(new Alarm(slot << TimerWheel.SLOT_SHIFT, order++, true, id));
    } else {
      fireAt(host, deadlineNs, id);
    }
  }

  @Override
  public void fireAt(Host host, long deadlineNs, int id) {
    alarms.add(new Alarm(deadlineNs, order++, false, id));
  }

  @Override
  public void post(Host host, long socket, int handle, int bits, int mark, int errno) {
    listener.ready(socket, handle, bits, errno);
  }
}
