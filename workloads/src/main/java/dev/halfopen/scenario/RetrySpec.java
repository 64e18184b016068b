package dev.halfopen.scenario;

import dev.halfopen.app.RetryConfig;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** {@code retry:} of a load. */
final class RetrySpec {
  private static final String RANGE = "0s..24h";
  private static final String NO_BUDGET = "none";
  private static final double THOUSAND = 1000;

  /** What a client tries again after. */
  private enum On {
    ERROR,
    TIMEOUT,
    STATUS
  }

  private RetrySpec() {}

  /** Empty where the load has no such key. */
  static Optional<RetryConfig> read(MapReader load) {
    return load.map("retry").map(RetrySpec::policy);
  }

  private static RetryConfig policy(MapReader retry) {
    RetryConfig config = new RetryConfig();
    config.tries = retry.count("tries", "3", "2..1000");
    config.tryTimeoutNs = retry.durationNs("tryTimeout", "0s", RANGE);
    config.backoffNs = retry.durationNs("backoff", "100ms", RANGE);
    config.factor = retry.count("factor", "2", "1..100");
    config.maxBackoffNs = retry.durationNs("maxBackoff", "10s", RANGE);
    config.jitter = retry.oneOf("jitter", RetryConfig.Jitter.FULL, RetryConfig.Jitter.class);
    config.budgetPerThousand = budget(retry);
    config.budgetBurst = retry.count("budgetBurst", "10", "1..1000000");
    Set<On> on = retry.setOf("on", EnumSet.allOf(On.class), On.class);
    config.onError = on.contains(On.ERROR);
    config.onTimeout = on.contains(On.TIMEOUT);
    config.onStatus = on.contains(On.STATUS);
    config.posts = retry.flag("posts", false);
    if (config.maxBackoffNs < config.backoffNs) {
      retry.problem("maxBackoff", "is less than backoff");
    }
    if (on.isEmpty()) {
      retry.problem("on", "nothing would be tried again; leave retry out instead");
    }
    if (config.budgetPerThousand < 0 && retry.has("budgetBurst")) {
      retry.problem("budgetBurst", "there is no budget that could be saved up; give budget");
    }
    retry.finish();
    return config;
  }

  private static int budget(MapReader retry) {
    if (!retry.has("budget") || retry.text("budget").equals(NO_BUDGET)) {
      retry.word("budget", NO_BUDGET, java.util.List.of(NO_BUDGET));
      return -1;
    }
    return (int) StrictMath.round(THOUSAND * retry.share("budget", "20%", "0%..100%"));
  }
}
