package dev.halfopen.claims;

import dev.halfopen.net.Segment;
import dev.halfopen.net.SegmentRule;
import dev.halfopen.oracle.Connection;
import dev.halfopen.oracle.Packet;
import dev.halfopen.oracle.RawSyn;
import dev.halfopen.tcp.Errno;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;
import java.util.List;

/** connect() where nothing answers, and SYN-ACKs that nobody answers. */
final class ConnectTimerClaims {
  private static final double LIMIT_S = 300;

  private ConnectTimerClaims() {}

  /** A connect() whose SYNs are all lost, watched to its end. */
  private static Connection connectToSilence(Lab lab, SocketOptions options) {
    lab.toServer.rule(SegmentRule.drop());
    Connection c = lab.client.connects(lab.server, options);
    lab.run(LIMIT_S);
    return c;
  }

  /** B1. */
  static void synLadder(Evidence evidence) {
    ladder(evidence, KernelProfile.LINUX_3_10, 7, 127, 127.6);
    ladder(evidence, KernelProfile.LINUX_6_18, 11, 133, 135.5);
  }

  private static void ladder(
      Evidence evidence, KernelProfile kernel, int syns, double low, double high) {
    Lab lab = new Lab(kernel);
    Connection c = connectToSilence(lab, SocketOptions.DEFAULT);
    StringBuilder times = new StringBuilder();
    long startNs = lab.packets.get(0).atNs();
    for (Packet p : lab.packets) {
      times.append(' ').append(Say.number(Say.seconds(p.atNs() - startNs), 1));
    }
    double firstGapS = Say.seconds(lab.packets.get(1).atNs() - startNs);
    Phases death =
        Phases.of(
            kernel, Lab.LAN_S, l -> connectToSilence(l, SocketOptions.DEFAULT).failedAfterS());
    evidence.show(
        lab.packets.size() == syns
            && Say.isBetween(firstGapS, 1, 1.04)
            && c.errno == Errno.ETIMEDOUT
            && death.within(low, high),
        kernel.name()
            + ": "
            + lab.packets.size()
            + " SYNs at"
            + times
            + ", "
            + Errno.name(c.errno)
            + " after "
            + death);
  }

  /** B2. */
  static void knobs(Evidence evidence) {
    SocketOptions synCount = new SocketOptions();
    synCount.synCount = 2;
    Lab counted = new Lab();
    double countedS = connectToSilence(counted, synCount).failedAfterS();
    evidence.show(
        counted.packets.size() == 6 && Say.isBetween(countedS, 7, 7.3),
        "TCP_SYNCNT=2: connect() fails after " + Say.time(countedS));
    SocketOptions impatient = new SocketOptions();
    impatient.userTimeoutMs = 5000;
    Death user = Death.of(new Lab(), impatient);
    evidence.show(
        Say.isBetween(user.afterS(), 5, 5.7),
        "TCP_USER_TIMEOUT=5 s: a dead peer is found after " + Say.time(user.afterS()));
    Lab capped = new Lab();
    capped.client.set(Sysctl.TCP_RTO_MAX_MS, 1000);
    double cappedS = Death.of(capped, SocketOptions.DEFAULT).afterS();
    evidence.show(
        Say.isBetween(cappedS, 14.4, 15.5),
        "tcp_rto_max_ms=1000: after " + Say.time(cappedS) + " with all of tcp_retries2=15");
    Lab quick = new Lab();
    quick.client.set(Sysctl.TCP_RTO_MIN_US, 20_000);
    Connection c = quick.connected();
    long rtoUs = quick.client.info(c).rtoUs;
    evidence.show(
        Say.isBetween((double) rtoUs, 20_000, 28_000),
        "tcp_rto_min_us=20000: RTO " + rtoUs / 1000 + " ms instead of " + lanRtoMs());
  }

  private static long lanRtoMs() {
    Lab lab = new Lab();
    Connection c = lab.connected();
    return lab.client.info(c).rtoUs / 1000;
  }

  /** B3. */
  static void nameOfTheError(Evidence evidence) {
    SocketOptions quick = new SocketOptions();
    quick.synCount = 1;
    Connection c = connectToSilence(new Lab(), quick);
    evidence.show(
        c.errno == 110 && Errno.name(c.errno).equals("ETIMEDOUT"),
        "connect() to a silent host fails with errno " + c.errno + ", " + Errno.name(c.errno));
  }

  /** B4. */
  static void whichRetries(Evidence evidence) {
    int[][] settings = {{3, 2}, {8, 2}, {3, 4}, {3, 5}};
    for (int[] s : settings) {
      long synAcks = synAcks(s[0], s[1]);
      evidence.show(
          synAcks == 1 + s[1],
          "tcp_retries1=" + s[0] + " tcp_synack_retries=" + s[1] + ": " + synAcks + " SYN-ACKs");
    }
    Death one = afterRetries1(1);
    Death ten = afterRetries1(10);
    evidence.show(
        one.equals(ten),
        "tcp_retries1=1 or 10 changes nothing on a single path: "
            + one.retransmissions()
            + " and "
            + ten.retransmissions()
            + " retransmissions, dead after "
            + Say.time(one.afterS())
            + " and "
            + Say.time(ten.afterS())
            + " with tcp_retries2=5");
  }

  private static Death afterRetries1(int retries1) {
    Lab lab = new Lab();
    lab.client.set(Sysctl.TCP_RETRIES1, retries1).set(Sysctl.TCP_RETRIES2, 5);
    return Death.of(lab, SocketOptions.DEFAULT);
  }

  private static long synAcks(int retries1, int synAckRetries) {
    Lab lab = new Lab();
    lab.server.set(Sysctl.TCP_RETRIES1, retries1).set(Sysctl.TCP_SYNACK_RETRIES, synAckRetries);
    lab.toServer.rule(SegmentRule.drop().flags(Segment.RST, Segment.RST));
    lab.server.listens(128);
    Segment syn = RawSyn.syn(lab.client.address(), 5555, lab.server.address());
    lab.client.does(() -> lab.client.program.raw(syn));
    lab.run(200);
    return lab.packetsWith(false, Segment.SYN, Segment.SYN);
  }

  /** B13: the name has two addresses, and the machine of the first has lost its power. */
  static void deadAddressFirst(Evidence evidence) {
    Phases patient = Phases.of(lab -> connectToEither(lab, 0));
    evidence.show(
        patient.within(133, 135.5),
        "without a connect timeout the second address is reached after " + patient);
    Phases limited = Phases.of(lab -> connectToEither(lab, 3));
    evidence.show(limited.within(3, 3.1), "with one of 3 s after " + limited);
    Lab lab = new Lab();
    Connection refused = lab.client.connects(lab.server);
    lab.run(1);
    evidence.show(
        refused.errno == Errno.ECONNREFUSED && refused.failedAfterS() < 0.001,
        "where the host lives and only the server is gone, "
            + Errno.name(refused.errno)
            + " comes after "
            + Say.number(refused.failedAfterS() * 1000, 1)
            + " ms");
  }

  /** How long it takes to be connected to the second address; a timeout of 0 is none. */
  private static double connectToEither(Lab lab, double timeoutS) {
    final Machine alive = lab.machine("second");
    lab.cable(lab.client, alive);
    lab.toServer.rule(SegmentRule.drop());
    alive.listens(128);
    long startNs = lab.nowNs();
    Connection[] second = new Connection[1];
    Runnable next = () -> second[0] = toSecond(lab, alive);
    lab.client.does(
        () -> {
          Connection first =
              lab.client.program.connect(lab.server.address(), Lab.PORT, SocketOptions.DEFAULT);
          first.whenFailed = next;
          if (timeoutS > 0) {
            lab.client.program.after(
                (long) (timeoutS * Say.SECOND_NS),
                () -> {
                  first.close();
                  next.run();
                });
          }
        });
    lab.run(LIMIT_S);
    List<Connection> made = List.of(second[0]);
    return Say.seconds(made.get(0).connectedNs - startNs);
  }

  private static Connection toSecond(Lab lab, Machine alive) {
    return lab.client.program.connect(alive.address(), Lab.PORT, SocketOptions.DEFAULT);
  }

  /** Retransmissions that the clock caused. */
  static long retransmissions(Machine m) {
    return m.counter(Mib.RETRANS_SEGS) - m.counter(Mib.TCP_LOSS_PROBES);
  }
}
