package dev.halfopen.tcp;

import dev.halfopen.net.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Throws arbitrary segments, socket calls and waits at one stack and checks its invariants after
 * each; at the end leaves it alone and demands that its tables empty themselves.
 */
final class StackFuzzer {
  /** The longest that a closed stack may hold on to a silent peer: 16 RTOs of up to 120 s. */
  private static final long SETTLES_MS = 2_400_000;

  private static final int LOCAL_PORT = 80;
  private static final int PEERS = 4;
  private static final int[] DELTAS = {0, 0, 0, 0, 1, -1, 2, -2, 100, -100, 1460, 65_535, -65_536};
  private static final int[] LENGTHS = {0, 0, 0, 0, 1, 2, 100, 536, 1448, 1460, 5000};
  private static final int[] WINDOWS = {0, 1, 10, 512, 4096, 65_535};
  private static final int[] FLAGS = {
    Segment.ACK,
    Segment.ACK,
    Segment.ACK,
    Segment.ACK | Segment.PSH,
    Segment.ACK | Segment.FIN,
    Segment.SYN,
    Segment.SYN,
    Segment.SYN | Segment.ACK,
    Segment.RST,
    Segment.RST | Segment.ACK,
    0,
    Segment.FIN,
    Segment.SYN | Segment.FIN,
    Segment.SYN | Segment.RST,
    31
  };
  private static final int[] WAITS_MS = {
    0, 1, 5, 20, 41, 100, 250, 600, 1100, 5000, 30_000, 70_000
  };

  private final Random random;
  private final TestClock clock = new TestClock(10_000_000_000L);
  private final TestHost h;
  private final SocketOptions[] options = {
    new SocketOptions(), new SocketOptions(), new SocketOptions(), new SocketOptions()
  };
  private final List<Long> open = new ArrayList<>();
  private final List<String> trail = new ArrayList<>();
  private boolean withSockets = true;
  private int listener;

  private StackFuzzer(Random random, long seed) {
    this.random = random;
    for (SocketOptions o : options) {
      o.reuseAddress = true;
    }
    options[1].keepalive = true;
    options[1].keepIdleSeconds = 10;
    options[1].keepIntervalSeconds = 3;
    options[1].receiveBufferBytes = 4096;
    options[2].lingerOn = true;
    options[2].noDelay = true;
    options[2].deferAcceptSeconds = 3;
    options[3].linger2Seconds = random.nextBoolean() ? -1 : 90;
    options[3].userTimeoutMs = 3000;
    h = new TestHost(clock, TestHost.SERVER, sysctl(), seed);
    clock.afterEach(() -> Invariants.check(h));
    h.application = this::told;
    listen();
  }

  static void run(long seed, int steps) {
    run(new Random(seed), seed, steps);
  }

  /** With choices from elsewhere: the bytes of a coverage-guided fuzzer, say. */
  static void run(Random choices, long seed, int steps) {
    StackFuzzer f = new StackFuzzer(choices, seed);
    try {
      for (int i = 0; i < steps; i++) {
        f.step();
        Invariants.check(f.h);
      }
      f.settle();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(e + "\nafter " + f.lastSteps(), e);
    }
  }

  /**
   * All that the stack sends in such a run.
   *
   * @param withSockets whether arriving segments say which socket they are for, mostly wrongly
   */
  static List<String> answers(long seed, int steps, boolean withSockets) {
    StackFuzzer f = new StackFuzzer(new Random(seed), seed);
    List<String> answers = new ArrayList<>();
    f.withSockets = withSockets;
    f.h.wire = s -> answers.add(f.clock.nowNs() + " " + s.ports + " " + SegmentText.of(s, 0, 0));
    for (int i = 0; i < steps; i++) {
      f.step();
    }
    return answers;
  }

  private String lastSteps() {
    int n = trail.size();
    return n
        + " steps, the last of which are\n  "
        + String.join("\n  ", trail.subList(Math.max(0, n - 14), n));
  }

  private SysctlProfile sysctl() {
    SysctlProfile p = random.nextInt(4) == 0 ? StackFixture.linux310() : StackFixture.linux618();
    p.set(Sysctl.PORT_RANGE_LAST, 32_768 + random.nextInt(6));
    p.set(Sysctl.TCP_SYNCOOKIES, random.nextInt(3));
    p.set(Sysctl.TCP_TW_REUSE, random.nextInt(3));
    p.set(Sysctl.TCP_TIMESTAMPS, random.nextInt(2));
    p.set(Sysctl.TCP_ABORT_ON_OVERFLOW, random.nextInt(2));
    p.set(Sysctl.TCP_RFC1337, random.nextInt(2));
    p.set(Sysctl.TCP_MAX_TW_BUCKETS, random.nextInt(3) == 0 ? 2 : 1000);
    p.set(Sysctl.TCP_MAX_ORPHANS, random.nextInt(3) == 0 ? 1 : 1000);
    p.set(Sysctl.TCP_FIN_TIMEOUT, random.nextInt(3) == 0 ? 80 : 10);
    p.set(Sysctl.TCP_CHALLENGE_ACK_LIMIT, random.nextInt(3) == 0 ? 2 : 0x7fffffffL);
    return p;
  }

  private void listen() {
    listener = h.listen(LOCAL_PORT, random.nextInt(4), options[random.nextInt(options.length)]);
  }

  private void told(TestHost.Ready r) {
    if (r.has(Sockets.FAILED)) {
      open.remove(r.socket());
    }
  }

  private void step() {
    int what = random.nextInt(10);
    if (what < 6) {
      segment();
    } else if (what < 8) {
      call();
    } else {
      int ms = WAITS_MS[random.nextInt(WAITS_MS.length)];
      trail.add("wait " + ms + " ms");
      clock.advanceMs(ms);
    }
  }

  private static int one(Random random, int[] of) {
    return of[random.nextInt(of.length)];
  }

  // ---- segments

  private void segment() {
    Segment in = new Segment();
    in.source = TestHost.CLIENT;
    in.destination = h.address;
    in.ports = 1000 + random.nextInt(PEERS) << 16 | LOCAL_PORT;
    in.flags = one(random, FLAGS);
    in.length = (in.flags & Segment.SYN) != 0 && random.nextInt(4) != 0 ? 0 : one(random, LENGTHS);
    in.window = one(random, WINDOWS);
    in.seq = random.nextInt();
    in.ack = random.nextInt();
    in.mss = random.nextInt(8) == 0 ? random.nextInt(2000) : 1460;
    in.windowScale = random.nextInt(16);
    in.options = random.nextInt(32) & ~Segment.OPT_SACK;
    in.tsValue = (int) (clock.nowNs() / 1_000_000);
    if (random.nextInt(16) != 0) {
      aim(in);
    }
    int socket = anySocket();
    in.toSocket = withSockets ? socket : 0;
    in.fromSocket = random.nextInt(3);
    boolean closed = h.isClosedFor(in);
    trail.add(
        clock.nowNs() / 1000
            + " us: "
            + SegmentText.of(in, 0, 0)
            + " options "
            + in.options
            + " win "
            + in.window
            + " from "
            + in.sourcePort()
            + " to "
            + in.destinationPort());
    h.takeSent();
    h.arrives(in);
    if (closed) {
      for (Segment out : h.takeSent()) {
        if (!out.has(Segment.RST)) {
          throw new AssertionError("CLOSED answers with " + SegmentText.of(out, 0, 0));
        }
      }
    }
  }

  /** None, a row of connections or requests that may be the right one, or any number. */
  private int anySocket() {
    int few = random.nextInt(6);
    switch (random.nextInt(4)) {
      case 0:
        return 0;
      case 1:
        return few;
      case 2:
        return 1 << Segment.SOCKET_BITS - 1 | few;
      default:
        return random.nextInt(1 << Segment.SOCKET_BITS);
    }
  }

  /** Takes a live row and numbers near its windows. */
  private void aim(Segment in) {
    Stack s = h.stack;
    int kind = random.nextInt(3);
    int rows = kind == 0 ? s.tcb.highWater() : kind == 1 ? s.req.highWater() : s.tw.highWater();
    if (rows == 0) {
      return;
    }
    int row = 1 + random.nextInt(rows);
    if (kind == 0) {
      s.tcb.move(row);
      if (s.tcb.state() != State.CLOSED) {
        near(in, s.tcb.ports(), s.tcb.rcvNxt(), ackFor(s), s.tcb.tsRecent());
      }
    } else if (kind == 1) {
      s.req.move(row);
      if (s.req.isLive()) {
        near(in, s.req.ports(), s.req.irs() + 1, s.req.iss() + 1, s.req.tsRecent());
      }
    } else {
      s.tw.move(row);
      if (s.tw.isLive()) {
        near(in, s.tw.ports(), s.tw.rcvNxt(), s.tw.sndNxt(), s.tw.tsRecent());
      }
    }
  }

  private int ackFor(Stack s) {
    int flight = s.tcb.flight();
    if (flight == 0 || random.nextBoolean()) {
      return s.tcb.sndUna();
    }
    s.fl.at(flight);
    return s.fl.sndNxt();
  }

  private void near(Segment in, int ports, int seq, int ack, int tsRecent) {
    in.ports = ports << 16 | ports >>> 16;
    in.seq = seq + one(random, DELTAS);
    in.ack = ack + one(random, DELTAS);
    in.tsValue = tsRecent + one(random, DELTAS);
    in.tsEcho =
        random.nextInt(4) == 0 ? random.nextInt() : h.stack.timestamp(h.address, TestHost.CLIENT);
  }

  // ---- calls

  private void call() {
    Sockets k = h.calls();
    int what = random.nextInt(12);
    if (what < 3) {
      long socket = k.accept(listener, 1);
      trail.add("accept " + socket);
      keep(socket);
    } else if (what < 5) {
      int port = 2000 + random.nextInt(2);
      SocketOptions o = options[random.nextInt(options.length)];
      long socket = k.connect(h.address, TestHost.CLIENT, port, o, 2);
      trail.add("connect to " + port + " " + socket);
      keep(socket);
    } else if (what == 5 && random.nextInt(8) == 0) {
      trail.add("new listener");
      k.closeListener(listener);
      h.drain();
      Invariants.check(h);
      listen();
    } else if (!open.isEmpty()) {
      onSocket(k, open.get(random.nextInt(open.size())));
    }
    h.drain();
  }

  private void keep(long socket) {
    if (socket >= 0) {
      open.add(socket);
    }
  }

  private void onSocket(Sockets k, long socket) {
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        int bytes = one(random, LENGTHS);
        trail.add("send " + bytes + " " + k.send(socket, bytes, 1 + random.nextInt(9)));
      }
      case 2, 3 -> trail.add("receive " + k.receive(socket));
      case 4 -> trail.add("shutdown " + k.shutdownWrite(socket));
      default -> {
        trail.add("close " + k.close(socket));
        if (random.nextInt(4) != 0) {
          open.remove(socket);
        }
      }
    }
  }

  // ---- the end

  private void settle() {
    trail.add("settle");
    Sockets k = h.calls();
    for (long socket : open) {
      k.close(socket);
    }
    k.closeListener(listener);
    h.drain();
    Invariants.check(h);
    clock.advanceMs(SETTLES_MS);
    if (!h.isEmpty()) {
      throw new AssertionError(
          "not empty after "
              + SETTLES_MS / 1000
              + " s: connections "
              + h.tcp.connections()
              + ", requests "
              + h.tcp.requests()
              + ", TIME_WAITs "
              + h.tcp.timeWaits()
              + ", flights "
              + h.tcp.flights()
              + ", queued "
              + h.tcp.segmentsQueued());
    }
    for (int port = 2000; port < 2002; port++) {
      int used = h.host.portsInUse(TestHost.CLIENT, port);
      if (used != 0) {
        throw new AssertionError(used + " ports in use of an empty stack");
      }
    }
  }
}
