package dev.halfopen.report;

import java.util.Optional;

/** Recognizes one reason for failures in counters, gauges and root causes. */
interface DiagnosisRule {
  /**
   * The diagnosis, or empty where this is not what happened.
   *
   * @param ledger of which it takes the requests that it explains
   */
  Optional<Diagnosis> examine(RunResult result, Ledger ledger);
}
