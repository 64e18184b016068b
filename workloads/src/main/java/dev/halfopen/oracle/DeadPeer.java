package dev.halfopen.oracle;

import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;
import java.util.ArrayList;
import java.util.List;

/** O6: the peer falls silent with data in flight. */
final class DeadPeer implements Experiment {
  private static final double LIMIT_S = 1200;
  private static final double RTO_S = 0.204;
  private static final double RTO_MIN_S = 0.2;
  private static final String RETRANSMISSIONS = "RTO retransmissions";
  private static final String TIMEOUT = "ETIMEDOUT s";
  private static final String DECIDED_BY_PHASE =
      "an expiry falls within a granule of the limit: the kernel itself gives either value,"
          + " by jiffies phase, and was measured once";

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
    long retransmissions = rtoRetransmissions(scene);
    double longestTimerS = Math.min(rtoMaxMs / 1000.0, RTO_S * (1 << (int) retransmissions));
    if (options.userTimeoutMs != 0) {
      longestTimerS = Math.min(longestTimerS, options.userTimeoutMs / 1000.0);
    }
    double failedS = (k.failedNs - startNs) / (double) Conditions.SECOND_NS;
    if (options.userTimeoutMs == 0 && isDecidedByPhase(c, scene, startNs, k.failedNs, probe)) {
      return new Readings()
          .notExpressed(RETRANSMISSIONS, DECIDED_BY_PHASE, (double) retransmissions)
          .notExpressed(TIMEOUT, DECIDED_BY_PHASE, failedS);
    }
    return new Readings()
        .count(RETRANSMISSIONS, retransmissions)
        .time(TIMEOUT, failedS, longestTimerS);
  }

  /**
   * Whether an expiry of the RTO lies within its own timer's granule of the instant at which {@code
   * retransmits_timed_out} gives up.
   */
  private static boolean isDecidedByPhase(
      Case c, Scene scene, long startNs, long failedNs, boolean probe) {
    List<Long> expiries = new ArrayList<>();
    for (Packet p : scene.packets) {
      if (p.fromClient() && p.length() > 0 && p.atNs() > startNs + Conditions.MS_NS) {
        expiries.add(p.atNs());
      }
    }
    if (probe) {
      expiries.remove(0);
    }
    expiries.add(failedNs);
    double limitS = modelTimeoutS(c.number("retries2", 15), c.number("rto_max", 120_000) / 1000.0);
    for (int i = 1; i < expiries.size(); i++) {
      double timerS = (expiries.get(i) - expiries.get(i - 1)) / (double) Conditions.SECOND_NS;
      double elapsedS = (expiries.get(i) - expiries.get(0)) / (double) Conditions.SECOND_NS;
      if (Math.abs(elapsedS - limitS) < Conditions.granuleS(timerS) / 2) {
        return true;
      }
    }
    return false;
  }

  /** {@code tcp_model_timeout} over TCP_RTO_MIN. */
  private static double modelTimeoutS(int retries, double rtoMaxS) {
    double limitS = 0;
    double rtoS = RTO_MIN_S;
    double doubledS = RTO_MIN_S;
    while (doubledS * 2 <= rtoMaxS) {
      doubledS *= 2;
    }
    for (int i = 0; i <= retries; i++) {
      limitS += rtoS;
      rtoS = rtoS >= doubledS ? rtoMaxS : rtoS * 2;
    }
    return limitS;
  }

  /** Retransmissions of the client that the RTO caused, loss probes left out. */
  static long rtoRetransmissions(Scene scene) {
    return scene.clientTcp().counter(Mib.RETRANS_SEGS)
        - scene.clientTcp().counter(Mib.TCP_LOSS_PROBES);
  }
}
