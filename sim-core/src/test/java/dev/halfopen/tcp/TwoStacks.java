package dev.halfopen.tcp;

import dev.halfopen.net.Segment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client and a server, each a stack of its own, 1 ms apart, and a wire that asks for the fate of
 * each packet. The applications follow a {@link Plot}; what they have not closed after two minutes
 * they close then. Invariants of both stacks are checked after every event.
 */
final class TwoStacks {
  /** What may happen to one packet. */
  enum Fate {
    DELIVER,
    DROP,
    /** Arrives, and again 30 ms later. */
    DUPLICATE,
    /** Arrives after the next packet of its direction, or 50 ms late. */
    SWAP
  }

  /**
   * Decides on the packets in the order in which they are sent; both directions are one sequence.
   */
  interface Fates {
    Fate of(int packet);
  }

  /** What the applications do; each line is one order of opening, speaking and closing. */
  enum Plot {
    CLIENT_CLOSES_AFTER_RESPONSE,
    SERVER_CLOSES_AFTER_RESPONSE,
    SERVER_SPEAKS_FIRST_AND_CLOSES,
    BOTH_CLOSE_AT_ONCE,
    CLIENT_SHUTS_DOWN_AFTER_REQUEST,
    CLIENT_CLOSES_AFTER_REQUEST,
    CLIENT_CLOSES_WITH_UNREAD_RESPONSE,
    CLIENT_RESETS,
    LONG_RESPONSE,
    SERVER_NEVER_ACCEPTS,
    NOBODY_LISTENS,
    SYN_COOKIES,
    CROSSED_SYNS
  }

  private static final long DELAY_NS = 1_000_000;
  private static final long CLOSE_ALL_NS = 120_000_000_000L;

  /** 16 RTOs of up to 120 s, then TIME_WAIT at the other end. */
  private static final long SETTLED_NS = 2_600_000_000_000L;

  private static final int MOST_PACKETS = 400;
  private static final int REQUEST = 101;
  private static final int RESPONSE = 102;
  private static final int PORT = 80;

  private final TestClock clock = new TestClock(10_000_000_000L);
  private final Plot plot;
  private final Fates fates;
  private final App client;
  private final App server;
  private final List<String> trail = new ArrayList<>();
  private final Segment[] held = new Segment[2];
  private int packets;
  private int delivered;
  private int dropped;
  private int duplicates;
  private int inFlight;

  /** The end that has no socket for the packet that arrives at it now. */
  private @Nullable App atClosed;

  private int listener = -1;

  TwoStacks(Plot plot, KernelProfile kernel, Fates fates) {
    this.plot = plot;
    this.fates = fates;
    client = new App(TestHost.CLIENT, sysctl(kernel));
    server = new App(TestHost.SERVER, sysctl(kernel));
    clock.afterEach(this::check);
  }

  private SysctlProfile sysctl(KernelProfile kernel) {
    SysctlProfile p = new SysctlProfile(kernel);
    p.set(Sysctl.TCP_SYNCOOKIES, plot == Plot.SYN_COOKIES ? 2 : 1);
    if (plot == Plot.CROSSED_SYNS) {
      p.set(Sysctl.PORT_RANGE_FIRST, 5000).set(Sysctl.PORT_RANGE_LAST, 5000);
    }
    return p;
  }

  int packets() {
    return packets;
  }

  List<String> trail() {
    return trail;
  }

  /** Runs the whole life; fails where an invariant does, or where something stays behind. */
  void run() {
    open();
    check();
    long startNs = clock.nowNs();
    clock.advanceTo(startNs + CLOSE_ALL_NS);
    client.closeAll();
    server.closeAll();
    if (listener >= 0) {
      server.h.calls().closeListener(listener);
    }
    check();
    clock.advanceTo(startNs + SETTLED_NS);
    if (inFlight != 0) {
      throw new AssertionError(inFlight + " packets never arrived");
    }
    settled(client, "client");
    settled(server, "server");
    delivered(client, server);
    delivered(server, client);
  }

  private void check() {
    Invariants.check(client.h);
    Invariants.check(server.h);
    conserved();
  }

  private static void settled(App a, String name) {
    if (!a.h.isEmpty()) {
      throw new AssertionError(
          name
              + " has not settled: connections "
              + a.h.tcp.connections()
              + ", requests "
              + a.h.tcp.requests()
              + ", TIME_WAITs "
              + a.h.tcp.timeWaits()
              + ", flights "
              + a.h.tcp.flights()
              + ", queued "
              + a.h.tcp.segmentsQueued());
    }
    if (a.h.host.portsInUse(TestHost.SERVER, PORT) != 0) {
      throw new AssertionError(name + " counts ports of nobody");
    }
  }

  /**
   * Nothing arrives twice or from nowhere, and all of it where both ends saw a clean end. With
   * cookies a duplicate of the request opens a second connection, as it does in Linux.
   */
  private void delivered(App from, App to) {
    if (plot == Plot.SYN_COOKIES) {
      return;
    }
    if (to.bytesRead > from.bytesSent || to.messages > from.messagesSent) {
      throw new AssertionError("received more than was sent");
    }
    boolean clean = from.errors + to.errors == 0 && to.sawEnd;
    if (clean && to.messages != from.messagesSent) {
      throw new AssertionError("end of stream after " + to.messages + " of " + from.messagesSent);
    }
    if (clean
        && to.bytesRead != from.bytesSent
        && plot != Plot.CLIENT_CLOSES_WITH_UNREAD_RESPONSE) {
      throw new AssertionError("read " + to.bytesRead + " of " + from.bytesSent + " bytes");
    }
  }

  private void open() {
    if (plot == Plot.CROSSED_SYNS) {
      client.connect(server.h.address, 5000);
      server.connect(client.h.address, 5000);
      return;
    }
    if (plot != Plot.NOBODY_LISTENS) {
      listener = server.h.listen(PORT, plot == Plot.SERVER_NEVER_ACCEPTS ? 0 : 8, options());
    }
    client.connect(server.h.address, PORT);
  }

  private SocketOptions options() {
    SocketOptions o = new SocketOptions();
    o.lingerOn = plot == Plot.CLIENT_RESETS;
    return o;
  }

  // ---- the wire

  private void sent(App from, Segment s) {
    if (from == atClosed && !s.has(Segment.RST)) {
      throw new AssertionError("CLOSED answers with " + SegmentText.of(s, 0, 0));
    }
    int number = packets++;
    if (number > MOST_PACKETS) {
      throw new AssertionError("more than " + MOST_PACKETS + " packets for one connection");
    }
    Fate fate = fates.of(number);
    boolean fromClient = from == client;
    App to = fromClient ? server : client;
    int side = fromClient ? 0 : 1;
    trail.add(
        (clock.nowNs() / 1000 - 10_000_000)
            + " us "
            + (fromClient ? "> " : "< ")
            + SegmentText.of(s, 0, 0)
            + (fate == Fate.DELIVER ? "" : " " + fate));
    switch (fate) {
      case DELIVER -> {
        deliver(to, s, DELAY_NS);
        release(to, side, DELAY_NS);
      }
      case DROP -> {
        dropped++;
        release(to, side, DELAY_NS);
      }
      case DUPLICATE -> {
        duplicates++;
        deliver(to, s, DELAY_NS);
        deliver(to, s, 30 * DELAY_NS);
        release(to, side, DELAY_NS);
      }
      default -> {
        release(to, side, DELAY_NS);
        held[side] = s;
        inFlight++;
        clock.in(50 * DELAY_NS, () -> late(to, side, s));
      }
    }
  }

  private void deliver(App to, Segment s, long delayNs) {
    inFlight++;
    clock.in(delayNs, () -> arrives(to, s));
  }

  private void arrives(App to, Segment s) {
    inFlight--;
    delivered++;
    atClosed = to.h.isClosedFor(s) ? to : null;
    to.h.arrives(s);
    atClosed = null;
  }

  /** Every packet that was sent is somewhere. */
  private void conserved() {
    if (packets + duplicates != delivered + dropped + inFlight) {
      throw new AssertionError(
          packets
              + " sent, "
              + delivered
              + " delivered, "
              + dropped
              + " dropped, "
              + inFlight
              + " in flight");
    }
  }

  private void release(App to, int side, long delayNs) {
    Segment s = held[side];
    if (s != null) {
      held[side] = null;
      inFlight--;
      deliver(to, s, delayNs);
    }
  }

  private void late(App to, int side, Segment s) {
    if (held[side] == s) {
      held[side] = null;
      arrives(to, s);
    }
  }

  // ---- the applications

  private final class App {
    final TestHost h;
    final boolean isClient;
    private final List<Long> open = new ArrayList<>();
    int bytesSent;
    int bytesRead;
    int messages;
    int messagesSent;
    int errors;
    boolean sawEnd;

    App(int address, SysctlProfile sysctl) {
      isClient = address == TestHost.CLIENT;
      h = new TestHost(clock, address, sysctl, 3);
      h.wire = s -> sent(this, s);
      h.application = this::told;
    }

    void connect(int to, int port) {
      long socket = h.calls().connect(h.address, to, port, options(), 1);
      open.add(socket);
    }

    void closeAll() {
      for (long socket : new ArrayList<>(open)) {
        close(socket);
      }
      h.drain();
    }

    private void close(long socket) {
      if (open.remove(socket)) {
        h.calls().close(socket);
      }
    }

    private void send(long socket, int bytes, int mark) {
      if (h.calls().send(socket, bytes, mark) == bytes) {
        bytesSent += bytes;
        messagesSent++;
      }
    }

    private void told(TestHost.Ready r) {
      if (r.has(Sockets.ACCEPTABLE)) {
        if (plot != Plot.SERVER_NEVER_ACCEPTS) {
          accept();
        }
        return;
      }
      if (r.has(Sockets.FAILED)) {
        errors++;
        open.remove(r.socket());
        return;
      }
      if (r.has(Sockets.CONNECTED)) {
        connected(r.socket());
      }
      if (r.has(Sockets.READABLE) && plot != Plot.CLIENT_CLOSES_WITH_UNREAD_RESPONSE) {
        bytesRead += Math.max(0, h.calls().receive(r.socket()));
      }
      if (r.has(Sockets.MESSAGE)) {
        message(r.socket(), r.mark());
      }
      if (r.has(Sockets.END_OF_STREAM)) {
        sawEnd = true;
        ended(r.socket());
      }
    }

    private void accept() {
      long socket = h.calls().accept(listener, 2);
      if (socket < 0) {
        return;
      }
      open.add(socket);
      if (plot == Plot.SERVER_SPEAKS_FIRST_AND_CLOSES) {
        send(socket, 300, RESPONSE);
        close(socket);
      }
    }

    private void connected(long socket) {
      switch (plot) {
        case SERVER_SPEAKS_FIRST_AND_CLOSES -> {}
        case CROSSED_SYNS -> {
          send(socket, 50, isClient ? REQUEST : RESPONSE);
        }
        default -> {
          send(socket, 200, REQUEST);
          if (plot == Plot.CLIENT_SHUTS_DOWN_AFTER_REQUEST) {
            h.calls().shutdownWrite(socket);
          } else if (plot == Plot.CLIENT_CLOSES_AFTER_REQUEST) {
            close(socket);
          }
        }
      }
    }

    private void message(long socket, int mark) {
      messages++;
      if (plot == Plot.CROSSED_SYNS) {
        close(socket);
      } else if (mark == REQUEST) {
        send(socket, plot == Plot.LONG_RESPONSE ? 6000 : 1000, RESPONSE);
        if (plot == Plot.SERVER_CLOSES_AFTER_RESPONSE || plot == Plot.BOTH_CLOSE_AT_ONCE) {
          close(socket);
        }
      } else if (plot != Plot.SERVER_CLOSES_AFTER_RESPONSE) {
        close(socket);
      }
    }

    private void ended(long socket) {
      close(socket);
    }
  }
}
