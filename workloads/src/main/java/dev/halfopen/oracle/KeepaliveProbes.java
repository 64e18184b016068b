package dev.halfopen.oracle;

import dev.halfopen.net.LinkRule;
import dev.halfopen.net.Segment;
import dev.halfopen.net.SegmentRule;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;
import org.jspecify.annotations.Nullable;

/** O7: an idle connection with SO_KEEPALIVE whose peer is dead, rebooted, alive or cut off. */
final class KeepaliveProbes implements Experiment {
  private static final double ALIVE_S = 26;
  private static final double LIMIT_S = 100;
  private static final double RTO_S = 0.204;
  private static final int UNACKED_RETRIES = 5;
  private static final int BYTES = 100;

  @Override
  public Readings simulate(Case c, Scene scene) {
    boolean unacked = c.has("unacked");
    final int idle = c.suffix("idle", unacked ? 2 : sysctl(c, 0));
    final int interval = c.suffix("intvl", unacked ? 1 : sysctl(c, 1));
    final int count = c.suffix("cnt", unacked ? 2 : sysctl(c, 2));
    SocketOptions options = new SocketOptions();
    options.keepalive = true;
    options.userTimeoutMs = c.suffix("user_timeout", 0);
    if (c.has("sysctl")) {
      scene.set(Sysctl.TCP_KEEPALIVE_TIME, idle);
      scene.set(Sysctl.TCP_KEEPALIVE_INTVL, interval);
      scene.set(Sysctl.TCP_KEEPALIVE_PROBES, count);
    } else {
      options.keepIdleSeconds = idle;
      options.keepIntervalSeconds = interval;
      options.keepCount = count;
    }
    if (unacked) {
      scene.set(Sysctl.TCP_RETRIES2, UNACKED_RETRIES);
    }
    scene.build();
    Connection[] accepted = new Connection[1];
    scene.server.whenAccepted = s -> accepted[0] = s;
    SocketOptions abortive = new SocketOptions();
    abortive.lingerOn = true;
    Connection k = scene.connected(options, abortive);
    final long startNs = k.connectedNs;
    if (c.has("reboot")) {
      reboot(scene, accepted[0]);
    } else if (c.has("unreachable")) {
      scene.toServer.rule(SegmentRule.unreachable(LinkRule.HOST_UNREACHABLE, 0));
    } else if (!c.has("alive")) {
      scene.cut();
    }
    long sentNs = scene.nowNs();
    if (unacked) {
      scene.clientDoes(() -> k.send(BYTES));
    }
    scene.run(c.has("alive") ? ALIVE_S : LIMIT_S);
    long probes =
        scene.packets.stream()
            .filter(p -> p.fromClient() && p.atNs() >= sentNs && p.isBareAck())
            .count();
    Readings readings = new Readings().count("probes or retransmissions", probes);
    double longestTimerS = unacked ? RTO_S * (1 << UNACKED_RETRIES) : Math.max(idle, interval);
    double failedS = (k.failedNs - (unacked ? sentNs : startNs)) / (double) Conditions.SECOND_NS;
    if (!c.has("alive")) {
      readings.time(c.has("reboot") ? "ECONNRESET s" : "ETIMEDOUT s", failedS, longestTimerS);
    }
    return readings;
  }

  /** The server forgets the connection; what it says about it is lost. */
  private static void reboot(Scene scene, @Nullable Connection accepted) {
    scene.toClient.rule(SegmentRule.drop().flags(Segment.RST, Segment.RST).nth(1));
    if (accepted != null) {
      scene.serverDoes(accepted::close);
    }
  }

  /** "sysctl 5/2/3". */
  private static int sysctl(Case c, int index) {
    String[] numbers = c.name().substring(c.name().lastIndexOf(' ') + 1).split("/", -1);
    return numbers.length > index && numbers[index].matches("[0-9]+")
        ? Integer.parseInt(numbers[index])
        : 0;
  }
}
