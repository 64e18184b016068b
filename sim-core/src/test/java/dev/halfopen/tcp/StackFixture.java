package dev.halfopen.tcp;

import dev.halfopen.net.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * One stack, and peers that send what a test tells them to. A peer speaks in {@link SegmentText}
 * with sequence numbers from 0 on both sides, wherever the true ones lie.
 */
final class StackFixture {
  static final int PORT = 80;
  static final long SECOND = 1_000_000_000L;

  /** Far enough from 0 that nothing lies before time began. */
  static final long START = 10 * SECOND;

  final TestClock clock;
  final TestHost h;
  private SocketOptions options = SocketOptions.DEFAULT;
  int listener = -1;

  private StackFixture(SysctlProfile sysctl, long startNs) {
    clock = new TestClock(startNs);
    h = new TestHost(clock, TestHost.SERVER, sysctl, 1);
    clock.afterEach(() -> Invariants.check(h));
  }

  static StackFixture stack() {
    return stack(linux618());
  }

  static StackFixture stack(SysctlProfile sysctl) {
    return new StackFixture(sysctl, START);
  }

  /** A stack that begins at another instant, for other initial sequence numbers. */
  static StackFixture stackAt(long startNs) {
    return new StackFixture(linux618(), startNs);
  }

  static SysctlProfile linux618() {
    return new SysctlProfile(KernelProfile.LINUX_6_18);
  }

  static SysctlProfile linux310() {
    return new SysctlProfile(KernelProfile.LINUX_3_10);
  }

  StackFixture options(SocketOptions o) {
    options = o;
    return this;
  }

  StackFixture listening(int backlog) {
    listener = h.listen(PORT, backlog, options);
    return this;
  }

  /** A machine at the other end; each has a port of its own. */
  Peer peer(int port) {
    return new Peer(port);
  }

  // ---- named beginnings

  static StackFixture listener() {
    return stack().listening(128);
  }

  /** Both places of the accept queue (backlog 1) are taken. */
  static StackFixture listenerWithFullAcceptQueue() {
    StackFixture f = stack().listening(1);
    f.peer(1001).connects();
    f.peer(1002).connects();
    return f;
  }

  /** A connection that was accepted, and nothing else. */
  static Peer established() {
    return stack().listening(128).peer(40_000).connects().accepted();
  }

  static Peer established(SysctlProfile sysctl) {
    return stack(sysctl).listening(128).peer(40_000).connects().accepted();
  }

  static Peer established(SocketOptions o) {
    return stack().options(o).listening(128).peer(40_000).connects().accepted();
  }

  static Peer synSent() {
    return stack().peer(PORT).isCalled();
  }

  static Peer synReceived() {
    Peer p = listener().peer(40_000);
    p.sends("S 0");
    p.got();
    return p;
  }

  /** SYN_RECV of a socket that called and was called at once. */
  static Peer crossedSyns() {
    Peer p = synSent();
    p.sends("S 0");
    p.got();
    return p;
  }

  /** The application has shut its side down; the FIN is not acknowledged. */
  static Peer finWait1() {
    Peer p = established();
    p.shutsDown();
    p.got();
    return p;
  }

  static Peer finWait1Orphan() {
    Peer p = established();
    p.closes();
    p.got();
    return p;
  }

  static Peer finWait2() {
    Peer p = finWait1();
    p.sends(". 1 ack 2");
    return p;
  }

  /** As a TimeWait row. */
  static Peer finWait2Orphan() {
    Peer p = finWait1Orphan();
    p.sends(". 1 ack 2");
    return p;
  }

  static Peer closing() {
    Peer p = finWait1();
    p.sends("F. 1 ack 1");
    p.got();
    return p;
  }

  static Peer timeWait() {
    Peer p = finWait2();
    p.sends("F. 1 ack 2");
    p.got();
    return p;
  }

  static Peer closeWait() {
    Peer p = established();
    p.sends("F. 1 ack 1");
    p.waits(100);
    p.got();
    return p;
  }

  static Peer lastAck() {
    Peer p = closeWait();
    p.closes();
    p.got();
    return p;
  }

  /** One other end of the stack under test. */
  final class Peer {
    final StackFixture fixture = StackFixture.this;
    final int port;
    private int ownPort = PORT;

    /** Where the peer's and the stack's numbers begin. */
    int iss = 1_000_000;

    int stackIss;
    boolean timestamps;
    int tsValue = 5000;
    int tsEcho;
    long socket;
    private String returned = "";
    private boolean stackIssKnown;

    private Peer(int port) {
      this.port = port;
    }

    Peer iss(int x) {
      iss = x;
      return this;
    }

    Peer withTimestamps() {
      timestamps = true;
      return this;
    }

    /** Timestamps of a machine whose clock stands there. */
    Peer withTimestamps(int value) {
      tsValue = value;
      return withTimestamps();
    }

    void sends(String text) {
      Segment s = SegmentText.parse(text, iss, stackIss);
      s.source = TestHost.CLIENT;
      s.destination = h.address;
      s.ports = port << 16 | ownPort;
      if (s.has(Segment.SYN)) {
        s.options = Segment.OPT_MSS;
        s.mss = 1460;
      }
      if (timestamps) {
        s.options |= Segment.OPT_TIMESTAMP;
        s.tsValue = tsValue;
        s.tsEcho = tsEcho;
      }
      h.arrives(s);
      Invariants.check(h);
    }

    /** What the stack has sent to this peer since it was last asked; other peers' is lost. */
    List<String> got() {
      List<String> texts = new ArrayList<>();
      for (Segment s : h.takeSent()) {
        if (s.destinationPort() != port) {
          continue;
        }
        if (s.has(Segment.SYN) && !stackIssKnown) {
          stackIssKnown = true;
          stackIss = s.seq;
        }
        if (s.hasOption(Segment.OPT_TIMESTAMP)) {
          tsEcho = s.tsValue;
        }
        texts.add(SegmentText.of(s, stackIss, iss));
      }
      return texts;
    }

    /** The whole handshake, from this side; the connection waits in the accept queue. */
    Peer connects() {
      sends("S 0");
      got();
      sends(". 1 ack 1");
      got();
      return this;
    }

    Peer accepted() {
      socket = h.calls().accept(listener, port);
      h.takeTold();
      return this;
    }

    /** The stack connects to this peer, which does not answer yet. */
    Peer isCalled() {
      socket = h.calls().connect(h.address, TestHost.CLIENT, port, options, port);
      Segment syn = h.takeSent().get(0);
      ownPort = syn.sourcePort();
      stackIss = syn.seq;
      stackIssKnown = true;
      tsEcho = syn.tsValue;
      return this;
    }

    int writes(int bytes) {
      int n = h.calls().send(socket, bytes, 7);
      after();
      return n;
    }

    int reads() {
      int n = h.calls().receive(socket);
      after();
      return n;
    }

    int shutsDown() {
      int n = h.calls().shutdownWrite(socket);
      after();
      return n;
    }

    int closes() {
      int n = h.calls().close(socket);
      after();
      return n;
    }

    /** Remembers what a call gave back, for a test that prints it. */
    void returned(int n) {
      returned = n < 0 ? "-" + Errno.name(-n) : Integer.toString(n);
    }

    String takeReturned() {
      String r = returned;
      returned = "";
      return r;
    }

    /**
     * What the stack expects next from this peer, on the peer's scale; 1 where it knows nothing.
     */
    int rcvNxt() {
      Stack s = h.stack;
      return switch (find()) {
        case Demux.CONNECTION -> s.tcb.state() == State.SYN_SENT ? 1 : s.tcb.rcvNxt() - iss;
        case Demux.TIME_WAIT -> s.tw.rcvNxt() - iss;
        default -> 1;
      };
    }

    /** What the stack will send next, on its scale; 1 where there is no connection. */
    int sndNxt() {
      Stack s = h.stack;
      switch (find()) {
        case Demux.CONNECTION:
          if (s.tcb.flight() == 0) {
            return s.tcb.sndUna() - stackIss;
          }
          s.fl.at(s.tcb.flight());
          return s.fl.sndNxt() - stackIss;
        case Demux.TIME_WAIT:
          return s.tw.sndNxt() - stackIss;
        default:
          return 1;
      }
    }

    /** The table that has this 4-tuple, its cursor there; -1 where none has. */
    private int find() {
      int ports = ownPort << 16 | port;
      int hash = Demux.hash(h.address, TestHost.CLIENT, ports);
      int at = h.stack.demux.find(hash, h.address, TestHost.CLIENT, ports);
      return at < 0 ? -1 : h.stack.demux.tagAt(at);
    }

    private void after() {
      h.drain();
      Invariants.check(h);
    }

    void waits(long ms) {
      clock.advanceMs(ms);
    }

    /** What ss would say of this 4-tuple: CLOSED where there is nothing. */
    String state() {
      return switch (find()) {
        case Demux.CONNECTION -> State.name(h.stack.tcb.state());
        case Demux.TIME_WAIT -> h.stack.tw.finWait2() ? "FIN_WAIT_2" : "TIME_WAIT";
        case Demux.REQUEST -> "SYN_RECV";
        default -> "CLOSED";
      };
    }

    long counter(int mib) {
      return h.host.counter(mib);
    }
  }
}
