package dev.halfopen.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Applies the rules; a new reason is a new rule in this list. */
final class Diagnostician {
  private static final List<DiagnosisRule> RULES =
      List.of(
          new EphemeralPortsRule(),
          new ShortageRule(LimitUse.SYN_QUEUE),
          new ShortageRule(LimitUse.ACCEPT_QUEUE),
          new ShortageRule(LimitUse.CONNTRACK),
          new ShortageRule(LimitUse.CPU),
          new ShortageRule(LimitUse.WORKERS),
          new ShortageRule(LimitUse.WORKER_CONNECTIONS),
          new ShortageRule(LimitUse.OPEN_FILES),
          new StaleConnectionRule(),
          CauseRule.RESPONSE_TIMEOUT,
          CauseRule.CONNECT_TIMEOUT,
          CauseRule.REFUSED,
          CauseRule.CLIENT_TIMEOUT);

  private Diagnostician() {}

  /** The reasons, the one that explains most first. */
  static List<Diagnosis> examine(RunResult result) {
    List<Diagnosis> found = new ArrayList<>();
    for (DiagnosisRule rule : RULES) {
      rule.examine(result).ifPresent(found::add);
    }
    found.sort(Comparator.comparingLong(Diagnosis::explains).reversed());
    return found;
  }

  /** Failed requests that no rule explains. */
  static long unexplained(RunResult result, List<Diagnosis> found) {
    long explained = found.stream().mapToLong(Diagnosis::explains).sum();
    return Math.max(0, result.total().failed() - explained);
  }
}
