package dev.halfopen.report;

import dev.halfopen.app.LoadStats;
import java.util.List;

/** Brings the recorders of all loads together. */
final class Latencies {
  private Latencies() {}

  static List<LatencyResult> of(List<LoadStats> loads) {
    return List.of();
  }
}
