package dev.halfopen.claims;

import org.jspecify.annotations.Nullable;

/**
 * A claim beside what the simulation of it showed.
 *
 * @param simulated what happened, in words; null where the claim has no simulation yet
 * @param holds whether the simulation does what Linux does; null where there is none
 */
public record ClaimResult(
    String id, String note, String linux, @Nullable String simulated, @Nullable Boolean holds) {
  public boolean misses() {
    return Boolean.FALSE.equals(holds);
  }
}
