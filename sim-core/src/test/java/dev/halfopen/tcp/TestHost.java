package dev.halfopen.tcp;

import dev.halfopen.engine.EventQueue;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.AddressTable;
import dev.halfopen.net.Host;
import dev.halfopen.net.Segment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A stack with one host on a {@link TestClock}; its sinks record, or hand on what they are told.
 */
final class TestHost {
  static final int CLIENT = 10 << 24 | 1;
  static final int SERVER = 10 << 24 | 2;

  /** What the stack told an application. */
  record Ready(long socket, int handle, int bits, int mark, int errno) {
    boolean has(int bit) {
      return (bits & bit) != 0;
    }

    @Override
    public String toString() {
      StringBuilder b = new StringBuilder();
      String[] names = {
        "CONNECTED", "MESSAGE", "READABLE", "END_OF_STREAM", "FAILED", "ACCEPTABLE"
      };
      for (int i = 0; i < names.length; i++) {
        if ((bits >>> i & 1) != 0) {
          b.append(b.length() == 0 ? "" : "+").append(names[i]);
        }
      }
      return b + (errno == 0 ? "" : " " + Errno.name(errno)) + (mark == 0 ? "" : " mark " + mark);
    }
  }

  final TestClock clock;
  final Tcp tcp;
  final HostTcp host;
  final Sockets sockets;
  final Stack stack;
  final int address;

  /** Where segments go; records them unless a test routes them elsewhere. */
  Consumer<Segment> wire = s -> {};

  /** What is told of readiness, after the event, in order. */
  Consumer<Ready> application = r -> {};

  /** Every listener that was ever opened through {@link #listen}. */
  final List<Listener> listeners = new ArrayList<>();

  private final List<Segment> sent = new ArrayList<>();
  private final List<Ready> told = new ArrayList<>();
  private final ArrayDeque<Ready> undrained = new ArrayDeque<>();

  private static final AddressTable CLIENT_TABLE = table(CLIENT);
  private static final AddressTable SERVER_TABLE = table(SERVER);

  /** A table of addresses is large and never changes: the hosts of all tests share two. */
  private static AddressTable table(int address) {
    AddressTable t = new AddressTable();
    t.assign(address, 1, 0);
    return t;
  }

  TestHost(TestClock clock, int address, SysctlProfile sysctl, long seed) {
    this.clock = clock;
    this.address = address;
    Host h = new Host(0, address == CLIENT ? "client" : "server", address, 1, sysctl.hz(), seed);
    tcp =
        new Tcp(
            MemoryBudget.unlimited(),
            address == CLIENT ? CLIENT_TABLE : SERVER_TABLE,
            (now, from, segment) -> emitted(segment),
            clock.alarmsOf(this),
            (to, socket, handle, bits, mark, errno) ->
                undrained.add(new Ready(socket, handle, bits, mark, errno)));
    host = tcp.addHost(h, sysctl);
    sockets = tcp.sockets(host);
    stack = tcp.stack();
    tcp.now(clock.nowNs());
  }

  private void emitted(Segment segment) {
    Segment copy = copy(segment);
    sent.add(copy);
    wire.accept(copy);
  }

  /** As the wire would carry it: what the layout drops is dropped here, too. */
  static Segment copy(Segment s) {
    long[] words = new long[EventQueue.WORDS];
    s.write(words, 0, 0);
    Segment c = new Segment();
    c.readQueued(words, 0);
    return c;
  }

  /** A segment arrives now. */
  void arrives(Segment s) {
    long[] words = new long[EventQueue.WORDS];
    s.write(words, 0, 0);
    tcp.segmentArrived(clock.nowNs(), 0, words, 0);
    drain();
  }

  /** An application is about to call: makes the instant current. */
  Sockets calls() {
    tcp.now(clock.nowNs());
    return sockets;
  }

  /** The number of a new listener. */
  int listen(int port, int backlog, SocketOptions options) {
    int number = calls().listen(port, backlog, options, 1000 + port);
    if (number >= 0) {
      listeners.add(host.listener(number));
    }
    return number;
  }

  void drain() {
    tcp.now(clock.nowNs());
    for (Ready r = undrained.poll(); r != null; r = undrained.poll()) {
      told.add(r);
      application.accept(r);
    }
    tcp.settle();
  }

  List<Segment> takeSent() {
    List<Segment> all = new ArrayList<>(sent);
    sent.clear();
    return all;
  }

  List<Ready> takeTold() {
    drain();
    List<Ready> all = new ArrayList<>(told);
    told.clear();
    return all;
  }

  /** Whether no socket of this host, listening or not, is there for a segment. */
  boolean isClosedFor(Segment s) {
    int ports = s.ports << 16 | s.ports >>> 16;
    int hash = Demux.hash(s.destination, s.source, ports);
    return stack.demux.find(hash, s.destination, s.source, ports) < 0
        && host.listenerOn(s.destinationPort()) == null;
  }

  boolean isEmpty() {
    return tcp.connections() + tcp.requests() + tcp.timeWaits() + tcp.demuxEntries() == 0
        && tcp.flights() == 0
        && tcp.segmentsQueued() == 0
        && stack.remains.size() == 0;
  }
}
