package dev.halfopen.report;

/** How a run came to its end. */
public enum Ending {
  /** After its duration. */
  COMPLETE,
  /** By the user. */
  INTERRUPTED,
  /** Memory ran out. */
  LIMIT
}
