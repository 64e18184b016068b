package dev.halfopen.claims;

import dev.halfopen.net.Segment;
import dev.halfopen.net.SegmentRule;
import dev.halfopen.oracle.Connection;
import dev.halfopen.tcp.Errno;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;

/** Peers that fall silent, and what finds them. */
final class DeadPeerClaims {
  private static final double DAY_S = 86_400;
  private static final int BYTES = 100;

  private DeadPeerClaims() {}

  private static double deathS(Lab lab, int retries2) {
    lab.client.set(Sysctl.TCP_RETRIES2, retries2);
    return Death.of(lab, SocketOptions.DEFAULT).afterS();
  }

  /** B5. */
  static void retriesBecomeTime(Evidence evidence) {
    Phases fifteen = Phases.of(lab -> deathS(lab, 15));
    evidence.show(
        fifteen.within(937.7, 939.8),
        "tcp_retries2=15: dead after " + fifteen + ", the bound is 924.6 s");
    Phases eight = Phases.of(lab -> deathS(lab, 8));
    evidence.show(eight.within(106.2, 108.3), "8: after " + eight + ", the bound is 102.2 s");
    Phases far = Phases.of(KernelProfile.LINUX_6_18, 0.3, lab -> deathS(lab, 15));
    evidence.show(far.low() > 940, "15 over a round trip of 0.3 s: after " + far);
    Lab lab = new Lab();
    long count = Death.of(lab, SocketOptions.DEFAULT).retransmissions();
    Lab slow = new Lab(KernelProfile.LINUX_6_18, 2.0, 0);
    long slowCount = Death.of(slow, SocketOptions.DEFAULT).retransmissions();
    evidence.show(
        count == 15 && slowCount < count,
        count
            + " retransmissions in a LAN, "
            + slowCount
            + " over a round trip of 2 s: a time, no count");
  }

  /** B6. */
  static void idleReaderWaitsForEver(Evidence evidence) {
    Death writer = Death.of(new Lab(), SocketOptions.DEFAULT);
    evidence.show(
        writer.errno() == Errno.ETIMEDOUT && Say.isBetween(writer.afterS(), 937.7, 939.8),
        "with data in flight "
            + Errno.name(writer.errno())
            + " after "
            + Say.time(writer.afterS()));
    Lab idle = new Lab();
    Connection reader = idle.connected();
    idle.cut();
    idle.captureAnew();
    idle.run(30 * DAY_S);
    evidence.show(
        !reader.hasFailed() && idle.client.established() == 1 && idle.packets.isEmpty(),
        "an idle reader is ESTABLISHED after "
            + Say.number(idle.nowS() / DAY_S, 0)
            + " days and has sent "
            + idle.packets.size()
            + " packets");
  }

  /** B7. */
  static void rfcHundredSeconds(Evidence evidence) {
    Phases seven = Phases.of(lab -> deathS(lab, 7));
    evidence.show(seven.high() < 100, "tcp_retries2=7: dead after " + seven);
    Phases eight = Phases.of(lab -> deathS(lab, 8));
    evidence.show(eight.low() > 100, "8: after " + eight);
  }

  /** B8. */
  static void keepaliveHasThreeKnobs(Evidence evidence) {
    Lab off = new Lab();
    off.client.set(Sysctl.TCP_KEEPALIVE_TIME, 60);
    Connection c = off.connected();
    off.cut();
    off.captureAnew();
    off.run(DAY_S);
    evidence.show(
        !c.hasFailed() && off.packets.isEmpty(),
        "tcp_keepalive_time=60 without SO_KEEPALIVE: "
            + off.packets.size()
            + " probes in a day, still ESTABLISHED");
    Phases defaults = Phases.of(lab -> keepaliveDeathS(lab));
    evidence.show(
        defaults.within(7875, 8013.5), "SO_KEEPALIVE with 7200/75/9: dead after " + defaults);
    Phases shorter =
        Phases.of(
            lab -> {
              lab.client.set(Sysctl.TCP_KEEPALIVE_TIME, 60);
              return keepaliveDeathS(lab);
            });
    evidence.show(shorter.within(735, 765), "60/75/9, only tcp_keepalive_time lowered: " + shorter);
    Phases all =
        Phases.of(
            lab -> {
              lab.client.set(Sysctl.TCP_KEEPALIVE_TIME, 60);
              lab.client.set(Sysctl.TCP_KEEPALIVE_INTVL, 10);
              lab.client.set(Sysctl.TCP_KEEPALIVE_PROBES, 3);
              return keepaliveDeathS(lab);
            });
    evidence.show(all.within(90, 93.5), "60/10/3, all three: " + all);
  }

  private static double keepaliveDeathS(Lab lab) {
    SocketOptions keepalive = new SocketOptions();
    keepalive.keepalive = true;
    Connection c = lab.connected(keepalive);
    lab.cut();
    lab.run(3 * 3600);
    return Say.seconds(c.failedNs - c.connectedNs);
  }

  /** B10: a database that goes away with FIN, and one that loses its power. */
  static void failoverWithoutFin(Evidence evidence) {
    Lab orderly = new Lab();
    Connection[] accepted = new Connection[1];
    orderly.server.program.whenAccepted = s -> accepted[0] = s;
    Connection pooled = orderly.connected();
    long startNs = orderly.nowNs();
    orderly.server.does(accepted[0]::close);
    orderly.run(1);
    double noticedMs = (pooled.endedNs - startNs) / (double) Say.MS_NS;
    evidence.show(
        pooled.endedNs > 0 && noticedMs < 1,
        "with FIN the application knows after " + Say.number(noticedMs, 1) + " ms");
    Phases writer = Phases.of(lab -> deathS(lab, 15));
    evidence.show(
        writer.within(937.7, 939.8), "without FIN a write in flight fails after " + writer);
    Lab idle = new Lab();
    Connection reader = idle.connected();
    idle.cut();
    idle.run(DAY_S);
    evidence.show(!reader.hasFailed(), "who waits for an answer still waits after a day");
    SocketOptions watched = new SocketOptions();
    watched.keepalive = true;
    watched.keepIdleSeconds = 10;
    watched.keepIntervalSeconds = 5;
    watched.keepCount = 3;
    Lab lab = new Lab();
    Connection c = lab.connected(watched);
    lab.cut();
    double cutS = lab.nowS();
    lab.run(100);
    double foundS = Say.seconds(c.failedNs) - cutS;
    evidence.show(
        Say.isBetween(foundS, 23, 27),
        "watched by keepalive 10/5/3 it fails after " + Say.time(foundS));
  }

  /** B11: the application dies in four ways; the database is the server. */
  static void waysToCrash(Evidence evidence) {
    Crash kill = new Crash(true);
    kill.lab.client.does(kill.client::close);
    kill.lab.run(1);
    evidence.show(
        kill.server.endedNs > 0 && kill.lab.server.established() == 0,
        "kill -9: " + kill.lab.exchange() + ", the database sees the end at once");
    Crash unread = new Crash(false);
    unread.lab.server.does(() -> unread.server.send(BYTES));
    unread.lab.run(1);
    unread.lab.captureAnew();
    unread.lab.client.does(unread.client::close);
    unread.lab.run(1);
    evidence.show(
        unread.server.errno == Errno.ECONNRESET,
        "kill -9 with unread data: "
            + unread.lab.exchange()
            + ", "
            + Errno.name(unread.server.errno));
    Crash power = new Crash(true);
    power.lab.cut();
    power.lab.run(DAY_S);
    evidence.show(
        power.lab.server.established() == 1,
        "power loss or partition: after a day the database still has "
            + power.lab.server.established()
            + " connection");
    Crash reboot = new Crash(true);
    reboot.clientForgets();
    reboot.lab.run(DAY_S);
    final int before = reboot.lab.server.established();
    reboot.lab.server.does(() -> reboot.server.send(BYTES));
    reboot.lab.run(1);
    evidence.show(
        before == 1 && reboot.server.errno == Errno.ECONNRESET,
        "reboot: "
            + before
            + " connection until the database sends something, then "
            + reboot.lab.exchange()
            + ", "
            + Errno.name(reboot.server.errno));
  }

  private static final class Crash {
    final Lab lab = new Lab();
    final Connection client;
    final Connection server;

    Crash(boolean reads) {
      lab.client.program.reads = reads;
      Connection[] accepted = new Connection[1];
      lab.server.program.whenAccepted =
          s -> {
            accepted[0] = s;
            s.whenEnded = s::close;
          };
      client = lab.connected();
      server = accepted[0];
      lab.captureAnew();
    }

    /** The kernel starts anew and knows nothing of the connection; nothing told the server. */
    void clientForgets() {
      lab.toServer.rule(SegmentRule.drop().until(lab.nowNs() + Say.SECOND_NS));
      SocketOptions abortive = new SocketOptions();
      abortive.lingerOn = true;
      lab.client.does(
          () -> {
            int unused = lab.client.control().setOptions(client.socket, abortive);
            client.close();
          });
      lab.run(2);
      lab.captureAnew();
    }
  }

  /** B15. */
  static void floorOnTheVariance(Evidence evidence) {
    Lab silent = new Lab();
    silent.toServer.rule(SegmentRule.drop());
    silent.client.connects(silent.server);
    silent.run(1.5);
    double initialS = Say.seconds(silent.packets.get(1).atNs() - silent.packets.get(0).atNs());
    evidence.show(
        Say.isBetween(initialS, 1, 1.04), "the first SYN is repeated after " + Say.time(initialS));
    long lanMs = rtoMs(Lab.LAN_S);
    long farMs = rtoMs(0.1);
    evidence.show(
        lanMs == 204 && Say.isBetween((double) farMs, 300, 308),
        "RTO with a round trip of 0.2 ms: "
            + lanMs
            + " ms; of 100 ms: "
            + farMs
            + " ms, where a clamp would give 200 ms");
    Lab lab = new Lab();
    double longestS = Death.of(lab, SocketOptions.DEFAULT).longestGapS();
    evidence.show(
        Say.isBetween(longestS, 120, 122.1),
        "the longest wait between two retransmissions is " + Say.time(longestS));
  }

  /** RTO after 50 equal round trips. */
  private static long rtoMs(double roundTripS) {
    Lab lab = new Lab(KernelProfile.LINUX_6_18, roundTripS, 0);
    lab.server.program.whenAccepted = s -> s.whenData = () -> s.send(BYTES);
    Connection c = lab.connected();
    int[] left = {50};
    c.whenData =
        () -> {
          if (left[0]-- > 0) {
            c.send(BYTES);
          }
        };
    lab.client.does(() -> c.send(BYTES));
    lab.run(20);
    long rtoMs = lab.client.info(c).rtoUs / 1000;
    return lab.packetsWith(true, Segment.SYN, Segment.SYN) == 1 ? rtoMs : -1;
  }
}
