package dev.halfopen.scenario;

import dev.halfopen.app.RetryConfig;
import java.util.Optional;

/**
 * A stream of requests that arrive whatever happens to the ones before (open loop).
 *
 * @param postsPerThousand requests that must not be repeated
 * @param requestsPerClientConnection a client closes after these; 0: no limit
 * @param fanOut requests of a page, which a client sends at once; what is offered are then pages
 * @param timeoutNs a client gives a request up after this; 0: never
 * @param users of a closed loop, who replace the rate; 0: open loop
 * @param thinkTimeNs between a user's requests
 * @param retry when failed requests are sent again; empty: never
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
    int fanOut,
    long timeoutNs,
    int users,
    long thinkTimeNs,
    Optional<RetryConfig> retry)
    implements LoadSpec {
  /** How requests are spaced. */
  public enum Arrivals {
    /** Exactly 1/rate apart. */
    CONSTANT,
    /** Independent of each other. */
    POISSON
  }

  private static final int THOUSAND = 1000;

  /**
   * TIME_WAIT in the mean over many machines is 61.02 s; in step, 62.05 s, which a table that is
   * made for this holds, too.
   */
  private static final double TIME_WAIT_SECONDS = 61.7;

  @Override
  public boolean isRandom() {
    return arrivals == Arrivals.POISSON
        || requestBytes.isRandom()
        || responseBytes.isRandom()
        || (postsPerThousand > 0 && postsPerThousand < THOUSAND)
        || retry.filter(r -> r.jitter != RetryConfig.Jitter.NONE).isPresent();
  }

  /** TIME_WAITs of the clients at the most, if each closes first after one request; else 0. */
  public long clientTimeWaits(WorldSpec world) {
    if (requestsPerClientConnection != 1) {
      return 0;
    }
    double seconds = Math.min(TIME_WAIT_SECONDS, world.durationNs() / 1e9);
    return (long) StrictMath.ceil(requestsPerSecond() * seconds);
  }

  /** Requests offered in this time at constant arrivals; or pages. */
  public long offered(long durationNs) {
    return (long) StrictMath.floor(curve.expected(durationNs));
  }

  /** Of what is offered, pages or requests: the rate, or the highest of one that changes. */
  public Quantity rate() {
    return curve.most();
  }

  /** The requests of all its pages, at the highest rate. */
  public double requestsPerSecond() {
    return rate().perSecond() * fanOut;
  }
}
