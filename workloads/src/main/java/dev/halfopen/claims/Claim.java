package dev.halfopen.claims;

import org.jspecify.annotations.Nullable;

/**
 * A sentence of the notes and what Linux does.
 *
 * @param simulation shows it; null where there is none yet
 */
record Claim(String id, String note, String linux, @Nullable Simulation simulation) {
  ClaimResult judge() {
    Simulation s = simulation;
    if (s == null) {
      return new ClaimResult(id, note, linux, null, null);
    }
    Evidence evidence = new Evidence();
    s.run(evidence);
    return new ClaimResult(id, note, linux, evidence.text(), evidence.holds());
  }
}
