package dev.halfopen.report;

/**
 * The formulas that simulated values are held against, in one place. They are for comparison only:
 * no result comes out of them.
 */
final class ClosedForms {
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

  /**
   * The share of SYNs that are dropped in the long run where every client repeats its SYN up to n
   * times and a queue serves all it can: then 1/r of the clients come in, and p^n stay out.
   */
  static double lossWithRepeats(double r, int n) {
    return r <= 1 ? 0 : StrictMath.pow(1 - 1 / r, 1.0 / n);
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
