package dev.halfopen.scenario;

/** A named stream of traffic; one record for each kind. */
public interface LoadSpec {
  /** Its key under {@code load}. */
  String name();

  /** The group that it comes from. */
  String from();

  /** The group that it goes to. */
  String to();

  int toPort();

  /** The rate over time. */
  RateSpec curve();

  /** Whether its arrivals, sizes or choices are drawn at random. */
  boolean isRandom();
}
