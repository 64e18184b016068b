package dev.halfopen.report;

import dev.halfopen.app.Waiting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Applies the rules, the most particular one first: each takes the requests that it explains. A new
 * reason is a new rule in this list.
 */
final class Diagnostician {
  private static final List<DiagnosisRule> RULES =
      List.of(
          new EphemeralPortsRule(),
          new IdleReaderRule(),
          new ShortageRule(LimitUse.SYN_QUEUE),
          new ShortageRule(LimitUse.ACCEPT_QUEUE),
          new ShortageRule(LimitUse.CONNTRACK),
          new ShortageRule(LimitUse.CPU),
          new ShortageRule(LimitUse.WORKERS),
          new ShortageRule(LimitUse.WORKER_CONNECTIONS),
          new ShortageRule(LimitUse.OPEN_FILES),
          new StaleConnectionRule(),
          new OrphansRule(),
          new TimeWaitBucketsRule(),
          new DeadAddressRule(),
          new OccupancyRule(),
          CauseRule.RESPONSE_TIMEOUT,
          CauseRule.CONNECT_TIMEOUT,
          CauseRule.REFUSED,
          CauseRule.POOL,
          CauseRule.MAX_CONNECTIONS,
          CauseRule.BROKEN,
          CauseRule.SOCKET_TIMEOUT,
          CauseRule.READ_ONLY,
          CauseRule.UNKNOWN_HOST,
          CauseRule.NO_IDLE_CONNECTION,
          EvidencedRule.gaveUp(CauseRule.CLIENT_TIMEOUT),
          EvidencedRule.waiting(CauseRule.CONNECT_TIMEOUT, Waiting.CONNECT),
          EvidencedRule.waiting(CauseRule.NO_ACKNOWLEDGEMENT, Waiting.ACKNOWLEDGEMENT),
          EvidencedRule.waiting(CauseRule.NO_RESPONSE, Waiting.RESPONSE));

  private Diagnostician() {}

  /**
   * What was found.
   *
   * @param diagnoses the one that explains most first
   * @param unexplained requests that failed or hang and that no rule explains
   */
  record Findings(List<Diagnosis> diagnoses, long unexplained) {}

  static Findings examine(RunResult result) {
    Ledger ledger = Ledger.of(result);
    List<Diagnosis> found = new ArrayList<>();
    for (DiagnosisRule rule : RULES) {
      rule.examine(result, ledger).forEach(d -> add(d, found));
    }
    found.sort(Comparator.comparingLong(Diagnosis::explains).reversed());
    return new Findings(List.copyOf(found), ledger.unexplained());
  }

  /** What ran out at a place is told once, whether requests failed or wait for it. */
  private static void add(Diagnosis one, List<Diagnosis> found) {
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).isOfTheSame(one)) {
        found.set(i, found.get(i).plus(one));
        return;
      }
    }
    found.add(one);
  }
}
