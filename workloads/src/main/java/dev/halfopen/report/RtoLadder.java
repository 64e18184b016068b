package dev.halfopen.report;

import dev.halfopen.tcp.KernelProfile;

/**
 * When Linux sends a segment again that nobody acknowledges, and when it gives up, by the rules of
 * the kernel alone; for comparison with what the stack did.
 *
 * <p>First a tail loss probe, at the RTO where one segment is out; then RTO, 2 RTO, 4 RTO ... up to
 * tcp_rto_max, each a timer of its own. Since 4.8 a timer of d jiffies, 63*8^(n-1) <= d < 63*8^n,
 * fires at the first multiple of 8^n jiffies after its expiry (kernel/time/timer.c), before that up
 * to d / 256 late ({@code apply_slack}), so that all depends on the jiffies at which it began: the
 * bounds are over all of these. It gives up at the first expiry at which the first RTO
 * retransmission is {@code (2^(retries2+1) - 1) * 200 ms} old, and rto_max more for each retry
 * beyond nine (retransmits_timed_out, tcp_model_timeout).
 *
 * @param wheel whether timers are rounded by the wheel
 * @param rtoLeastMs the RTO, at least
 * @param rtoMostMs the RTO, at most
 */
record RtoLadder(int hz, boolean wheel, double rtoLeastMs, double rtoMostMs) {
  private static final double RTO_MAX_S = 120;
  private static final double RTO_MIN_S = 0.2;
  private static final double SECOND_MS = 1000;

  /** log2(120 s / 200 ms). */
  private static final int DOUBLINGS = 9;

  private static final int ARP_QUESTIONS = 3;
  private static final int SLACK_PARTS = 256;
  private static final int LEVEL_0 = 63;
  private static final int MOST = 64;

  /** The least and the greatest value over all phases, s. */
  record Bounds(double low, double high) {}

  static RtoLadder of(KernelProfile kernel, int hz, double rtoLeastMs, double rtoMostMs) {
    boolean wheel = kernel.timerRounding() == KernelProfile.TimerRounding.WHEEL;
    return new RtoLadder(hz, wheel, rtoLeastMs, rtoMostMs);
  }

  /** From the end of a partition of {@code seconds} that began with the write to the next copy. */
  Bounds stall(double seconds) {
    return over(
        (phase, rto) -> {
          long at = phase;
          for (int i = 0; i < MOST; i++) {
            at = next(at, rto, i);
            double s = (double) (at - phase) / hz;
            if (s >= seconds) {
              return s - seconds;
            }
          }
          return Double.POSITIVE_INFINITY;
        });
  }

  /** From the write to ETIMEDOUT, with that tcp_retries2. */
  Bounds death(int retries2) {
    double limitS = limitS(retries2);
    return over(
        (phase, rto) -> {
          long at = next(phase, rto, 0);
          long first = 0;
          for (int i = 1; i < MOST; i++) {
            at = next(at, rto, i);
            if (first == 0) {
              first = at;
            } else if ((double) (at - first) / hz >= limitS) {
              return (double) (at - phase) / hz;
            }
          }
          return Double.POSITIVE_INFINITY;
        });
  }

  /** From the write to ETIMEDOUT with TCP_USER_TIMEOUT ({@code tcp_clamp_rto_to_user_timeout}). */
  Bounds userTimeout(double seconds) {
    long limit = Math.round(seconds * hz);
    return over(
        (phase, rto) -> {
          long first = next(next(phase, rto, 0), rto, 1);
          long at = first;
          for (int i = 2; at - first < limit; i++) {
            long delay = Math.min(backedOff(rto, i), limit - (at - first));
            at = fires(at, delay);
          }
          return (double) (at - phase) / hz;
        });
  }

  /**
   * From the first SYN to ETIMEDOUT: 1 s apart at first, then twice as long each time.
   *
   * @param linear tcp_syn_linear_timeouts
   */
  static Bounds connect(KernelProfile kernel, int hz, int synRetries, int linear) {
    RtoLadder ladder = of(kernel, hz, SECOND_MS, SECOND_MS);
    return ladder.over(
        (phase, rto) -> {
          long at = phase;
          for (int i = 0; i <= synRetries + linear; i++) {
            at = ladder.fires(at, ladder.backedOff(rto, Math.max(0, i - linear) + 1));
          }
          return (double) (at - phase) / hz;
        });
  }

  /**
   * From the first packet for a neighbour that is dead to EHOSTUNREACH: three questions, each with
   * a timer of one second ({@code neigh_timer_handler}; ucast_solicit and mcast_solicit are 3,
   * retrans_time_ms 1000).
   */
  static Bounds arpFails(KernelProfile kernel, int hz) {
    RtoLadder ladder = of(kernel, hz, SECOND_MS, SECOND_MS);
    return ladder.over(
        (phase, rto) -> {
          long at = phase;
          for (int i = 0; i < ARP_QUESTIONS; i++) {
            at = ladder.fires(at, rto);
          }
          return (double) (at - phase) / hz;
        });
  }

  /** {@code tcp_model_timeout}. */
  static double limitS(int retries2) {
    double doubled = ((1L << Math.min(retries2, DOUBLINGS) + 1) - 1) * RTO_MIN_S;
    return doubled + Math.max(0, retries2 - DOUBLINGS) * RTO_MAX_S;
  }

  /** What one would expect without probe and rounding: min{S_k >= D} - D, S_k = 0.2 (2^k - 1). */
  static double nominalStall(double seconds) {
    double s = 0;
    for (int k = 1; s < seconds; k++) {
      s = RTO_MIN_S * ((1L << k) - 1);
    }
    return s - seconds;
  }

  /** A timer that is set for d jiffies fires so much later at most, s. */
  static double granuleS(boolean wheel, int hz, double seconds) {
    return wheel ? (double) granule(Math.round(seconds * hz)) / hz : seconds / SLACK_PARTS;
  }

  /** When the i-th timer after the write fires: 0 the probe, 1 the RTO, 2 twice the RTO. */
  private long next(long at, long rto, int i) {
    return fires(at, backedOff(rto, i));
  }

  private long backedOff(long rto, int i) {
    return Math.min(rto << Math.min(Math.max(0, i - 1), 30), (long) (RTO_MAX_S * hz));
  }

  private long fires(long at, long delay) {
    long expires = at + delay;
    if (!wheel) {
      long limit = expires + delay / SLACK_PARTS;
      long differing = Long.highestOneBit(expires ^ limit);
      return differing == 0 ? expires : limit & -differing;
    }
    long granule = granule(delay);
    return (expires / granule + 1) * granule;
  }

  private static long granule(long delay) {
    long granule = 1;
    for (long top = LEVEL_0; delay >= top; top *= 8) {
      granule *= 8;
    }
    return granule;
  }

  private interface Measure {
    double of(long phase, long rto);
  }

  private Bounds over(Measure measure) {
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    long most = jiffies(rtoMostMs);
    long phases = granule((long) (RTO_MAX_S * hz));
    for (long rto = jiffies(rtoLeastMs); rto <= most; rto++) {
      for (long phase = 0; phase < phases; phase++) {
        double value = measure.of(phase, rto);
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    // It begins within a jiffy, of which the kernel counts from the start.
    return new Bounds(Math.max(0, low - 1.0 / hz), high);
  }

  private long jiffies(double ms) {
    return (long) StrictMath.ceil(ms * hz / 1000);
  }
}
