package dev.halfopen.scenario;

import java.util.List;

/**
 * What is measured and what it must satisfy.
 *
 * @param measureFromNs requests due earlier are sent but not counted; 0: all count
 */
public record Goals(long measureFromNs, List<ThresholdSpec> thresholds) {
  /** Everything counts, and whatever comes out is fine. */
  public static final Goals NONE = new Goals(0, List.of());

  public Goals {
    thresholds = List.copyOf(thresholds);
  }
}
