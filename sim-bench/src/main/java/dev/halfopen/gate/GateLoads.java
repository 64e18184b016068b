package dev.halfopen.gate;

import java.util.List;

/** The loads by name. */
final class GateLoads {
  static final List<String> NAMES = List.of("churn", "requests", "flood", "bulk");

  private GateLoads() {}

  /**
   * A world at time 0; throws IllegalArgumentException for a name that is none of {@link #NAMES}.
   */
  static GateLoad of(String name) {
    return switch (name) {
      case "churn" -> new ChurnLoad();
      case "requests" -> RequestLoad.small();
      case "bulk" -> RequestLoad.bulk();
      case "flood" -> new FloodLoad();
      default -> throw new IllegalArgumentException(name + " is no load of the gate; " + NAMES);
    };
  }
}
