package dev.halfopen.app;

import dev.halfopen.engine.RandomStreams;

/** A retry policy at work: how long to wait before the next try, and what is left of the budget. */
final class Retries {
  private static final int TOKEN = 1000;
  private static final double UNIT = 0x1p-53;

  /** "Exponential Backoff And Jitter", AWS architecture blog, 2015. */
  private static final int DECORRELATION = 3;

  private final RetryConfig config;
  private final long seed;
  private final int node;

  /** In thousandths of a repeat. */
  private long tokens;

  private long drawn;

  /**
   * A policy with a full budget.
   *
   * @param node that draws the jitter
   */
  Retries(RetryConfig config, long seed, int node) {
    this.config = config;
    this.seed = seed;
    this.node = node;
    this.tokens = (long) config.budgetBurst * TOKEN;
  }

  RetryConfig config() {
    return config;
  }

  /** A new request earns its share of a repeat. */
  void deposit() {
    if (config.budgetPerThousand >= 0) {
      long most = (long) config.budgetBurst * TOKEN;
      tokens = Math.min(most, tokens + config.budgetPerThousand);
    }
  }

  /** Takes a repeat out of the budget; false if it has none left. */
  boolean withdraw() {
    if (config.budgetPerThousand < 0) {
      return true;
    }
    if (tokens < TOKEN) {
      return false;
    }
    tokens -= TOKEN;
    return true;
  }

  /**
   * The wait before the next try.
   *
   * @param tries so far, from 1
   * @param beforeNs the wait before the last one, 0 for none
   */
  long waitNs(int tries, long beforeNs) {
    return switch (config.jitter) {
      case NONE -> backoffNs(tries);
      case FULL -> (long) (backoffNs(tries) * draw());
      case DECORRELATED -> {
        long least = Math.min(config.backoffNs, config.maxBackoffNs);
        double most = DECORRELATION * (double) Math.max(least, beforeNs);
        yield (long) Math.min((double) config.maxBackoffNs, least + (most - least) * draw());
      }
    };
  }

  private long backoffNs(int tries) {
    double ns = config.backoffNs;
    for (int i = 1; i < tries && ns < config.maxBackoffNs; i++) {
      ns *= config.factor;
    }
    return (long) Math.min(ns, (double) config.maxBackoffNs);
  }

  private double draw() {
    long bits = RandomStreams.bits(seed, node, Purposes.RETRY_JITTER, drawn++);
    return (bits >>> 11) * UNIT;
  }
}
