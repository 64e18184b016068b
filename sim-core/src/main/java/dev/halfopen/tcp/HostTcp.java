package dev.halfopen.tcp;

import dev.halfopen.net.Host;
import java.util.Arrays;
import org.agrona.collections.IntHashSet;
import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;

/** The kernel state of one host: sysctls, counters, gauges, listeners, ports, TIME_WAIT lanes. */
public final class HostTcp {
  static final long NO_STAMP = Long.MIN_VALUE;

  private final Host host;
  private final SysctlProfile sysctl;
  final long[] mib = new long[Mib.COUNT];
  final SocketGauges gauges = new SocketGauges();
  final DestinationUse destinations = new DestinationUse();

  /** Peers whose round trip was measured by a connection that has ended. */
  final IntHashSet proven = new IntHashSet();

  /** With tcp_tw_recycle: by peer, its last timestamp 32 | when, s. */
  final Long2LongHashMap stamps = new Long2LongHashMap(NO_STAMP);

  final PortAllocator ports;
  final TimeWaitLanes lanes;
  final TimeWaitSlots slots;
  final PortBinder binder;

  /** The rules and sysctls that hot code asks for, as plain fields. */
  final KernelProfile.TimerRounding rounding;

  /** {@link KernelProfile.TimeWaitClock#SLOTS}. */
  final boolean timeWaitSlots;

  /** No {@link KernelChange#TIMER_OF_EACH_REQUEST}. */
  final boolean listenerPrunes;

  /** {@link KernelChange#OLD_ACK_WITHIN_ACKED_BYTES}. */
  final boolean boundsOldAcks;

  /** {@link KernelChange#OLD_PAWS_ACK_UNANSWERED}. */
  final boolean ignoresOldPawsAcks;

  /** {@link KernelChange#REQUEST_CHECKS_ECHO}. */
  final boolean checksRequestEchoes;

  final int hz;

  /** TCP_ATO_MIN and TCP_DELACK_MIN: 40 ms. */
  final int leastAto;

  /** TCP_DELACK_MAX: 200 ms. */
  final int mostAto;

  /** The slack of a loss probe: two jiffies. */
  final int lossProbeSlackUs;

  /** 0 where it is no whole number. */
  private final int wholeUsPerJiffy;

  int portFirst;
  int portLast;
  boolean timestamps;
  boolean sack;
  boolean windowScaling;

  /** Peers matter only where cookies are off, and tcp_no_metrics_save forbids it. */
  boolean remembersPeers;

  /** tcp_early_retrans 3 or 4. */
  boolean lossProbes;

  int rtoMinUs;
  int rtoMaxJiffies;
  int maxTimeWaits;
  int maxOrphans;
  int synCookies;
  int twReuse;
  boolean twRecycle;
  int twReuseDelayMs;
  int finTimeoutJiffies;

  /** Payload that a fresh receive buffer has room for, {@code tcp_win_from_space}: half of it. */
  int receiveSpace;

  /** The last answer of {@link Receive#initialWindow}, and for which MSS: a division a packet. */
  int windowMss;

  int windowOfMss;

  /** What a SYN offers, so that the largest receive buffer fits a window. */
  int windowScale;

  /** MSS that an interface of this host allows: its MTU less the headers. */
  int interfaceMss = 1460;

  /** What this host offered last in a SYN or SYN-ACK; null after a change of its sysctls. */
  @Nullable Contract offered;

  /** Data that ends no message is read at once, without a word to the application. */
  boolean readsAtOnce;

  /** Its power is gone: nothing arrives, nothing is known. */
  boolean isOff;

  /** IP and TCP without options. */
  private int headerBytes = 40;

  /** What a SYN cookie can say of the peer's MSS. */
  int[] cookieMss = SynCookies.MSS_OF_IPV4;

  /** The device drops whatever it is given and says so: a full queue of length 0. */
  boolean deviceRefuses;

  private Listener[] listeners = new Listener[0];
  private final long[] boundPorts = new long[1 << 10];

  HostTcp(Host host, SysctlProfile sysctl, Stack stack) {
    this.host = host;
    this.sysctl = sysctl;
    this.rounding = sysctl.kernel().timerRounding();
    KernelProfile kernel = sysctl.kernel();
    this.timeWaitSlots = kernel.timeWaitClock() == KernelProfile.TimeWaitClock.SLOTS;
    this.listenerPrunes = !kernel.has(KernelChange.TIMER_OF_EACH_REQUEST);
    this.boundsOldAcks = kernel.has(KernelChange.OLD_ACK_WITHIN_ACKED_BYTES);
    this.ignoresOldPawsAcks = kernel.has(KernelChange.OLD_PAWS_ACK_UNANSWERED);
    this.checksRequestEchoes = kernel.has(KernelChange.REQUEST_CHECKS_ECHO);
    this.hz = host.hz();
    this.wholeUsPerJiffy = 1_000_000 % hz == 0 ? 1_000_000 / hz : 0;
    this.leastAto = hz / 25;
    this.mostAto = hz / 5;
    this.lossProbeSlackUs = usOfJiffies(2);
    this.ports = new PortAllocator(stack, this);
    this.lanes = new TimeWaitLanes(stack.laneChunks);
    this.binder = new PortBinder(stack, this);
    this.slots = new TimeWaitSlots(stack, this);
    refresh();
  }

  /** Reads the sysctls again, after one of them was set. */
  public void refresh() {
    int first = (int) sysctl.get(Sysctl.PORT_RANGE_FIRST);
    int last = (int) sysctl.get(Sysctl.PORT_RANGE_LAST);
    if (first != portFirst || last != portLast) {
      portFirst = first;
      portLast = last;
      ports.forgetPools();
    }
    offered = null;
    timestamps = sysctl.get(Sysctl.TCP_TIMESTAMPS) != 0;
    sack = sysctl.get(Sysctl.TCP_SACK) != 0;
    lossProbes = sysctl.get(Sysctl.TCP_EARLY_RETRANS) >= 3;
    windowScaling = sysctl.get(Sysctl.TCP_WINDOW_SCALING) != 0;
    rtoMinUs = (int) sysctl.get(Sysctl.TCP_RTO_MIN_US);
    rtoMaxJiffies = jiffiesOfMs(sysctl.get(Sysctl.TCP_RTO_MAX_MS));
    maxTimeWaits = ofAllMachines(sysctl.get(Sysctl.TCP_MAX_TW_BUCKETS));
    maxOrphans = ofAllMachines(sysctl.get(Sysctl.TCP_MAX_ORPHANS));
    synCookies = (int) sysctl.get(Sysctl.TCP_SYNCOOKIES);
    remembersPeers = synCookies == 0 && sysctl.get(Sysctl.TCP_NO_METRICS_SAVE) == 0;
    twRecycle = sysctl.get(Sysctl.TCP_TW_RECYCLE) != 0;
    twReuse = (int) sysctl.get(Sysctl.TCP_TW_REUSE);
    twReuseDelayMs = (int) sysctl.get(Sysctl.TCP_TW_REUSE_DELAY);
    receiveSpace = sysctl.receiveBufferBytes() / 2;
    windowMss = 0;
    int log = 31 - Integer.numberOfLeadingZeros(sysctl.receiveBufferBytesMax());
    windowScale = Math.max(0, Math.min(14, log - 15));
    finTimeoutJiffies =
        (int) Math.min(Integer.MAX_VALUE / 4, sysctl.get(Sysctl.TCP_FIN_TIMEOUT) * hz);
  }

  /** Whether the stack reads for the applications of this host whatever ends no message. */
  public void readsAtOnce(boolean on) {
    readsAtOnce = on;
  }

  /** A limit that each machine has: a farm, which counts its machines together, has all of them. */
  private int ofAllMachines(long limit) {
    return (int) Math.min(Integer.MAX_VALUE, limit * host.addressCount());
  }

  /** Whether tcp_tw_reuse lets connect() take over TIME_WAITs towards that address. */
  boolean mayReuseTowards(int remote) {
    return twReuse == 1 || twReuse == 2 && host.owns(remote);
  }

  /** {@code msecs_to_jiffies}: rounds up. */
  int jiffiesOfMs(long ms) {
    return (int) ((ms * hz + 999) / 1000);
  }

  /** {@code usecs_to_jiffies}: rounds up. */
  int jiffiesOfUs(long us) {
    return (int) ((us * hz + 999_999) / 1_000_000);
  }

  int usOfJiffies(int jiffies) {
    return wholeUsPerJiffy != 0 ? jiffies * wholeUsPerJiffy : (int) (jiffies * 1_000_000L / hz);
  }

  /** MTU of the interfaces; connections that are open keep what they agreed on. */
  public void mtu(int bytes) {
    interfaceMss = bytes - headerBytes;
  }

  /** The sizes of IPv6: headers 20 bytes longer, other MSS in SYN cookies; before {@link #mtu}. */
  public void sizesOfIpv6() {
    headerBytes = 60;
    cookieMss = SynCookies.MSS_OF_IPV6;
  }

  /** From now on the device refuses every segment, or takes them again. */
  public void deviceRefuses(boolean all) {
    deviceRefuses = all;
  }

  public Host host() {
    return host;
  }

  public SysctlProfile sysctl() {
    return sysctl;
  }

  void count(int mibIndex) {
    mib[mibIndex]++;
  }

  /** A counter of {@link Mib}. */
  public long counter(int mibIndex) {
    return mib[mibIndex];
  }

  public SocketGauges gauges() {
    return gauges;
  }

  /** Ports of this machine (not of a farm) in use towards a destination, TIME_WAIT included. */
  public int portsInUse(int remoteAddress, int remotePort) {
    return destinations.inUse(remoteAddress, remotePort);
  }

  /** The most that {@link #portsInUse} has been. */
  public int portsPeak(int remoteAddress, int remotePort) {
    return destinations.peak(remoteAddress, remotePort);
  }

  /** When {@link #portsPeak} was reached. */
  public long portsPeakAtNs(int remoteAddress, int remotePort) {
    return destinations.peakAtNs(remoteAddress, remotePort);
  }

  /** Ports that connect() has looked at, as the kernel would have, over the whole run. */
  public long portsTried() {
    return ports.tried();
  }

  // ---- listeners

  Listener listen(int port, int backlog, SocketOptions options, int optionsId, int handle) {
    Listener l = new Listener(listeners.length, port, options, optionsId, handle);
    backlog(l, backlog);
    listeners = Arrays.copyOf(listeners, listeners.length + 1);
    listeners[l.number] = l;
    boundPorts[port >>> 6] |= 1L << port;
    return l;
  }

  void backlog(Listener l, int backlog) {
    l.backlog = Math.min(backlog, (int) sysctl.get(Sysctl.SOMAXCONN));
    l.requestLimit = sysctl.kernel().requestLimit(l.backlog, sysctl);
  }

  /** Open listeners at this moment are closed without a word; what they knew is gone. */
  void forgetListeners() {
    for (Listener l : listeners) {
      if (!l.closed) {
        while (l.pop() != 0) {
          // its connections are gone already
        }
        l.requests = 0;
        l.young = 0;
        unlisten(l);
      }
    }
  }

  int listenerCount() {
    return listeners.length;
  }

  void unlisten(Listener l) {
    l.closed = true;
    for (Listener other : listeners) {
      if (other.port == l.port && !other.closed) {
        return;
      }
    }
    boundPorts[l.port >>> 6] &= ~(1L << l.port);
  }

  /** Sets the counts of half-open connections of a port's listeners to nothing. */
  void forgetRequests(int port) {
    for (Listener l : listeners) {
      if (l.port == port) {
        l.requests = 0;
        l.young = 0;
      }
    }
  }

  /** A connection on that port has ended before it was accepted, whoever's queue it is in. */
  void markDead(int port, int row, int errno) {
    for (Listener l : listeners) {
      if (l.port == port) {
        l.markDead(row, errno);
      }
    }
  }

  Listener listener(int number) {
    return listeners[number];
  }

  /** An open listener on a port, or null; of several with SO_REUSEPORT the first. */
  @Nullable Listener listenerOn(int port) {
    if (!isBound(port)) {
      return null;
    }
    for (Listener l : listeners) {
      if (l.port == port && !l.closed) {
        return l;
      }
    }
    return null;
  }

  /**
   * The listener that serves a peer: SO_REUSEPORT picks by a hash ({@code reuseport_select_sock}).
   */
  @Nullable Listener listenerFor(int local, int remote, int ports) {
    int port = ports >>> 16;
    Listener first = listenerOn(port);
    if (first == null || !first.options.reusePort) {
      return first;
    }
    int group = 0;
    for (Listener l : listeners) {
      group += l.port == port && !l.closed ? 1 : 0;
    }
    int hash = Demux.hash(local, remote, ports);
    int chosen = (int) ((hash & 0xFFFFFFFFL) * group >>> 32);
    for (Listener l : listeners) {
      if (l.port == port && !l.closed && chosen-- == 0) {
        return l;
      }
    }
    return first;
  }

  /** The accept queue of a port: min(backlog, somaxconn) + 1 at the most. */
  public QueueUse acceptQueue(int port) {
    QueueUse use = new QueueUse(0, 0, 0);
    for (Listener l : listeners) {
      if (l.port == port && (use.limit() == 0 || l.queuedPeak > use.peak())) {
        use = new QueueUse(l.queuedPeak, l.backlog + 1, l.queuedPeakAtNs);
      }
    }
    return use;
  }

  /** Connections that wait for accept(), of all listeners. */
  public int acceptQueued() {
    int sum = 0;
    for (Listener l : listeners) {
      sum += l.closed ? 0 : l.queued();
    }
    return sum;
  }

  /**
   * The SYN queue of a port; without cookies the part of tcp_max_syn_backlog that is not kept for
   * proven peers bounds it too ({@code tcp_conn_request}).
   */
  public QueueUse synQueue(int port) {
    QueueUse use = new QueueUse(0, 0, 0);
    for (Listener l : listeners) {
      if (l.port == port && (use.limit() == 0 || l.requestsPeak > use.peak())) {
        use = new QueueUse(l.requestsPeak, synQueueLimit(l), l.requestsPeakAtNs);
      }
    }
    return use;
  }

  private int synQueueLimit(Listener l) {
    int limit = l.requestLimit + 1;
    long most = sysctl.get(Sysctl.TCP_MAX_SYN_BACKLOG);
    return synCookies == 0 ? (int) Math.min(limit, most - (most >> 2) + 1) : limit;
  }

  /** Whether all listeners on a port have SO_REUSEPORT, so that one more may join. */
  boolean listenersShare(int port) {
    for (Listener l : listeners) {
      if (l.port == port && !l.closed && !l.options.reusePort) {
        return false;
      }
    }
    return true;
  }

  /** Whether a listener or an explicit bind holds the port. */
  boolean isBound(int port) {
    return (boundPorts[port >>> 6] & 1L << port) != 0;
  }
}
