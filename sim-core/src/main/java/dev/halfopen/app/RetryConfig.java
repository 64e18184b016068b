package dev.halfopen.app;

/** When a client sends a failed request again, and how often at the most. */
public final class RetryConfig {
  /** How the waits of many clients are kept from falling together. */
  public enum Jitter {
    /** Not at all. */
    NONE,
    /** Anything from 0 to the backoff. */
    FULL,
    /** Anything from the first backoff to three times the wait before. */
    DECORRELATED
  }

  /** Tries of a request, the first one included. */
  public int tries = 3;

  /** A try ends after this, and its connection is closed; 0: with the request only. */
  public long tryTimeoutNs;

  /** Wait before the second try. */
  public long backoffNs = 100_000_000L;

  /** By which the backoff grows with every try. */
  public double factor = 2;

  public long maxBackoffNs = 10_000_000_000L;
  public Jitter jitter = Jitter.FULL;

  /** Repeats allowed for a thousand requests, over all clients of the load; -1: no budget. */
  public int budgetPerThousand = -1;

  /** Repeats that may be saved up, which is also what the budget begins with. */
  public int budgetBurst = 10;

  /** After a connection that failed or broke. */
  public boolean onError = true;

  /** After tryTimeout. */
  public boolean onTimeout = true;

  /** After a response that says 5xx. */
  public boolean onStatus = true;

  /** Whether POSTs are sent again although they may have been executed. */
  public boolean posts;
}
