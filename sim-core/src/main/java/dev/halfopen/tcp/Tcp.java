package dev.halfopen.tcp;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.TimerWheel;
import dev.halfopen.net.Host;
import dev.halfopen.net.Segment;
import java.util.Arrays;

/**
 * TCP without input or output: segments, timers and socket calls go in, segments, alarms and
 * readiness come out through three sinks. The simulator, unit tests, scripts and fuzzers drive the
 * same stack.
 */
public final class Tcp {
  private final Stack s;
  private final Connections tcb;
  private final Requests req;
  private final Demux demux;
  private final ConnectionTimers timers;
  private HostTcp[] hosts = new HostTcp[0];
  private final dev.halfopen.net.AddressTable addresses;

  public Tcp(
      MemoryBudget budget,
      dev.halfopen.net.AddressTable addresses,
      Egress egress,
      Alarms alarms,
      Readiness readiness) {
    this.s = new Stack(budget, egress, alarms, readiness);
    this.tcb = s.tcb;
    this.req = s.req;
    this.demux = s.demux;
    this.timers = s.timers;
    this.addresses = addresses;
  }

  /** Makes a host known to the stack; host ids are dense from 0. */
  public HostTcp addHost(Host host, SysctlProfile sysctl) {
    HostTcp h = new HostTcp(host, sysctl, s);
    if (host.id() >= hosts.length) {
      hosts = Arrays.copyOf(hosts, host.id() + 1);
    }
    hosts[host.id()] = h;
    return h;
  }

  /** Makes room at once for so many sockets of all kinds in the table that finds them. */
  public void expectSockets(long sockets) {
    demux.expect(sockets);
  }

  public HostTcp host(int id) {
    return hosts[id];
  }

  public Sockets sockets(HostTcp host) {
    return new Sockets(s, host);
  }

  /** What few applications need beyond {@link #sockets}. */
  public SocketControl control(HostTcp host) {
    return new SocketControl(s, host);
  }

  /** Reads ahead what coming packets will need. */
  public Touch touch() {
    return s.touch;
  }

  /** The instant of the event that is about to be handled. */
  public void now(long nowNs) {
    s.nowNs = nowNs;
  }

  /** To be called when the event at hand and all that applications make of it are over. */
  public void settle() {
    timers.settle();
  }

  /**
   * A segment as {@link Segment#write(long[], int, int)} laid it out, for the host with that id.
   */
  public void segmentArrived(long nowNs, int hostId, long[] words, int at) {
    segmentArrived(nowNs, hosts[hostId], words, at);
  }

  /** The same for who has the host at hand. */
  public void segmentArrived(long nowNs, HostTcp host, long[] words, int at) {
    Segment in = s.in;
    in.readQueued(words, at);
    s.enter(nowNs, host, in.destination);
    if (host.isOff) {
      return;
    }
    host.mib[Mib.IN_SEGS]++;
    switch (find()) {
      case Demux.NONE:
        toListener();
        break;
      case Demux.CONNECTION:
        boolean isOpening = s.tcb.state() == State.SYN_SENT;
        s.load();
        if (isOpening) {
          s.handshake.synSentSegment();
        } else {
          s.established.segment();
        }
        break;
      case Demux.TIME_WAIT:
        s.timeWait.segment();
        break;
      default:
        s.listenQueues.segment();
        break;
    }
  }

  /** Moves to the record that the segment at hand is for: its demux tag, or NONE. */
  private int find() {
    Segment in = s.in;
    int local = in.destination;
    int remote = in.source;
    int ports = in.ports << 16 | in.ports >>> 16;
    int socket = in.toSocket;
    if (socket != 0) {
      if (s.tcb.isAt(socket, local, remote, ports)) {
        return Demux.CONNECTION;
      }
      if (s.req.isAt(socket, local, remote, ports)) {
        return Demux.REQUEST;
      }
    }
    return demux.lookUp(Demux.hash(local, remote, ports), local, remote, ports);
  }

  /** {@code tcp_rcv_state_process} in LISTEN, and CLOSED where nobody listens. */
  private void toListener() {
    Segment in = s.in;
    int ports = in.ports << 16 | in.ports >>> 16;
    Listener l = s.host.listenerFor(in.destination, in.source, ports);
    if (l == null || in.has(Segment.ACK) && !s.cookies.isValid(l)) {
      s.resets.toSegment();
    } else if (in.has(Segment.ACK)) {
      s.handshake.acceptCookie(l);
    } else if ((in.flags & (Segment.RST | Segment.SYN | Segment.FIN)) == Segment.SYN) {
      s.handshake.synArrived(l);
    }
  }

  /** The wheel has opened a slot: asks for the exact instant, or drops an entry that is stale. */
  public void due(int id, long slot) {
    int row = TimerIds.row(id);
    long nowNs = slot << TimerWheel.SLOT_SHIFT;
    switch (TimerIds.kind(id)) {
      case TimerIds.CONNECTION:
        tcb.move(row);
        if (tcb.state() != State.CLOSED && s.timers.hasEntry((int) slot)) {
          s.host = hosts[addresses.hostOf(tcb.local())];
          s.nowNs = nowNs;
          s.timers.due(row, (int) slot);
        }
        break;
      case TimerIds.KEEPALIVE:
        tcb.move(TimerIds.keepaliveRow(id));
        if (tcb.state() != State.CLOSED) {
          s.host = hosts[addresses.hostOf(tcb.local())];
          s.nowNs = nowNs;
          s.keepalive.due(id, slot);
        }
        break;
      case TimerIds.REQUEST:
        req.move(row);
        if (req.isLive()) {
          s.host = hosts[addresses.hostOf(req.local())];
          s.nowNs = nowNs;
          s.listenQueues.due(row, (int) slot);
        }
        break;
      default:
        hostDue(id, slot);
        break;
    }
  }

  /**
   * The place of a timer among those of its host that fire at the same instant, 39 bits: kind, then
   * a hash of the connection. It must not be the order of arming: an entry that a dead connection
   * left in the wheel would move the one that has its row now.
   */
  public long orderOf(int id) {
    long kind = (long) TimerIds.kind(id) << 37;
    switch (TimerIds.kind(id)) {
      case TimerIds.CONNECTION:
        return kind | tcb.orderOf(TimerIds.row(id));
      case TimerIds.KEEPALIVE:
        return kind | tcb.orderOf(TimerIds.keepaliveRow(id));
      case TimerIds.REQUEST:
        return kind | req.orderOf(TimerIds.row(id));
      default:
        return kind | TimerIds.row(id);
    }
  }

  private void hostDue(int id, long slot) {
    HostTcp h = hosts[TimerIds.host(id)];
    long from = slot << TimerWheel.SLOT_SHIFT;
    long to = slot + 1 << TimerWheel.SLOT_SHIFT;
    if (TimerIds.isSlots(id)) {
      long tick = h.slots.tickNs();
      if (tick >= from && tick < to) {
        s.alarms.fireAt(h.host(), tick, id);
      }
      return;
    }
    long jiffy = h.host().commonJiffies(from - 1) + 1;
    for (long ns = h.host().commonJiffyNs(jiffy); ns < to; ns = h.host().commonJiffyNs(++jiffy)) {
      if (h.lanes.has((int) jiffy)) {
        s.alarms.fireAt(h.host(), ns, id);
      }
    }
  }

  /** The instant of an alarm. How many timers truly expired; 0 if it was stale. */
  public int timerFired(long nowNs, int id) {
    int row = TimerIds.row(id);
    switch (TimerIds.kind(id)) {
      case TimerIds.CONNECTION:
        tcb.move(row);
        if (tcb.state() == State.CLOSED) {
          return 0;
        }
        s.enter(nowNs, hosts[addresses.hostOf(tcb.local())], tcb.local());
        return s.timers.fired() ? 1 : 0;
      case TimerIds.KEEPALIVE:
        tcb.move(TimerIds.keepaliveRow(id));
        if (tcb.state() == State.CLOSED) {
          return 0;
        }
        s.enter(nowNs, hosts[addresses.hostOf(tcb.local())], tcb.local());
        return s.keepalive.fired(id) ? 1 : 0;
      case TimerIds.REQUEST:
        req.move(row);
        if (!req.isLive()) {
          return 0;
        }
        s.enter(nowNs, hosts[addresses.hostOf(req.local())], req.local());
        return s.listenQueues.fired() ? 1 : 0;
      default:
        return hostFired(nowNs, id);
    }
  }

  private int hostFired(long nowNs, int id) {
    HostTcp h = hosts[TimerIds.host(id)];
    s.enter(nowNs, h, h.host().firstAddress());
    if (TimerIds.isSlots(id)) {
      return h.slots.tick();
    }
    int jiffy = (int) h.host().commonJiffies(nowNs);
    int last = h.lanes.take(jiffy);
    return last == 0 ? 0 : s.timeWait.expire(last, jiffy);
  }

  /**
   * An ICMP destination unreachable for a segment that this host sent.
   *
   * @param code as in the ICMP message: 0 net, 1 host, 3 port, 13 administratively prohibited
   * @param ports local port in the high half, remote port in the low half
   * @param seq sequence number of the segment that could not be delivered
   */
  public void unreachable(
      long nowNs, int hostId, int code, int local, int remote, int ports, int seq) {
    s.enter(nowNs, hosts[hostId], local);
    int p = demux.find(Demux.hash(local, remote, ports), local, remote, ports);
    if (p < 0) {
      return;
    }
    if (demux.tagAt(p) == Demux.CONNECTION) {
      s.load();
      s.unreachable.connection(code, seq);
    } else if (demux.tagAt(p) == Demux.REQUEST) {
      s.unreachable.request(code, seq);
    }
  }

  // ---- faults

  /** The host loses its power: all that its kernel knew is gone, and nothing is sent. */
  public void powerOff(long nowNs, int hostId) {
    s.enter(nowNs, hosts[hostId], hosts[hostId].host().firstAddress());
    s.machineEnds.powerOff();
  }

  /** The host has power again: the same addresses, an empty stack. */
  public void powerOn(int hostId) {
    hosts[hostId].isOff = false;
  }

  /** The application of a host is killed: the kernel closes all its sockets. */
  public void killProcess(long nowNs, int hostId) {
    s.enter(nowNs, hosts[hostId], hosts[hostId].host().firstAddress());
    s.machineEnds.killProcess(sockets(hosts[hostId]));
  }

  /** listen() again on a port that is listened on: another backlog from now on. */
  public void backlog(int hostId, int port, int backlog) {
    Listener l = hosts[hostId].listenerOn(port);
    if (l != null) {
      hosts[hostId].backlog(l, backlog);
    }
  }

  // ---- for observers

  /** The tables themselves, for the tests of this package. */
  Stack stack() {
    return s;
  }

  /** Rows alive: connections, requests, TIME_WAITs; and demux entries, which must be their sum. */
  public int connections() {
    return tcb.live();
  }

  public int requests() {
    return req.live();
  }

  public int timeWaits() {
    return s.tw.live();
  }

  public int flights() {
    return s.fl.live();
  }

  public int segmentsQueued() {
    return s.sq.live();
  }

  public int demuxEntries() {
    return demux.size();
  }
}
