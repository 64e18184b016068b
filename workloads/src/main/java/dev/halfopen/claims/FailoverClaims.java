package dev.halfopen.claims;

import dev.halfopen.app.LoadStats;

/** Databases that fail over, and how a Java application finds the new one. */
final class FailoverClaims {
  private static final double KILL_S = 10;
  private static final double END_S = 100;
  private static final long FOR_EVER_NS = Long.MAX_VALUE / 4;

  private FailoverClaims() {}

  private static long ns(double s) {
    return (long) (s * Say.SECOND_NS);
  }

  /** B9. */
  static void failoverWithFin(Evidence evidence) {
    FailoverLab blind = killedAndRestarted(FOR_EVER_NS);
    blind.run(KILL_S + 0.04);
    int closeWait = blind.closeWait();
    blind.run(END_S);
    LoadStats withoutCheck = blind.stats();
    evidence.show(
        closeWait >= 19,
        "all is closed with FIN, and " + closeWait + " of 20 pooled sockets sit in CLOSE_WAIT");
    evidence.show(
        withoutCheck.failed() >= 19 && withoutCheck.failed() <= 21,
        "without validation the first borrow of each fails: "
            + withoutCheck.failed()
            + " requests although the database is back at once");
    FailoverLab checked = killedAndRestarted(0);
    checked.run(END_S);
    evidence.show(checked.stats().failed() <= 1, "with it " + checked.stats().failed() + " fail");
    double quickS = moved(5, 0) - KILL_S;
    double jvmS = moved(5, ns(30)) - KILL_S;
    evidence.show(
        quickS < 11 && jvmS > 15 && jvmS <= 41,
        "promoted at once under another address, the new database is found after "
            + Say.time(quickS)
            + " with a DNS TTL of 5 s, after "
            + Say.time(jvmS)
            + " with the JVM's 30 s besides");
  }

  /** The database is killed and started again 50 ms later. */
  private static FailoverLab killedAndRestarted(long bypassNs) {
    FailoverLab lab = new FailoverLab(5, true);
    lab.pool.aliveBypassWindowNs = bypassNs;
    lab.faults().kill(lab.first, ns(KILL_S)).start(lab.first, ns(KILL_S + 0.05));
    return lab;
  }

  /** When the second database first answers, if the first one is killed and the name follows. */
  private static double moved(double dnsTtlS, long jvmTtlNs) {
    FailoverLab lab = new FailoverLab(dnsTtlS, true);
    lab.pool.jvmTtlNs = jvmTtlNs;
    lab.faults().kill(lab.first, ns(KILL_S));
    lab.repoint(KILL_S + 0.1);
    return lab.firstAnswerOfSecondS(END_S);
  }

  /** B12. */
  static void jvmCachesNames(Evidence evidence) {
    double byDefault = followedS(ns(30));
    double off = followedS(0);
    double forEver = followedS(-1);
    evidence.show(
        byDefault > 15 && byDefault <= 36,
        "a name that changes is followed after "
            + Say.time(byDefault)
            + " with the JVM's 30 s (record's TTL 1 s)");
    evidence.show(off < 7, "after " + Say.time(off) + " with networkaddress.cache.ttl=0");
    evidence.show(
        Double.isInfinite(forEver), "not in " + Say.time(END_S) + " with a cache for ever");
    FailoverLab late = new FailoverLab(0, false);
    late.repoint(1);
    double lateS = late.firstAnswerOfSecondS(END_S);
    evidence.show(
        lateS >= 10 && lateS < 16,
        "a name that exists from 1 s on is found at "
            + Say.time(lateS)
            + ": failures are kept 10 s");
  }

  /** The name changes at 40 s while connections live 5 s: when the second database is used. */
  private static double followedS(long jvmTtlNs) {
    double changeS = 40;
    FailoverLab lab = new FailoverLab(1, true);
    lab.pool.jvmTtlNs = jvmTtlNs;
    lab.pool.maxLifetimeNs = ns(5);
    lab.repoint(changeS);
    return lab.firstAnswerOfSecondS(changeS + END_S) - changeS;
  }
}
