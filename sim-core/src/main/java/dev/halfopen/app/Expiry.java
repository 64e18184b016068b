package dev.halfopen.app;

/** What an application does when one of its {@link Delays} has passed. */
interface Expiry {
  void expired(long nowNs, int kind, long reference);
}
