package dev.halfopen.report;

import java.util.List;

/** Recognizes one reason for failures in counters, gauges and root causes. */
interface DiagnosisRule {
  /**
   * One for each host that it happened to; none where it did not happen.
   *
   * @param ledger of which it takes the requests that it explains
   */
  List<Diagnosis> examine(RunResult result, Ledger ledger);
}
