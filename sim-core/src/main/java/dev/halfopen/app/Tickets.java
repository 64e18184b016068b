package dev.halfopen.app;

/**
 * Knows whether a reference (ticket << 32 | row) still means what it meant when it was given out.
 */
interface Tickets {
  boolean isCurrent(long reference);
}
