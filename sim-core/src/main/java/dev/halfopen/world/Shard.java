package dev.halfopen.world;

import dev.halfopen.app.Application;
import dev.halfopen.engine.EventQueue;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.Order;
import dev.halfopen.engine.TimerWheel;
import dev.halfopen.net.AddressTable;
import dev.halfopen.net.Host;
import dev.halfopen.net.Segment;
import dev.halfopen.net.capture.Tap;
import dev.halfopen.tcp.Tcp;
import dev.halfopen.tcp.Touch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The only loop: opens wheel slots and buckets in time order, dispatches their events, drains
 * readiness after each. It has a calendar, a wheel and tables of its own and serves some of the
 * world's hosts; what it shares with other shards is read only, but for the {@link Mailbox}es. One
 * thread at a time.
 */
final class Shard {
  private static final int SLOT_SHIFT = TimerWheel.SLOT_SHIFT;

  private final EventQueue queue;
  private final TimerWheel wheel;
  private final MemoryBudget budget;
  private final ReadyRing ready;
  private final Segment icmp = new Segment();
  private final Wire wire;
  private final Tcp tcp;
  private final Host[] hosts;
  private final @Nullable Application[] applications;
  private final Touch touch;
  private final FloodLanes floods;
  private final Intake intake;
  private final @Nullable Tap tap;

  /** Of the hosts, those that are served here. */
  private Host[] own;

  private Mailbox[] outgoing = {};
  private Mailbox[] incoming = {};

  /** The last even and the last odd window in which others have sent something here. */
  private final long[] mailWindow = {-1, -1};

  private long lastWindow = -1;
  private long windowEndNs;

  /** The first arrival of what was sent to other shards in that window. */
  private long leastSentNs = Long.MAX_VALUE;

  /** Of the hosts that faults touch; null elsewhere. */
  private final @Nullable AppProcess[] processes;

  private Fault[] faults = new Fault[0];

  /** Those that say what they will do soon. */
  private Application[] foreseeing = {};

  private int untilTouch;
  private int untilTuples;
  private long endNs;
  private long nowNs;

  /** Packets delivered, those of floods aside. */
  private long segments;

  private long datagrams;

  /** Events that are no packets. */
  private long otherEvents;

  private boolean started;
  private boolean bucketOpen;

  Shard(
      MemoryBudget budget,
      Host[] hosts,
      AddressTable addresses,
      @Nullable Application[] applications,
      @Nullable Tap tap) {
    this.budget = budget;
    this.tap = tap;
    this.ready = new ReadyRing(budget);
    this.queue = new EventQueue(budget);
    this.wheel = new TimerWheel(budget);
    this.wire = new Wire(queue, addresses, hosts, tap);
    WheelAlarms alarms = new WheelAlarms(wheel, queue);
    this.tcp = new Tcp(budget, addresses, wire, alarms, ready);
    alarms.of(tcp);
    this.touch = tcp.touch();
    this.hosts = hosts;
    this.own = hosts;
    this.applications = applications;
    this.intake = new Intake(queue, tcp, hosts, tap);
    this.floods = new FloodLanes(queue, intake, addresses, ready);
    this.processes = new AppProcess[hosts.length];
  }

  /** Serves these of the world's hosts only. */
  void serve(Host[] some) {
    own = some;
  }

  /** Exchanges packets with the shards that serve other hosts. */
  void connect(Mailbox[] out, Mailbox[] in) {
    outgoing = out;
    incoming = in;
    @Nullable Mailbox[] byHost = new Mailbox[hosts.length];
    for (Mailbox box : out) {
      for (Host h : box.receiver().own) {
        byHost[h.id()] = box;
      }
    }
    wire.mailboxes(byHost);
  }

  private boolean serves(Host host) {
    for (Host h : own) {
      if (h == host) {
        return true;
      }
    }
    return false;
  }

  /** One of those that are served here. */
  @Nullable Host anyHost() {
    return own.length == 0 ? null : own[0];
  }

  Tcp tcp() {
    return tcp;
  }

  Wire wire() {
    return wire;
  }

  FloodLanes floods() {
    return floods;
  }

  long nowNs() {
    return nowNs;
  }

  long events() {
    return otherEvents + delivered();
  }

  long delivered() {
    return segments + datagrams + floods.syns();
  }

  /** A segment that an application made itself, from any source address. */
  void sendRaw(Host host, Segment segment) {
    wire.emit(nowNs, host, segment);
  }

  /** An application event, at least 1 ns ahead. */
  void timerAt(Host host, long timeNs, int kind, long argument) {
    long[] words = queue.append(Math.max(timeNs, nowNs + 1), host.nextOrder(Order.APP_TIMER));
    int at = queue.base();
    words[at + 1] = host.id();
    AppProcess p = processes[host.id()];
    words[at + 2] = p == null ? kind : p.stamp(kind);
    words[at + 3] = argument;
  }

  /** Queues the faults of the hosts that are served here; before the run starts. */
  void plan(Fault[] planned) {
    faults = planned;
    for (int i = 0; i < planned.length; i++) {
      Host host = planned[i].host;
      if (!serves(host)) {
        continue;
      }
      Application a = applications[host.id()];
      if (a != null && processes[host.id()] == null) {
        processes[host.id()] = new AppProcess(a, budget);
      }
      queue.append(Math.max(1, planned[i].timeNs), host.nextOrder(Order.FAULT))[queue.base() + 1] =
          i;
    }
  }

  private void start() {
    started = true;
    for (Host h : own) {
      Application a = applications[h.id()];
      if (a != null) {
        tcp.now(0);
        // One that can hang or die has to be seen to read.
        tcp.host(h.id()).readsAtOnce(a.readsAtOnce() && processes[h.id()] == null);
        a.start(0);
        if (ready.size() != 0) {
          drain();
        }
        tcp.settle();
        if (a.foresees() && processes[h.id()] == null) {
          foreseeing = Arrays.copyOf(foreseeing, foreseeing.length + 1);
          foreseeing[foreseeing.length - 1] = a;
        }
      }
    }
  }

  // ---- windows

  /**
   * Runs window {@code number} up to and including {@code untilNs}, which need not be its end: it
   * is the same window then that the next call goes on with.
   */
  void window(long number, long windowEnd, long untilNs) {
    if (number != lastWindow) {
      begin(number, windowEnd);
    }
    run(untilNs);
  }

  private void begin(long number, long windowEnd) {
    lastWindow = number;
    windowEndNs = windowEnd;
    leastSentNs = Long.MAX_VALUE;
    for (Mailbox box : outgoing) {
      box.begin(number);
    }
    if (hasMailOf(number - 1)) {
      for (Mailbox box : incoming) {
        box.empty(number - 1, queue);
      }
    }
  }

  /** Whether there is anything to do in window {@code number} up to {@code untilNs}. */
  boolean isDue(long number, long untilNs) {
    return number != lastWindow && hasMailOf(number - 1) || nextNs() <= untilNs;
  }

  private boolean hasMailOf(long number) {
    return number >= 0 && mailWindow[(int) number & 1] == number;
  }

  /** Somebody has sent something here in that window; all who do write the same. */
  void hasMail(long number) {
    mailWindow[(int) number & 1] = number;
  }

  /** A packet that arrives then was sent to another shard. */
  void sent(long arrivalNs) {
    if (arrivalNs <= windowEndNs) {
      throw new IllegalStateException(
          "a packet arrives at " + arrivalNs + " ns, within a window up to " + windowEndNs);
    }
    leastSentNs = Math.min(leastSentNs, arrivalNs);
  }

  /** A bound: nothing known here happens earlier, nor arrives what was sent in that window. */
  long nextNs(long number) {
    return lastWindow == number ? Math.min(leastSentNs, nextNs()) : nextNs();
  }

  private long nextNs() {
    if (!started) {
      return 0;
    }
    long eventNs = bucketOpen ? queue.nextTimeNs() : queue.nextBucketNs();
    long slot = wheel.nextSlot();
    return slot == Long.MAX_VALUE ? eventNs : Math.min(eventNs, slot << SLOT_SHIFT);
  }

  /** Runs all events up to and including {@code untilNs}. */
  void run(long untilNs) {
    endNs = untilNs;
    if (!started) {
      start();
    }
    for (; ; ) {
      if (!bucketOpen && !openNext(untilNs)) {
        break;
      }
      if (!dispatchBucket(untilNs)) {
        break;
      }
    }
    nowNs = Math.max(nowNs, untilNs);
  }

  /** Opens the wheel slots and then the bucket that come next; false if both lie beyond the end. */
  private boolean openNext(long untilNs) {
    for (; ; ) {
      long bucketNs = queue.nextBucketNs();
      long slot = wheel.nextSlot();
      long slotNs = slot == Long.MAX_VALUE ? slot : slot << SLOT_SHIFT;
      if (slotNs <= bucketNs) {
        if (slotNs > untilNs) {
          return false;
        }
        openSlot(slot);
      } else {
        if (bucketNs > untilNs) {
          return false;
        }
        long bucketSlot = bucketNs >>> SLOT_SHIFT;
        if (bucketSlot > wheel.currentSlot()) {
          openSlot(bucketSlot);
        }
        queue.open(bucketNs);
        untilTouch = 0;
        untilTuples = 0;
        bucketOpen = true;
        return true;
      }
    }
  }

  private void openSlot(long slot) {
    wheel.open(slot);
    int ahead = 0;
    while (wheel.next()) {
      if (--ahead < 0) {
        ahead = touch.timers(wheel);
      }
      tcp.due(wheel.id(), slot);
    }
  }

  /** Dispatches the open bucket up to the end; false if events beyond the end remain in it. */
  private boolean dispatchBucket(long untilNs) {
    EventQueue q = queue;
    while (true) {
      if (--untilTouch < 0) {
        touchNext();
      }
      if (!q.nextUpTo(untilNs)) {
        break;
      }
      long timeNs = q.timeNs();
      nowNs = timeNs;
      long[] words = q.array();
      int at = q.index();
      if (Order.kind(q.order()) != Order.PACKET || Segment.isDatagram(words, at)) {
        dispatchOther(timeNs, words, at);
      } else {
        segments++;
        intake.arrives(timeNs, Segment.destinationHost(words, at), words, at);
      }
      if (ready.size() != 0) {
        drain();
      }
      tcp.settle();
    }
    if (q.hasNext()) {
      return false;
    }
    q.close();
    bucketOpen = false;
    return true;
  }

  /** Reads ahead what the next events need, where the tables are too large for the cache. */
  private void touchNext() {
    untilTouch = Touch.BATCH - 1;
    if (touch.wantsTuples()) {
      untilTuples -= Touch.BATCH;
      if (untilTuples < 0) {
        touchTuples();
      }
      if (touch.wantsConnections()) {
        int n = Math.min(queue.ahead(), Touch.BATCH);
        for (int i = 0; i < n; i++) {
          touch.addConnection(queue.arrayAhead(i), queue.indexAhead(i));
        }
        touch.readConnections();
      }
    }
  }

  private void touchTuples() {
    untilTuples = Touch.BATCH_OF_TUPLES - Touch.BATCH;
    int n = Math.min(queue.ahead(), Touch.BATCH_OF_TUPLES);
    if (touch.findsTuples()) {
      for (int i = 0; i < n; i++) {
        touch.addTuple(queue.arrayAhead(i), queue.indexAhead(i));
      }
    }
    if (foreseeing.length != 0) {
      foresee(n == Touch.BATCH_OF_TUPLES ? queue.timeAhead(n - 1) : queue.bucketEndNs());
    }
    touch.readTuples();
  }

  private void foresee(long untilNs) {
    for (Application a : foreseeing) {
      a.foresee(untilNs);
    }
  }

  /**
   * What is no segment. Longer than compilers inline (HotSpot: 325 bytes) on purpose: all that
   * applications do in their timers would else become part of the loop that each packet passes.
   */
  private void dispatchOther(long timeNs, long[] words, int at) {
    int node = Order.node(words[at]);
    int what = (int) words[at + 1];
    switch (Order.kind(words[at])) {
      case Order.TIMER:
        int expired = tcp.timerFired(timeNs, what);
        if (expired > 0) {
          otherEvents += expired;
          hosts[node].digest().add(timeNs, Order.TIMER, expired, 0);
        }
        break;
      case Order.APP_TIMER:
        // Of this kind the word names the host and not the node.
        Application a = applications[what];
        AppProcess p = processes[what];
        int kind = (int) words[at + 2];
        otherEvents++;
        hosts[what].digest().add(timeNs, Order.APP_TIMER, kind, 0);
        if (a != null && (p == null || p.takesTimer(words[at + 2], words[at + 3]))) {
          tcp.now(timeNs);
          a.onTimer(timeNs, kind, words[at + 3]);
        }
        break;
      case Order.PACKET:
        datagrams++;
        datagram(timeNs, Segment.destinationHost(words, at), words, at);
        break;
      case Order.ICMP:
        unreachable(timeNs, words, at);
        break;
      case Order.FAULT:
        fault(timeNs, faults[what]);
        break;
      case Order.FLOOD:
        nowNs = floods.pass(node, endNs);
        break;
      case Order.CPU:
        otherEvents++;
        intake.coreIsFree(timeNs, node, what);
        break;
      default:
        throw new IllegalStateException("event of kind " + Order.kind(words[at]));
    }
  }

  /** Datagrams pass by rings, cores and connection tracking. */
  private void datagram(long timeNs, int host, long[] words, int at) {
    Segment.digest(hosts[host].digest(), timeNs, words, at);
    if (tap != null) {
      tap.arrived(timeNs, host, words, at);
    }
    Application a = applications[host];
    AppProcess p = processes[host];
    if (p != null && !p.runs()) {
      p.datagram(words, at);
    } else if (a != null) {
      tcp.now(timeNs);
      icmp.read(words, at);
      a.onDatagram(timeNs, icmp);
    }
  }

  private void fault(long timeNs, Fault f) {
    otherEvents++;
    int host = f.host.id();
    f.host.digest().add(timeNs, Order.FAULT, f.kind.name().hashCode(), f.argument);
    AppProcess p = processes[host];
    if (f.link != null) {
      Faults.strikeLink(f, f.link);
      return;
    }
    switch (f.kind) {
      case POWER_OFF -> {
        tcp.powerOff(timeNs, host);
        die(timeNs, p);
      }
      case KILL -> {
        tcp.killProcess(timeNs, host);
        die(timeNs, p);
      }
      case POWER_ON -> {
        tcp.powerOn(host);
        revive(timeNs, p);
      }
      case START -> revive(timeNs, p);
      case BACKLOG -> tcp.backlog(host, f.what, (int) f.argument);
      default -> toApplication(timeNs, f, p);
    }
  }

  private void die(long timeNs, @Nullable AppProcess p) {
    if (p != null && !p.isDead()) {
      p.die();
      tcp.now(timeNs);
      p.application().died(timeNs);
    }
  }

  private void revive(long timeNs, @Nullable AppProcess p) {
    if (p != null && p.isDead()) {
      p.start();
      tcp.now(timeNs);
      p.application().start(timeNs);
    }
  }

  private void toApplication(long timeNs, Fault f, @Nullable AppProcess p) {
    if (p == null || p.isDead()) {
      return;
    }
    tcp.now(timeNs);
    switch (f.kind) {
      case HANG -> p.hang(f.argument);
      case RESUME -> p.resume(timeNs);
      default -> p.application().onFault(timeNs, f.what, f.argument);
    }
  }

  private void unreachable(long timeNs, long[] words, int at) {
    int host = Order.node(words[at]);
    otherEvents++;
    Segment.digest(hosts[host].digest(), timeNs, words, at);
    if (tap != null) {
      tap.refused(timeNs, host, words, at);
    }
    icmp.read(words, at);
    tcp.unreachable(
        timeNs,
        host,
        Segment.sideRecord(words, at),
        icmp.source,
        icmp.destination,
        icmp.ports,
        icmp.seq);
  }

  /** Tells the applications what they wait for; there is something. */
  private void drain() {
    do {
      Application a = applications[ready.hostId()];
      AppProcess p = processes[ready.hostId()];
      long socket = ready.socket();
      int handle = ready.handle();
      int bits = ready.bits();
      int mark = ready.mark();
      int errno = ready.errno();
      ready.pop();
      if (p != null && !p.runs()) {
        p.ready(socket, handle, bits, mark, errno);
      } else if (a != null) {
        a.onReady(nowNs, socket, handle, bits, mark, errno);
      }
    } while (ready.size() != 0);
  }
}
