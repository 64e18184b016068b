package dev.halfopen.scenario;

/** Something that goes wrong, or is changed, at an instant; one record for each kind. */
public interface FaultSpec {
  String name();

  long atNs();

  /** Whether chance decides what it hits. */
  default boolean isRandom() {
    return false;
  }
}
