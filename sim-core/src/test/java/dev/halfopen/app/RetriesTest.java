package dev.halfopen.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.app.RetryConfig.Jitter;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Waits and budgets of a retry policy. */
class RetriesTest {
  private static final long MS = 1_000_000L;
  private static final int SAMPLES = 2000;

  private static RetryConfig config(Jitter jitter) {
    RetryConfig config = new RetryConfig();
    config.jitter = jitter;
    config.backoffNs = 100 * MS;
    config.maxBackoffNs = 1000 * MS;
    return config;
  }

  private static Retries of(RetryConfig config) {
    return new Retries(config, 7, 1);
  }

  /** Repeats until the budget refuses one. */
  private static int taken(Retries retries) {
    int n = 0;
    while (retries.withdraw()) {
      n++;
    }
    return n;
  }

  @Test
  void waitsDoubleUpToTheMost() {
    Retries retries = of(config(Jitter.NONE));
    assertThat(LongStream.rangeClosed(1, 6).map(i -> retries.waitNs((int) i, 0) / MS))
        .containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L);
  }

  @Test
  void fullJitterDrawsFromNothingToTheBackoff() {
    Retries retries = of(config(Jitter.FULL));
    double mean =
        LongStream.range(0, SAMPLES)
            .map(i -> retries.waitNs(3, 0))
            .peek(ns -> assertThat(ns).isBetween(0L, 400 * MS))
            .average()
            .orElse(0);
    assertThat(mean / MS).isBetween(190.0, 210.0);
  }

  @Test
  void decorrelatedJitterGrowsWithTheWaitBefore() {
    Retries retries = of(config(Jitter.DECORRELATED));
    double mean =
        LongStream.range(0, SAMPLES)
            .map(i -> retries.waitNs(3, 200 * MS))
            .peek(ns -> assertThat(ns).isBetween(100 * MS, 600 * MS))
            .average()
            .orElse(0);
    assertThat(mean / MS).isBetween(340.0, 360.0);
    assertThat(LongStream.range(0, SAMPLES).map(i -> retries.waitNs(9, 900 * MS)).max())
        .hasValue(1000 * MS);
  }

  @Test
  void aBudgetIsEarnedByRequestsAndSavedUpToItsBurst() {
    RetryConfig config = config(Jitter.NONE);
    config.budgetPerThousand = 200;
    config.budgetBurst = 2;
    Retries retries = of(config);
    assertThat(taken(retries)).isEqualTo(2);
    for (int i = 0; i < 4; i++) {
      retries.deposit();
    }
    assertThat(retries.withdraw()).isFalse();
    retries.deposit();
    assertThat(retries.withdraw()).isTrue();
    for (int i = 0; i < 1000; i++) {
      retries.deposit();
    }
    assertThat(taken(retries)).isEqualTo(2);
  }
}
