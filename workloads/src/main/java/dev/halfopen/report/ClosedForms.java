package dev.halfopen.report;

/**
 * The formulas that simulated values are held against, in one place. They are for comparison only:
 * no result comes out of them.
 */
final class ClosedForms {
  private static final int STEPS_MOST = 5000;

  private ClosedForms() {}

  /**
   * M/M/1/K: the share of arrivals that find K in the system.
   *
   * @param r arrivals in the mean time of a service
   */
  static double lossOfQueue(double r, int k) {
    if (StrictMath.abs(r - 1) < 1e-9) {
      return 1.0 / (k + 1);
    }
    // (1-r) r^K / (1-r^(K+1)), divided by r^K where that would overflow.
    return r > 1
        ? (r - 1) / (r - StrictMath.pow(r, -k))
        : (1 - r) * StrictMath.pow(r, k) / (1 - StrictMath.pow(r, k + 1.0));
  }

  /** The share of clients that a program does not get to that is never idle. */
  static double lossOfBusy(double r) {
    return r <= 1 ? 0 : 1 - 1 / r;
  }

  /**
   * The share of SYNs that are dropped in the long run where every client repeats its SYN up to n
   * times and a queue serves all it can: 1/r of the clients are served, and p^n never connect.
   *
   * @param reset share of clients that connect and are not served
   */
  static double lossWithRepeats(double r, double reset, int n) {
    return StrictMath.pow(Math.max(0, lossOfBusy(r) - reset), 1.0 / n);
  }

  /** At least one of n independent events of probability p. */
  static double anyOf(double p, int n) {
    return 1 - StrictMath.pow(1 - p, n);
  }

  /** Poisson: the probability of more than k where the mean is a. */
  static double poissonAbove(double a, int k) {
    double term = StrictMath.exp(-a);
    double sum = term;
    for (int i = 1; i <= k; i++) {
      term *= a / i;
      sum += term;
    }
    return Math.max(0, 1 - sum);
  }

  /**
   * What a log-normal service time exceeds with a probability of 1 %, and other exceedances by its
   * distribution function.
   *
   * @param sigma of the logarithm
   */
  static double logNormalAbove(double value, double median, double sigma) {
    return sigma == 0
        ? (value < median ? 1 : 0)
        : normalAbove(StrictMath.log(value / median) / sigma);
  }

  /** The standard normal's upper tail (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
  static double normalAbove(double z) {
    if (z < 0) {
      return 1 - normalAbove(-z);
    }
    double t = 1 / (1 + 0.2316419 * z);
    double poly =
        t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return StrictMath.exp(-z * z / 2) / StrictMath.sqrt(2 * StrictMath.PI) * poly;
  }

  /** Four standard deviations of a share p among n independent cases. */
  static double shareNoise(double p, double n) {
    return n <= 0 ? 1 : 4 * StrictMath.sqrt(Math.max(0, p * (1 - p)) / n);
  }

  /**
   * The probability that a request of Poisson's process finds the connection that was used last
   * idle for between {@code least} and {@code most}, where each is in use for an exponential time.
   * The number in use is then an M/M/inf, n in the mean as Poisson's distribution says; the
   * connection came back when it last was n + 1, and as the process is reversible that is as long
   * ago as it takes to get from n to n + 1. With n = 0 it is exp(-rate * least) - exp(-rate *
   * most). Exact for exponential times without any failure.
   *
   * @param hold seconds for which a request uses a connection, in the mean
   * @param most {@link Double#MAX_VALUE}: without end
   */
  static double idleGapWithin(double rate, double hold, double least, double most) {
    double inUse = rate * hold;
    double share = StrictMath.exp(-inUse);
    double sum = 0;
    int top = (int) (inUse + 6 * StrictMath.sqrt(inUse)) + 6;
    for (int n = 0; n <= top; n++) {
      double later = most == Double.MAX_VALUE ? 0 : staysBelow(n, rate, hold, most);
      sum += share * (staysBelow(n, rate, hold, least) - later);
      share *= inUse / (n + 1);
    }
    return sum;
  }

  /** M/M/inf: the probability not to get from n to n + 1 within a time; by uniformization. */
  private static double staysBelow(int n, double rate, double hold, double seconds) {
    double fastest = rate + n / hold;
    double[] now = new double[n + 2];
    now[n] = 1;
    double weight = StrictMath.exp(-fastest * seconds);
    double seen = weight;
    double stays = weight;
    for (int k = 1; seen < 1 - 1e-9 && k < STEPS_MOST; k++) {
      double[] then = new double[n + 2];
      double below = 0;
      for (int i = 0; i <= n; i++) {
        double up = now[i] * rate / fastest;
        double down = now[i] * i / hold / fastest;
        then[i + 1] += i == n ? 0 : up;
        then[Math.max(0, i - 1)] += down;
        then[i] += now[i] - up - down;
      }
      for (double p : then) {
        below += p;
      }
      now = then;
      weight *= fastest * seconds / k;
      seen += weight;
      stays += weight * below;
    }
    return stays;
  }

  /**
   * SYNs that a client sends within a time of its first one, without any answer: exponential
   * back-off from 1 s, after {@code linear} repeats at 1 s each (tcp_syn_linear_timeouts).
   */
  static int synsWithin(double seconds, int retries, int linear) {
    int sent = 1;
    double at = 0;
    double gap = 1;
    for (int i = 1; i <= retries + linear; i++) {
      at += gap;
      if (at > seconds) {
        return sent;
      }
      sent++;
      gap = i > linear ? gap * 2 : 1;
    }
    return sent;
  }
}
