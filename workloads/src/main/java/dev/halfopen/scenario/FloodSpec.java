package dev.halfopen.scenario;

import dev.halfopen.app.SynFloodConfig;

/**
 * SYNs that are sent without any interest in an answer.
 *
 * @param from the group whose addresses they have, or that forges others
 * @param isPoisson independent of each other; otherwise evenly spaced
 * @param areSpoofed addresses that are nobody's; otherwise those of {@code from}, which are silent
 * @param answeringShare 0..1, of the addresses that exist and answer a SYN-ACK with RST
 */
public record FloodSpec(
    String name,
    String from,
    String to,
    int toPort,
    RateSpec curve,
    boolean isPoisson,
    boolean areSpoofed,
    double answeringShare,
    SynFloodConfig.Options options)
    implements LoadSpec {
  /** Who it claims to be is drawn, whatever its rhythm. */
  @Override
  public boolean isRandom() {
    return true;
  }
}
