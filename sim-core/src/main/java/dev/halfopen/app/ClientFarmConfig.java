package dev.halfopen.app;

import dev.halfopen.tcp.SocketOptions;
import org.jspecify.annotations.Nullable;

/** One open-loop load: what a {@link ClientFarm} sends and when. Set before the world is built. */
public final class ClientFarmConfig {
  public static final long SECOND_NS = 1_000_000_000L;

  /** What {@link #latencyIntervalNs} is unless somebody sets it. */
  public static final long LATENCY_INTERVAL_NS = 10 * SECOND_NS;

  /** The load's name in the summary. */
  public String name = "load";

  public int serverAddress;

  /** Several servers instead, whose turn it is with each connection; empty: the one above. */
  public int[] serverAddresses = {};

  public int serverPort = 8080;

  /** {@code rateCount} requests per {@code ratePerNs}: 15/min is 15 per 60e9 ns. */
  public long rateCount = 100;

  public long ratePerNs = SECOND_NS;

  /** A rate that changes with time, from time 0 on, in place of the one above; null: none. */
  public @Nullable RateSchedule schedule;

  /** Poisson arrivals; otherwise request i is due at exactly {@code fromNs + i / rate}. */
  public boolean poisson;

  /**
   * Requests of a page, which its client sends all at once. What falls due and is counted are then
   * pages: each is over with the last of its requests, and has failed if one of them has.
   */
  public int fanOut = 1;

  /** Users of a closed loop, who replace the rate; 0: open loop. */
  public int users;

  /** From the end of a user's request to the begin of the next one. */
  public long thinkTimeNs;

  /** The users begin one after the other, so far apart. */
  public long userGapNs;

  public long fromNs;

  /** No request is due at or after this. */
  public long untilNs = Long.MAX_VALUE;

  /** At most so many requests. */
  public long requestsMax = Long.MAX_VALUE;

  /** Requests due earlier are sent but not counted (warm-up). */
  public long measureFromNs;

  /** A request older than this has failed and its connection is closed; 0: never. */
  public long timeoutNs = 30 * SECOND_NS;

  /** After so many requests the client closes the connection; 0: no limit. */
  public int requestsPerClientConnection;

  /**
   * Whether a GET that met a closing kept connection is sent again on a new one, as browsers do.
   */
  public boolean retryStale = true;

  /** When failed requests are sent again; null: never. */
  public @Nullable RetryConfig retry;

  public Distribution requestBytes = Distribution.constant(500);

  /** What the clients ask for; null: the server's own distribution decides. */
  public @Nullable Distribution responseBytes;

  /** Requests in a thousand that are POSTs, which a proxy must not repeat. */
  public int postsPerThousand;

  public SocketOptions socketOptions = SocketOptions.DEFAULT;

  /** Successes are counted per interval of this length. */
  public long successIntervalNs = 10_000_000L;

  /** Length of an interval of latency.hlog, whose end allocates. */
  public long latencyIntervalNs = LATENCY_INTERVAL_NS;
}
