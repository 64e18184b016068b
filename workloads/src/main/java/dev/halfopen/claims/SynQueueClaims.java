package dev.halfopen.claims;

import dev.halfopen.net.Segment;
import dev.halfopen.net.SegmentRule;
import dev.halfopen.oracle.Connection;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;
import dev.halfopen.tcp.TcpInfo;
import java.util.function.IntUnaryOperator;

/** Half-open connections and those who make them on purpose. */
final class SynQueueClaims {
  private static final int BACKLOG = 128;

  private SynQueueClaims() {}

  /** A1. A long wire, so that one can look between the SYN-ACK and the ACK. */
  static void weakSpot(Evidence evidence) {
    Lab lab = new Lab(KernelProfile.LINUX_6_18, 0.1, 0);
    lab.server.listens(BACKLOG);
    lab.client.connects(lab.server);
    lab.run(0.075);
    int requests = lab.world().stack().requests();
    int sockets = lab.server.established();
    lab.run(0.1);
    evidence.show(
        lab.exchange().equals("S sa A")
            && requests == 1
            && sockets == 0
            && lab.server.established() == 1
            && lab.world().stack().requests() == 0,
        lab.exchange()
            + ": between SYN-ACK and ACK the server holds "
            + requests
            + " request and "
            + sockets
            + " sockets, after the ACK "
            + lab.server.established()
            + " socket");
    double startS = lab.nowS();
    Flood.spoofed(lab.client, lab.server, 1, 1);
    lab.run(1);
    lab.await(100, () -> lab.server.halfOpen() == 0);
    double goneS = lab.nowS() - startS;
    long repeats = lab.server.counter(Mib.RETRANS_SEGS);
    evidence.show(
        repeats == 5 && Say.isBetween(goneS, 63, 66),
        "without the ACK the request stays for "
            + Say.time(goneS)
            + " and its SYN-ACK is sent "
            + (1 + repeats)
            + " times");
  }

  /** A2. */
  static void queueBeforeMemory(Evidence evidence) {
    int syns = 20_000;
    Lab lab = flooded(KernelProfile.LINUX_6_18, syns);
    long bytes = KernelObjects.bill(lab.server);
    evidence.show(
        lab.server.halfOpen() == BACKLOG + 1 && bytes < 42_000,
        Say.grouped(syns)
            + " SYNs at backlog 128 leave "
            + lab.server.halfOpen()
            + " requests, "
            + Say.grouped(bytes)
            + " B, and "
            + Say.grouped(lab.server.counter(Mib.SYNCOOKIES_SENT))
            + " SYNs that cost no memory");
    Lab old = flooded(KernelProfile.LINUX_3_10, syns);
    evidence.show(old.server.halfOpen() == 256, "on 3.10 " + old.server.halfOpen() + " requests");
    Lab calm = new Lab();
    calm.server.program.whenAccepted = s -> s.whenEnded = s::close;
    Connection first = calm.connected();
    long established = KernelObjects.bill(calm.server);
    calm.client.does(first::close);
    calm.run(1);
    long timeWait = KernelObjects.bill(calm.client);
    evidence.show(
        established == KernelObjects.SOCKET_BYTES && timeWait == KernelObjects.TIME_WAIT_BYTES,
        "an established connection takes "
            + Say.grouped(established)
            + " B, its TIME_WAIT "
            + timeWait
            + " B");
  }

  private static Lab flooded(KernelProfile kernel, int syns) {
    Lab lab = new Lab(kernel);
    lab.captures = false;
    lab.server.listens(BACKLOG);
    Flood.spoofed(lab.client, lab.server, syns, 20_000);
    lab.run(syns / 20_000.0 + 0.01);
    return lab;
  }

  /** A3. */
  static void floodSparesEstablished(Evidence evidence) {
    Lab lab = new Lab();
    lab.captures = false;
    lab.server.set(Sysctl.TCP_SYNCOOKIES, 0);
    final Machine attacker = lab.machine("attacker");
    lab.cable(attacker, lab.server);
    lab.server.program.whenAccepted =
        s -> {
          s.whenData = () -> s.send(1000);
          s.whenEnded = s::close;
        };
    TwoClasses classes = new TwoClasses(lab, lab.connected());
    Flood.spoofed(attacker, lab.server, 15_000, 500);
    classes.ask(300, 0.1);
    classes.connect(60, 0.5);
    lab.run(30.5);
    evidence.show(
        classes.answered() == 300 && classes.slowestAnswerMs() < 1,
        "500 SYN/s against syncookies=0: on a connection that existed "
            + classes.answered()
            + " of 300 requests are answered, the slowest in "
            + Say.number(classes.slowestAnswerMs(), 2)
            + " ms");
    evidence.show(
        classes.connectedWithin(1) <= 6,
        classes.connectedWithin(1) + " of 60 new clients connect within 1 s");
  }

  /** A4. */
  static void cookiesAreTheKernels(Evidence evidence) {
    int syns = 1000;
    for (int mode = 0; mode <= 2; mode++) {
      Lab lab = new Lab();
      lab.server.set(Sysctl.TCP_SYNCOOKIES, mode);
      lab.server.listens(BACKLOG);
      Flood.spoofed(lab.client, lab.server, syns, 20_000);
      lab.run(0.1);
      int halfOpen = lab.server.halfOpen();
      long cookies = lab.server.counter(Mib.SYNCOOKIES_SENT);
      Connection client = lab.client.connects(lab.server);
      lab.run(5);
      int kept = mode == 2 ? 0 : BACKLOG + 1;
      evidence.show(
          halfOpen == kept
              && cookies == (mode == 0 ? 0 : syns - kept)
              && client.isConnected() == (mode != 0),
          "tcp_syncookies="
              + mode
              + ": "
              + halfOpen
              + " half-open, "
              + cookies
              + " cookies, a client "
              + (client.isConnected() ? "connects" : "does not connect in 5 s"));
    }
    TcpInfo plain = acceptedByCookie(false, 0);
    TcpInfo withStamps = acceptedByCookie(true, 2);
    TcpInfo without = acceptedByCookie(false, 2);
    evidence.show(
        plain.sendMss == 1400
            && optionsOf(plain).equals("SACK wscale")
            && without.sendMss == 1300
            && optionsOf(without).equals("none")
            && optionsOf(withStamps).equals("timestamps SACK wscale"),
        "a client that offers MSS 1400, SACK and wscale keeps MSS "
            + plain.sendMss
            + " and "
            + optionsOf(plain)
            + " as usual, MSS "
            + without.sendMss
            + " and "
            + optionsOf(without)
            + " by cookie, "
            + optionsOf(withStamps)
            + " by cookie with timestamps");
  }

  /** What the server knows of a client with MTU 1440. */
  private static TcpInfo acceptedByCookie(boolean timestamps, int mode) {
    Lab lab = new Lab();
    lab.client.set(Sysctl.TCP_TIMESTAMPS, timestamps ? 1 : 0);
    lab.server.set(Sysctl.TCP_SYNCOOKIES, mode);
    Connection[] accepted = new Connection[1];
    lab.server.program.whenAccepted = s -> accepted[0] = s;
    lab.client.tcp().mtu(1440);
    lab.connected();
    return lab.server.info(accepted[0]);
  }

  private static String optionsOf(TcpInfo info) {
    String text =
        ((info.options & TcpInfo.OPTION_TIMESTAMPS) != 0 ? "timestamps " : "")
            + ((info.options & TcpInfo.OPTION_SACK) != 0 ? "SACK " : "")
            + ((info.options & TcpInfo.OPTION_WINDOW_SCALE) != 0 ? "wscale" : "");
    return text.isEmpty() ? "none" : text.strip();
  }

  /** A17. The same SYNs from one machine under its own address, under no one's, and from many. */
  static void oneMachineIsEnough(Evidence evidence) {
    Attack honest = attack(1, false, false);
    evidence.show(
        honest.halfOpen == 0 && honest.clientConnects,
        "one machine under its own address: its kernel answers the SYN-ACKs with RST, " + honest);
    Attack firewalled = attack(1, true, false);
    evidence.show(
        firewalled.halfOpen > BACKLOG && !firewalled.clientConnects,
        "with its RSTs filtered: " + firewalled);
    Attack spoofed = attack(1, false, true);
    evidence.show(
        spoofed.halfOpen > BACKLOG && !spoofed.clientConnects,
        "one machine with spoofed addresses: " + spoofed);
    Attack distributed = attack(100, true, false);
    evidence.show(
        distributed.halfOpen > BACKLOG && !distributed.clientConnects,
        "the same rate from 100 machines: " + distributed);
  }

  private record Attack(int halfOpen, boolean clientConnects) {
    @Override
    public String toString() {
      return halfOpen + " half-open, a client " + (clientConnects ? "gets in" : "is shut out");
    }
  }

  private static Attack attack(int machines, boolean filtersRst, boolean spoofs) {
    Lab lab = new Lab();
    lab.server.set(Sysctl.TCP_SYNCOOKIES, 0);
    final Machine attacker = lab.farm("attacker", KernelProfile.LINUX_6_18, machines);
    lab.cable(attacker, lab.server);
    if (filtersRst) {
      lab.builder()
          .impair(attacker.host, lab.server.host)
          .rule(SegmentRule.drop().flags(Segment.RST, Segment.RST));
    }
    lab.server.listens(BACKLOG);
    if (spoofs) {
      Flood.spoofed(attacker, lab.server, 1000, 200);
    } else {
      IntUnaryOperator address = n -> attacker.address() + n % machines;
      Flood.from(attacker, address, lab.server, 1000, 200);
    }
    lab.run(3);
    Connection client = lab.client.connects(lab.server, SocketOptions.DEFAULT);
    lab.run(1);
    return new Attack(lab.server.halfOpen(), client.isConnected());
  }
}
