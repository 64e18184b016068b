package dev.halfopen.scenario;

/**
 * A stream of requests that arrive whatever happens to the ones before (open loop).
 *
 * @param postsPerThousand requests that must not be repeated
 * @param requestsPerClientConnection a client closes after these; 0: no limit
 * @param timeoutNs a client gives a request up after this; 0: never
 * @param users of a closed loop, who replace the rate; 0: open loop
 * @param thinkTimeNs between a user's requests
 */
public record RequestLoad(
    String name,
    String from,
    String to,
    int toPort,
    RateSpec curve,
    Arrivals arrivals,
    int postsPerThousand,
    int requestsPerClientConnection,
    SizeSpec requestBytes,
    SizeSpec responseBytes,
    long timeoutNs,
    int users,
    long thinkTimeNs)
    implements LoadSpec {
  /** How requests are spaced. */
  public enum Arrivals {
    /** Exactly 1/rate apart. */
    CONSTANT,
    /** Independent of each other. */
    POISSON
  }

  /** Requests offered in this time at constant arrivals. */
  public long offered(long durationNs) {
    return (long) StrictMath.floor(curve.expected(durationNs));
  }

  /** The rate, or the highest of one that changes. */
  public Quantity rate() {
    return curve.most();
  }
}
