package dev.halfopen.oracle;

import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;

/** O6: the peer falls silent with data in flight. */
final class DeadPeer implements Experiment {
  private static final double LIMIT_S = 1200;
  private static final double RTO_S = 0.204;
  private static final int SEGMENT = 100;
  private static final int FULL_SEGMENT = 1448;
  private static final int TEN = 10;

  @Override
  public Readings simulate(Case c, Scene scene) {
    SocketOptions options = new SocketOptions();
    options.userTimeoutMs = c.number("user_timeout", 0);
    int rtoMaxMs = c.number("rto_max", 120_000);
    boolean timestamps = !(c.has("timestamps") && c.has("off"));
    boolean probe = !(c.has("tlp") && c.has("off"));
    scene.set(Sysctl.TCP_RETRIES2, c.number("retries2", 15));
    scene.set(Sysctl.TCP_RETRIES1, c.number("retries1", 3));
    scene.set(Sysctl.TCP_RTO_MAX_MS, rtoMaxMs);
    scene.set(Sysctl.TCP_TIMESTAMPS, timestamps ? 1 : 0);
    scene.set(Sysctl.TCP_EARLY_RETRANS, probe ? 3 : 0).build();
    Connection k = scene.connected(options);
    scene.clientDoes(() -> k.send(SEGMENT));
    scene.run(0.5);
    scene.cut();
    long startNs = scene.nowNs();
    int bytes = c.has("ten") ? TEN * FULL_SEGMENT : SEGMENT;
    scene.clientDoes(() -> k.send(bytes));
    scene.run(LIMIT_S);
    long retransmissions =
        scene.clientTcp().counter(Mib.RETRANS_SEGS)
            - scene.clientTcp().counter(Mib.TCP_LOSS_PROBES);
    double longestTimerS = Math.min(rtoMaxMs / 1000.0, RTO_S * (1 << (int) retransmissions));
    if (options.userTimeoutMs != 0) {
      longestTimerS = Math.min(longestTimerS, options.userTimeoutMs / 1000.0);
    }
    double failedS = (k.failedNs - startNs) / (double) Conditions.SECOND_NS;
    return new Readings()
        .count("RTO retransmissions", retransmissions)
        .time("ETIMEDOUT s", failedS, longestTimerS);
  }
}
